import { type Kysely, sql } from 'kysely';
import type { RestFileCounts, RestVectorStore } from '../../../wire/vectorStore.ts';
import { unixSeconds } from '../../clock.ts';
import type { StoreDialect } from '../dialect.ts';
import type { Tenant } from '../../tenant.ts';
import type { Ownership } from './ownership.ts';
import { isInRange, readPage } from './paging.ts';
import { positionsIn } from './positions.ts';
import type { Tables } from './tables.ts';
import type { VectorStoreWrites } from '../access/vectorStores.ts';

type StoredVectorStore = Omit<RestVectorStore, 'file_counts' | 'usage_bytes' | 'status'>;

export const noFiles: RestFileCounts = { in_progress: 0, completed: 0, failed: 0, cancelled: 0, total: 0 };

/** How many files are in each status. */
export const fileCountsOf = (rows: readonly { status: string; count: number }[]): RestFileCounts => {
  const total = rows.reduce((sum, { count }) => sum + count, 0);
  return { ...noFiles, ...Object.fromEntries(rows.map(({ status, count }) => [status, count])), total };
};

const statusOf = ({ expires_at: expiresAt }: StoredVectorStore, counts: RestFileCounts): RestVectorStore['status'] => {
  if (typeof expiresAt === 'number' && expiresAt <= unixSeconds()) return 'expired';
  return counts.in_progress > 0 ? 'in_progress' : 'completed';
};

const columnsOf = ({ file_counts: _counts, usage_bytes: _bytes, status: _status, ...stored }: RestVectorStore) => ({
  object: JSON.stringify(stored),
  expires_at: stored.expires_at ?? null,
});

const read = ({ object }: { object: string }) => JSON.parse(object) as StoredVectorStore;

export const vectorStoreRows = (
  db: Kysely<Tables>,
  dialect: StoreDialect,
  tenant: Tenant | undefined,
  owned: Ownership,
): VectorStoreWrites => {
  const { isOwn } = owned;
  const positions = positionsIn(db, dialect, 'vector_stores', owned);
  const shown = async (stored: StoredVectorStore[]): Promise<RestVectorStore[]> => {
    if (stored.length === 0) return [];
    const rows = await db
      .selectFrom('vector_store_files')
      .select(['store_id', 'status', sql<number>`count(*)`.as('count'), sql<number>`sum(usage_bytes)`.as('bytes')])
      .where(
        'store_id',
        'in',
        stored.map(({ id }) => id),
      )
      .groupBy(['store_id', 'status'])
      .execute();
    return stored.map((each) => {
      const own = rows.filter(({ store_id }) => store_id === each.id);
      const counts = fileCountsOf(own);
      return {
        ...each,
        usage_bytes: own.reduce((sum, { bytes }) => sum + bytes, 0),
        file_counts: counts,
        status: statusOf(each, counts),
      };
    });
  };
  const select = (vectorStoreId: string) =>
    db.selectFrom('vector_stores').select('object').where('id', '=', vectorStoreId).where(isOwn());
  const lock = async (vectorStoreId: string) => {
    const row = await dialect.locking(select(vectorStoreId), ['vector_stores']).executeTakeFirst();
    return row && (await shown([read(row)]))[0];
  };
  return {
    get: async (vectorStoreId) => {
      const row = await select(vectorStoreId).executeTakeFirst();
      return row && (await shown([read(row)]))[0];
    },

    lock,

    list: (page) =>
      readPage(page, positions.of, async (range) => {
        const rows = await db
          .selectFrom('vector_stores')
          .select('object')
          .where(isOwn())
          .where(isInRange(range))
          .orderBy('seq', range.direction)
          .limit(range.limit)
          .execute();
        return shown(rows.map(read));
      }),

    insert: async (vectorStore) => {
      await positions.lockEnd(tenant);
      await db
        .insertInto('vector_stores')
        .values({ id: vectorStore.id, tenant, ...columnsOf(vectorStore) })
        .execute();
    },

    update: async (vectorStore) => {
      await db
        .updateTable('vector_stores')
        .set(columnsOf(vectorStore))
        .where('id', '=', vectorStore.id)
        .where(isOwn())
        .execute();
    },

    remove: async (vectorStoreId) => {
      if ((await lock(vectorStoreId)) === undefined) return false;
      const removed = await db
        .deleteFrom('vector_stores')
        .where('id', '=', vectorStoreId)
        .where(isOwn())
        .returning(['id', 'seq', 'tenant'])
        .executeTakeFirst();
      if (removed === undefined) return false;
      await positions.keep(removed);
      return true;
    },
  };
};
