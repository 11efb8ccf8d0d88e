import { type Kysely, sql } from 'kysely';
import type { RestVectorStoreFile, RestVectorStoreFileStatus } from '../../../wire/vectorStore.ts';
import { unixSeconds } from '../../clock.ts';
import type { Tables } from './tables.ts';
import type { FileBatchWrites } from '../access/fileBatches.ts';
import type { IngestionJob, IngestionWrites } from '../access/ingestion.ts';

interface WaitingRow extends Omit<IngestionJob, 'file'> {
  object: string;
}

/** Statuses of files whose text searches may find. */
const wanted = new Set(['in_progress', 'completed']);

/** The jobs that index files, of all tenants. */
export const ingestionRows = (db: Kysely<Tables>, batches: FileBatchWrites): IngestionWrites => {
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

  const claimedJob = (entry: number, attempt: number) =>
    db
      .updateTable('vector_store_files')
      .where('seq', '=', entry)
      .where('work_after', 'is not', null)
      .where('attempts', '=', attempt);

  return {
    waiting: async (now, perTenant) => {
      const { rows } = await sql<WaitingRow>`
      select entry, object, filename, tenant, sha256 from (
        select f.seq as entry, f.object as object, files.object ->> '$.filename' as filename, v.tenant as tenant,
          files.sha256 as sha256, f.work_after as work_after,
          row_number() over (partition by v.tenant order by f.work_after, f.seq) as place
        from vector_store_files as f
          join vector_stores as v on v.id = f.store_id join files on files.id = f.file_id
        where f.work_after <= ${now})
      where place <= ${perTenant} order by place, work_after, entry`.execute(db);
      return rows.map(({ object, ...row }) => ({ ...row, file: JSON.parse(object) as RestVectorStoreFile }));
    },

    claim: async (entry, now, until) => {
      const claimed = await db
        .updateTable('vector_store_files')
        .set({ attempts: sql`attempts + 1`, work_after: until })
        .where('seq', '=', entry)
        .where('work_after', '<=', now)
        .returning('attempts')
        .executeTakeFirst();
      return claimed?.attempts;
    },

    renew: async (entry, attempt, until) => {
      await claimedJob(entry, attempt).set({ work_after: until }).execute();
    },

    release: async (entry, attempt, now) => {
      await claimedJob(entry, attempt)
        .set({ attempts: attempt - 1, work_after: now })
        .execute();
    },

    finish: async (entry, attempt, outcome) => {
      const row = await db
        .selectFrom('vector_store_files')
        .select(['object', 'batch_id', 'status', 'attempts', 'work_after'])
        .where('seq', '=', entry)
        .executeTakeFirst();
      if (row === undefined || !wanted.has(row.status)) return 'unwanted';
      if (row.work_after === null || row.attempts !== attempt) return 'superseded';
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
      return 'stored';
    },

    requeue: async (entry, workAfter) => {
      await db
        .updateTable('vector_store_files')
        .set({
          object: sql`json_set(object, '$.status', 'in_progress')`,
          status: 'in_progress',
          work_after: workAfter,
        })
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
        .limit(limit)
        .execute();
      return rows.map(({ id }) => id);
    },

    clear: async (vectorStoreId) => {
      await db.deleteFrom('vector_store_files').where('store_id', '=', vectorStoreId).execute();
    },
  };
};
