import { type Kysely, sql } from 'kysely';
import type { RestVectorStoreFileBatch } from '../../../wire/vectorStore.ts';
import type { Ownership } from './ownership.ts';
import type { Tables } from './tables.ts';
import type { FileBatchWrites } from '../access/fileBatches.ts';
import { fileCountsOf } from './vectorStores.ts';

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
    // Once it has ended, it has the counts of its end; before, only the total.
    if (stored.status !== 'in_progress') return stored;
    const counts = await db
      .selectFrom('vector_store_files')
      .select(['status', sql<number>`count(*)`.as('count')])
      .where('batch_id', '=', batchId)
      .groupBy('status')
      .execute();
    const live = fileCountsOf(counts);
    const { total } = stored.file_counts;
    // Files that were removed in the meantime are not processed any more.
    const file_counts = { ...live, cancelled: live.cancelled + total - live.total, total };
    return { ...stored, file_counts, status: live.in_progress > 0 ? 'in_progress' : 'completed' };
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
