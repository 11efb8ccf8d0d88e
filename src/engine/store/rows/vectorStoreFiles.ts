import { type Kysely, sql } from 'kysely';
import type { RestVectorStoreFile } from '../../../wire/vectorStore.ts';
import type { CommittedChanges } from '../changeNotifier.ts';
import type { Ownership } from './ownership.ts';
import { isInRange, readPage } from './paging.ts';
import type { Tables } from './tables.ts';
import type { VectorStoreEntry, VectorStoreFileFilter, VectorStoreFileWrites } from '../access/vectorStoreFiles.ts';

const read = ({ object }: { object: string }): RestVectorStoreFile => JSON.parse(object) as RestVectorStoreFile;

const readEntry = (row: { entry: number; object: string; filename: string }): VectorStoreEntry => ({
  entry: row.entry,
  file: read(row),
  filename: row.filename,
});

export const vectorStoreFileRows = (
  db: Kysely<Tables>,
  changes: CommittedChanges,
  { ownVectorStore }: Ownership,
): VectorStoreFileWrites => {
  const files = (vectorStoreId: string) =>
    db.selectFrom('vector_store_files').where('store_id', '=', ownVectorStore(vectorStoreId));

  const entries = db
    .selectFrom('vector_store_files as f')
    .innerJoin('files', 'files.id', 'f.file_id')
    .select(['f.seq as entry', 'f.object as object', sql<string>`files.object ->> '$.filename'`.as('filename')]);

  const update = async (file: RestVectorStoreFile) => {
    await db
      .updateTable('vector_store_files')
      .set({ object: JSON.stringify(file), status: file.status, usage_bytes: file.usage_bytes })
      .where('store_id', '=', ownVectorStore(file.vector_store_id))
      .where('file_id', '=', file.id)
      .execute();
  };

  const filtered = (vectorStoreId: string, { status, batchId }: VectorStoreFileFilter) =>
    files(vectorStoreId)
      .$if(status !== undefined, (query) => query.where('status', '=', status ?? ''))
      .$if(batchId !== undefined, (query) => query.where('batch_id', '=', batchId ?? ''));

  return {
    get: async (vectorStoreId, fileId) => {
      const row = await entries
        .where('f.store_id', '=', ownVectorStore(vectorStoreId))
        .where('f.file_id', '=', fileId)
        .executeTakeFirst();
      return row && readEntry(row);
    },

    list: (vectorStoreId, page, filter) =>
      readPage(
        page,
        async (id) => {
          const row =
            (await files(vectorStoreId).select('seq').where('file_id', '=', id).executeTakeFirst()) ??
            (await db
              .selectFrom('deleted_vector_store_files')
              .select('seq')
              .where('store_id', '=', ownVectorStore(vectorStoreId))
              .where('file_id', '=', id)
              .executeTakeFirst());
          return row?.seq;
        },
        async (range) => {
          const rows = await filtered(vectorStoreId, filter)
            .select('object')
            .where(isInRange(range))
            .orderBy('seq', range.direction)
            .limit(range.limit)
            .execute();
          return rows.map(read);
        },
      ),

    ofEntries: async (found) => {
      if (found.length === 0) return [];
      const rows = await entries
        .where('f.seq', 'in', found)
        .where('f.store_id', '=', ownVectorStore(sql.ref<string>('f.store_id')))
        .execute();
      return rows.map(readEntry);
    },

    attributesAfter: async (vectorStoreId, after, limit) => {
      const rows = await files(vectorStoreId)
        .select(['seq as entry', sql<string | null>`object -> '$.attributes'`.as('attributes')])
        .where('seq', '>', after)
        .orderBy('seq')
        .limit(limit)
        .execute();
      return rows.map(({ entry, attributes }) => ({
        entry,
        attributes: (JSON.parse(attributes ?? 'null') ?? {}) as Record<string, string | number | boolean>,
      }));
    },

    count: async (vectorStoreId) => {
      const row = await files(vectorStoreId).select(sql<number>`count(*)`.as('count')).executeTakeFirst();
      return row?.count ?? 0;
    },

    isInProgress: async (vectorStoreId) => {
      const row = await files(vectorStoreId)
        .select('seq')
        .where('status', '=', 'in_progress')
        .limit(1)
        .executeTakeFirst();
      return row !== undefined;
    },

    insert: async (file, batchId) => {
      await db
        .deleteFrom('vector_store_files')
        .where('store_id', '=', ownVectorStore(file.vector_store_id))
        .where('file_id', '=', file.id)
        .execute();
      await db
        .insertInto('vector_store_files')
        .values({
          object: JSON.stringify(file),
          store_id: ownVectorStore(file.vector_store_id),
          file_id: file.id,
          batch_id: batchId,
          status: file.status,
          usage_bytes: file.usage_bytes,
          work_after: Date.now(),
        })
        .execute();
      changes.fileWaiting = true;
    },

    update,

    remove: async (vectorStoreId, fileId) => {
      const { numDeletedRows } = await db
        .deleteFrom('vector_store_files')
        .where('store_id', '=', ownVectorStore(vectorStoreId))
        .where('file_id', '=', fileId)
        .executeTakeFirst();
      if (numDeletedRows > 0n) changes.fileWaiting = true;
      return numDeletedRows > 0n;
    },

    cancelBatch: async (vectorStoreId, batchId) => {
      await db
        .updateTable('vector_store_files')
        .set({
          status: 'cancelled',
          object: sql`json_set(object, '$.status', 'cancelled')`,
          work_after: null,
        })
        .where('store_id', '=', ownVectorStore(vectorStoreId))
        .where('batch_id', '=', batchId)
        .where('status', '=', 'in_progress')
        .execute();
      changes.fileWaiting = true;
    },
  };
};
