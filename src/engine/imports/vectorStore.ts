import { z } from 'zod';
import { withoutFileTotals } from '../../wire/vectorStore.ts';
import { base, type ImportedObject, importedTime, type ImportKind } from './kind.ts';

export const vectorStoreImport: ImportKind = {
  object: 'vector_store',
  table: 'vector_stores',
  schema: z.looseObject({
    ...base,
    name: z.string().nullish(),
    expires_after: z.looseObject({ days: z.number().int().positive() }).nullish(),
    expires_at: importedTime,
    last_active_at: importedTime,
  }),
  stored: withoutFileTotals,
  // Its use moves these.
  compared: (vectorStore): ImportedObject => ({ ...vectorStore, last_active_at: null, expires_at: null }),
};
