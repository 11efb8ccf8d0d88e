import { z } from 'zod';
import { base, importedId, type ImportedObject, type ImportKind } from './kind.ts';
import { unionByType } from './unionByType.ts';

const strategy = unionByType({
  static: z.looseObject({
    static: z.looseObject({
      max_chunk_size_tokens: z.number().int().positive(),
      chunk_overlap_tokens: z.number().int().nonnegative(),
    }),
  }),
});

/** Whether the engine has to index the file: what failed or was cancelled at another server stays as it is. */
export const isToBeIndexed = ({ status }: Record<string, unknown>): boolean =>
  status !== 'failed' && status !== 'cancelled';

/**
 * A file in a vector store. What the other server has indexed is indexed again here, and until then in progress. A server's own
 * result does not make it another object: the index of the same file may take other bytes.
 */
export const vectorStoreFileImport: ImportKind = {
  object: 'vector_store.file',
  table: 'vector_store_files',
  parents: [
    { table: 'vector_stores', member: 'vector_store_id', noun: 'vector store' },
    { table: 'files', member: 'id', noun: 'file' },
  ],
  schema: z.looseObject({
    ...base,
    vector_store_id: importedId,
    status: z.string(),
    attributes: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).nullish(),
    chunking_strategy: strategy.nullish(),
  }),
  stored: (file): ImportedObject =>
    isToBeIndexed(file) ? { ...file, status: 'in_progress', usage_bytes: 0, last_error: null } : file,
  compared: (file): ImportedObject => ({ ...file, status: null, usage_bytes: null, last_error: null }),
};
