import { type Kysely, sql } from 'kysely';
import type { RestVectorStoreFile, RestVectorStoreFileStatus } from '../../../wire/vectorStore.ts';
import { unixSeconds } from '../../clock.ts';
import type { StoreDialect } from '../dialect.ts';
import type { Tables } from './tables.ts';
import type { FileBatchWrites } from '../access/fileBatches.ts';
import type { IngestionJob, IngestionWrites } from '../access/ingestion.ts';
import { filenameIn, readStoreFile } from './vectorStoreFiles.ts';

/** How many waiting files are read at once, of all tenants together. */
const mostWaiting = 200;

/** The entries at each of the first places in the queues of `tenants`; null where a queue is shorter. SQLite accepts no column as an offset. */
const jobsAtPlaces = (now: number, count: number) =>
  sql.join(
    Array.from(
      { length: count },
      (_, place) => sql`
        select (select f.seq from vector_store_files as f where f.tenant = tenants.tenant and f.work_after <= ${now}
          order by f.work_after, f.seq limit 1 offset ${sql.lit(place)}), ${sql.lit(place)} from tenants`,
    ),
    sql` union all `,
  );

/** The jobs that index files, of all tenants. */
export const ingestionRows = (db: Kysely<Tables>, dialect: StoreDialect, batches: FileBatchWrites): IngestionWrites => {
  /** Keeps the counts of a batch once all its files are processed: later changes of its store are none of it. */
  const endBatch = async (vectorStoreId: string, batchId: string | null) => {
    if (batchId === null) return;
    const open = await db
      .selectFrom('vector_store_files')
      .select('seq')
      .where('batch_id', '=', batchId)
      .where('status', '=', 'in_progress')
      .limit(1)
      .executeTakeFirst();
    const batch = open === undefined ? await batches.get(vectorStoreId, batchId) : undefined;
    if (batch !== undefined) await batches.update(batch);
  };

  /**
   * The entries of waiting files in their order. They are looked up in an index for each tenant, so that the cost does not grow with the
   * files that wait.
   */
  const waitingEntries = async (now: number, perTenant: number) => {
    const { rows } = await sql<{ entry: number }>`
      with recursive tenants(tenant) as (
        select min(tenant) from vector_store_files where work_after is not null
        union all
        select (select min(f.tenant) from vector_store_files as f
          where f.work_after is not null and f.tenant > tenants.tenant)
        from tenants where tenants.tenant is not null
      ),
      jobs(entry, place) as (${jobsAtPlaces(now, perTenant)})
      select entry from jobs where entry is not null
      order by place, (select f.work_after from vector_store_files as f where f.seq = jobs.entry), entry limit ${sql.lit(mostWaiting)}`.execute(
      db,
    );
    return rows.map(({ entry }) => entry);
  };

  return {
    waiting: async (now, perTenant) => {
      const entries = await waitingEntries(now, perTenant);
      if (entries.length === 0) return [];
      const rows = await db
        .selectFrom('vector_store_files as f')
        .innerJoin('vector_stores as v', 'v.id', 'f.store_id')
        .innerJoin('files', 'files.id', 'f.file_id')
        .select(['f.seq as entry', 'f.object as object', 'f.status as status', 'f.attempts as attempts'])
        .select(['files.object as fileObject', 'files.sha256 as sha256', 'v.tenant as tenant'])
        .where('f.seq', 'in', entries)
        .execute();
      const jobs = new Map(
        rows.map(({ object, status, fileObject, ...row }): [number, IngestionJob] => [
          row.entry,
          { ...row, file: readStoreFile({ object, status }), filename: filenameIn(fileObject) },
        ]),
      );
      return entries.flatMap((entry) => jobs.get(entry) ?? []);
    },

    start: async (entry, now, until) => {
      const { numUpdatedRows } = await db
        .updateTable('vector_store_files')
        .set({ attempts: sql`attempts + 1`, ...(dialect.isShared && { work_after: until }) })
        .where('seq', '=', entry)
        .where('work_after', '<=', now)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },

    renew: async (entry, until) => {
      if (!dialect.isShared) return;
      await db
        .updateTable('vector_store_files')
        .set({ work_after: until })
        .where('seq', '=', entry)
        .where('work_after', 'is not', null)
        .execute();
    },

    release: async (entry, now) => {
      await db
        .updateTable('vector_store_files')
        .set({ attempts: sql`attempts - 1`, ...(dialect.isShared && { work_after: now }) })
        .where('seq', '=', entry)
        .where('attempts', '>', 0)
        .where('work_after', 'is not', null)
        .execute();
    },

    finish: async (entry, outcome) => {
      await dialect
        .locking(db.selectFrom('vector_stores').select('seq'), ['vector_stores'])
        .where('id', '=', (store) => store.selectFrom('vector_store_files').select('store_id').where('seq', '=', entry))
        .execute();
      const row = await db
        .selectFrom('vector_store_files')
        .select(['object', 'batch_id', 'status', 'work_after'])
        .where('seq', '=', entry)
        .executeTakeFirst();
      if (row === undefined) return false;
      if (row.work_after === null) return row.status === 'completed'; // by another process
      const file = { ...(JSON.parse(row.object) as RestVectorStoreFile), ...outcome };
      await db
        .updateTable('vector_store_files')
        .set({
          object: JSON.stringify(file),
          status: file.status,
          usage_bytes: file.usage_bytes,
          work_after: null,
          attempts: 0,
        })
        .where('seq', '=', entry)
        .execute();
      await endBatch(file.vector_store_id, row.batch_id);
      return true;
    },

    requeue: async (entry, workAfter) => {
      await db
        .updateTable('vector_store_files')
        .set({ status: 'in_progress', work_after: workAfter })
        .where('seq', '=', entry)
        .where('status', 'in', ['in_progress', 'completed'])
        .execute();
    },

    isWaiting: async (entry) => {
      const row = await db
        .selectFrom('vector_store_files')
        .select('seq')
        .where('seq', '=', entry)
        .where('work_after', 'is not', null)
        .executeTakeFirst();
      return row !== undefined;
    },

    entriesAfter: async (after, limit) => {
      const rows = await db
        .selectFrom('vector_store_files')
        .select(['seq as entry', 'store_id as vectorStoreId', 'file_id as fileId', 'status'])
        .where('seq', '>', after)
        .orderBy('seq')
        .limit(limit)
        .execute();
      return rows.map((row) => ({ ...row, status: row.status as RestVectorStoreFileStatus }));
    },

    removed: async (limit) => {
      const rows = await db.selectFrom('removed_entries').select('entry').orderBy('entry').limit(limit).execute();
      return rows.map(({ entry }) => entry);
    },

    forgetRemoved: async (entries) => {
      if (entries.length > 0) await db.deleteFrom('removed_entries').where('entry', 'in', entries).execute();
    },

    expired: async (now, limit) => {
      const rows = await db
        .selectFrom('vector_stores')
        .select('id')
        .where('expires_at', '<=', unixSeconds(now))
        .where((eb) =>
          eb.exists(
            eb
              .selectFrom('vector_store_files')
              .select('seq')
              .whereRef('vector_store_files.store_id', '=', 'vector_stores.id'),
          ),
        )
        .orderBy('id')
        .limit(limit)
        .execute();
      return rows.map(({ id }) => id);
    },

    clear: async (vectorStoreId) => {
      await dialect
        .locking(db.selectFrom('vector_stores').select('seq'), ['vector_stores'])
        .where('id', '=', vectorStoreId)
        .execute();
      await db.deleteFrom('vector_store_files').where('store_id', '=', vectorStoreId).execute();
    },
  };
};
