import { type Kysely, sql } from 'kysely';
import type { RestFile } from '../../../wire/file.ts';
import { unixSeconds } from '../../clock.ts';
import { DEFAULT_TENANT, type Tenant } from '../../tenant.ts';
import type { StoreDialect } from '../dialect.ts';
import { fileUsageRows } from './fileUsage.ts';
import type { Ownership } from './ownership.ts';
import { isInRange, readPage } from './paging.ts';
import { positionsIn } from './positions.ts';
import { statementChunks } from './statementChunks.ts';
import type { FileWorkerWrites, StoredFile } from '../access/files.ts';
import type { Tables } from './tables.ts';

const read = ({ object }: { object: string }): RestFile => JSON.parse(object) as RestFile;

/** Of files that have not expired. Those that have are deleted by a sweep, and nobody sees them until then. */
const isAlive = () => sql<boolean>`(expires_at is null or expires_at > ${unixSeconds()})`;

export const fileRows = (
  db: Kysely<Tables>,
  dialect: StoreDialect,
  tenant: Tenant = DEFAULT_TENANT,
  owned: Ownership,
): FileWorkerWrites => {
  const { isOwn } = owned;
  const positions = positionsIn(db, dialect, 'files', owned);
  const usage = fileUsageRows(db, dialect, tenant);

  /** The file leaves its vector stores, and these are locked before what is in them. */
  const lockVectorStoresOf = (fileId: string) =>
    dialect
      .locking(db.selectFrom('vector_stores').select('seq'), ['vector_stores'])
      .where('id', 'in', (stores) =>
        stores.selectFrom('vector_store_files').select('store_id').where('file_id', '=', fileId),
      )
      .orderBy('id')
      .execute();

  return {
    get: async (fileId) => {
      const row = await db
        .selectFrom('files')
        .select(['object', 'sha256'])
        .where('id', '=', fileId)
        .where(isOwn())
        .where(isAlive())
        .executeTakeFirst();
      return row && { file: read(row), sha256: row.sha256 };
    },

    getAll: async (fileIds) => {
      const found: StoredFile[] = [];
      for (const chunk of statementChunks(fileIds)) {
        const rows = await db
          .selectFrom('files')
          .select(['object', 'sha256'])
          .where('id', 'in', chunk)
          .where(isOwn())
          .where(isAlive())
          .execute();
        found.push(...rows.map((row) => ({ file: read(row), sha256: row.sha256 })));
      }
      return found;
    },

    list: (page, purpose) =>
      readPage(page, positions.of, async (range) => {
        const rows = await db
          .selectFrom('files')
          .select('object')
          .where(isOwn())
          .where(isAlive())
          .$if(purpose !== undefined, (files) => files.where('purpose', '=', purpose ?? ''))
          .where(isInRange(range))
          .orderBy('seq', range.direction)
          .limit(range.limit)
          .execute();
        return rows.map(read);
      }),

    insert: async (file, sha256) => {
      const { id, purpose, bytes, expires_at } = file;
      await positions.lockEnd(tenant);
      await db
        .insertInto('files')
        .values({ id, tenant, object: JSON.stringify(file), purpose, sha256, bytes, expires_at: expires_at ?? null })
        .execute();
      await usage.add(tenant, bytes);
    },

    remove: async (fileId): Promise<StoredFile | undefined> => {
      await lockVectorStoresOf(fileId);
      const removed = await db
        .deleteFrom('files')
        .where('id', '=', fileId)
        .where(isOwn())
        .returning(['id', 'seq', 'tenant', 'object', 'sha256', 'bytes'])
        .executeTakeFirst();
      if (removed === undefined) return undefined;
      const { id, seq, tenant: owner, sha256, bytes } = removed;
      await usage.add(owner, -bytes);
      await positions.keep({ id, seq, tenant: owner });
      return { file: read(removed), sha256 };
    },

    storedBytes: usage.read,

    lockStoredBytes: usage.lock,

    isReferenced: async (sha256) => {
      const found =
        (await db.selectFrom('files').select('id').where('sha256', '=', sha256).limit(1).executeTakeFirst()) ??
        (await db.selectFrom('upload_parts').select('id').where('sha256', '=', sha256).limit(1).executeTakeFirst());
      return found !== undefined;
    },

    expired: async (now, limit) => {
      const rows = await db
        .selectFrom('files')
        .select('id')
        .where('expires_at', '<=', unixSeconds(now))
        .orderBy('expires_at')
        .limit(limit)
        .execute();
      return rows.map(({ id }) => id);
    },
  };
};
