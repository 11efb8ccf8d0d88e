import { type Kysely, sql } from 'kysely';
import type { RestFile } from '../../../wire/file.ts';
import type { RestVectorStoreFile, RestVectorStoreFileStatus } from '../../../wire/vectorStore.ts';
import type { CommittedChanges } from '../changeNotifier.ts';
import type { Ownership } from './ownership.ts';
import { isInRange, readPage } from './paging.ts';
import type { Tables } from './tables.ts';
import type { VectorStoreEntry, VectorStoreFileFilter, VectorStoreFileWrites } from '../access/vectorStoreFiles.ts';

/** A file in a vector store, whose status is that of the row: `object` has an earlier one after a cancellation. */
export const readStoreFile = ({ object, status }: { object: string; status: string }): RestVectorStoreFile => ({
  ...(JSON.parse(object) as RestVectorStoreFile),
  status: status as RestVectorStoreFileStatus,
});

/** The name in a row of `files`. */
export const filenameIn = (fileObject: string): string => (JSON.parse(fileObject) as RestFile).filename;

const readEntry = (row: { entry: number; object: string; status: string; file: string }): VectorStoreEntry => ({
  entry: row.entry,
  file: readStoreFile(row),
  filename: filenameIn(row.file),
});

export const vectorStoreFileRows = (
  db: Kysely<Tables>,
  changes: CommittedChanges,
  { ownVectorStore }: Ownership,
): VectorStoreFileWrites => {
  const files = (vectorStoreId: string) =>
    db.selectFrom('vector_store_files').where('store_id', '=', ownVectorStore(vectorStoreId));

  const entries = () =>
    db
      .selectFrom('vector_store_files as f')
      .innerJoin('files', 'files.id', 'f.file_id')
      .select(['f.seq as entry', 'f.object as object', 'f.status as status', 'files.object as file']);

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
      const row = await entries()
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
            .select(['object', 'status'])
            .where(isInRange(range))
            .orderBy('seq', range.direction)
            .limit(range.limit)
            .execute();
          return rows.map(readStoreFile);
        },
      ),

    ofEntries: async (found) => {
      if (found.length === 0) return [];
      const rows = await entries()
        .where('f.seq', 'in', found)
        .where('f.store_id', '=', ownVectorStore(sql.ref<string>('f.store_id')))
        .execute();
      return rows.map(readEntry);
    },

    attributesAfter: async (vectorStoreId, after, limit) => {
      const rows = await files(vectorStoreId)
        .select(['seq as entry', 'object'])
        .where('seq', '>', after)
        .orderBy('seq')
        .limit(limit)
        .execute();
      return rows.map(({ entry, object }) => ({
        entry,
        attributes: (JSON.parse(object) as RestVectorStoreFile).attributes ?? {},
      }));
    },

    count: async (vectorStoreId) => {
      const row = await files(vectorStoreId)
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .executeTakeFirst();
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
          tenant: sql<string>`(select tenant from vector_stores where id = ${file.vector_store_id})`,
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
        .set({ status: 'cancelled', work_after: null })
        .where('store_id', '=', ownVectorStore(vectorStoreId))
        .where('batch_id', '=', batchId)
        .where('status', '=', 'in_progress')
        .execute();
      changes.fileWaiting = true;
    },
  };
};
