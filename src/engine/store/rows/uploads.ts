import { type Kysely, sql } from 'kysely';
import type { RestUpload } from '../../../wire/upload.ts';
import { unixSeconds } from '../../clock.ts';
import { DEFAULT_TENANT, type Tenant } from '../../tenant.ts';
import { fileUsageRows } from './fileUsage.ts';
import type { UploadWorkerWrites } from '../access/uploads.ts';
import type { StoreDialect } from '../dialect.ts';
import type { Ownership } from './ownership.ts';
import type { Tables } from './tables.ts';

/** How long ended uploads are kept after their time, in seconds, so that later requests get an error that says how they ended. */
const keptSeconds = 24 * 60 * 60;

const read = (row: { object: string; expires_after: number | null } | undefined) =>
  row && { upload: JSON.parse(row.object) as RestUpload, expiresAfterSeconds: row.expires_after ?? undefined };

export const uploadRows = (
  db: Kysely<Tables>,
  dialect: StoreDialect,
  tenant: Tenant = DEFAULT_TENANT,
  { isOwn }: Ownership,
): UploadWorkerWrites => {
  const usage = fileUsageRows(db, dialect, tenant);
  const select = (uploadId: string) =>
    db.selectFrom('uploads').select(['object', 'expires_after']).where('id', '=', uploadId).where(isOwn());
  return {
    get: async (uploadId) => read(await select(uploadId).executeTakeFirst()),
    lock: async (uploadId) => read(await dialect.locking(select(uploadId), ['uploads']).executeTakeFirst()),

    parts: (uploadId) =>
      db
        .selectFrom('upload_parts')
        .select(['id', 'sha256', 'bytes'])
        .where('upload_id', '=', uploadId)
        .where(isOwn())
        .orderBy('seq')
        .execute(),

    countParts: async (uploadId) => {
      const { count } = await db
        .selectFrom('upload_parts')
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .where('upload_id', '=', uploadId)
        .where(isOwn())
        .executeTakeFirstOrThrow();
      return count;
    },

    insert: async ({ upload, expiresAfterSeconds }) => {
      await db
        .deleteFrom('uploads')
        .where('expires_at', '<=', unixSeconds() - keptSeconds)
        .where('pending', '=', 0)
        .execute();
      const { id, expires_at } = upload;
      await db
        .insertInto('uploads')
        .values({
          id,
          tenant,
          object: JSON.stringify(upload),
          expires_after: expiresAfterSeconds ?? null,
          pending: 1,
          expires_at,
        })
        .execute();
    },

    insertPart: async (uploadId, { id, sha256, bytes }) => {
      // Of an upload of the tenant; for any other, the column is null, which is not allowed.
      const own = sql<string>`(select id from uploads where id = ${uploadId} and ${isOwn()})`;
      await db.insertInto('upload_parts').values({ id, upload_id: own, tenant, sha256, bytes }).execute();
      await usage.add(tenant, bytes);
    },

    end: async (upload) => {
      const ended = await db
        .updateTable('uploads')
        .set({ object: JSON.stringify(upload), pending: 0 })
        .where('id', '=', upload.id)
        .where(isOwn())
        .returning('tenant')
        .executeTakeFirst();
      if (ended === undefined) return [];
      const parts = await db
        .deleteFrom('upload_parts')
        .where('upload_id', '=', upload.id)
        .returning(['sha256', 'bytes'])
        .execute();
      await usage.add(ended.tenant, -parts.reduce((sum, { bytes }) => sum + bytes, 0));
      return parts.map(({ sha256 }) => sha256);
    },

    expired: async (now, limit) => {
      const seconds = unixSeconds(now);
      const rows = await db
        .selectFrom('uploads')
        .select('id')
        .where('expires_at', '<=', seconds)
        .where('pending', '=', 1)
        .orderBy('expires_at')
        .limit(limit)
        .execute();
      return rows.map(({ id }) => id);
    },
  };
};
