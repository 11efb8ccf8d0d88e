import { type Kysely, sql } from 'kysely';
import type { RestFileCounts, RestVectorStoreFileBatch } from '../../wire/vectorStore.ts';
import type { Ownership } from './ownership.ts';
import type { Tables } from './tables.ts';
import type { FileBatchWrites } from './vectorStoreAccess.ts';
import { fileCountsOf } from './vectorStores.ts';

/** The counts as stored: those of the end, or before it only the total. */
const countsNow = (stored: RestVectorStoreFileBatch, live: RestFileCounts): RestFileCounts => {
  if (stored.status !== 'in_progress') return stored.file_counts;
  const { total } = stored.file_counts;
  // Files that were removed in the meantime are not processed any more.
  return { ...live, cancelled: live.cancelled + total - live.total, total };
};

export const fileBatchRows = (db: Kysely<Tables>, { ownVectorStore }: Ownership): FileBatchWrites => ({
  get: async (vectorStoreId, batchId) => {
    const row = await db
      .selectFrom('vector_store_batches')
      .select('object')
      .where('id', '=', batchId)
      .where('store_id', '=', ownVectorStore(vectorStoreId))
      .executeTakeFirst();
    if (row === undefined) return undefined;
    const stored = JSON.parse(row.object) as RestVectorStoreFileBatch;
    const counts = await db
      .selectFrom('vector_store_files')
      .select(['status', sql<number>`count(*)`.as('count')])
      .where('batch_id', '=', batchId)
      .groupBy('status')
      .execute();
    const file_counts = countsNow(stored, fileCountsOf(counts));
    const isOpen = stored.status === 'in_progress' && file_counts.in_progress > 0;
    return { ...stored, file_counts, status: stored.status === 'in_progress' && !isOpen ? 'completed' : stored.status };
  },

  insert: async (batch) => {
    const { id, vector_store_id } = batch;
    await db
      .insertInto('vector_store_batches')
      .values({ id, store_id: ownVectorStore(vector_store_id), object: JSON.stringify(batch) })
      .execute();
  },

  update: async (batch) => {
    await db
      .updateTable('vector_store_batches')
      .set({ object: JSON.stringify(batch) })
      .where('id', '=', batch.id)
      .where('store_id', '=', ownVectorStore(batch.vector_store_id))
      .execute();
  },
});
