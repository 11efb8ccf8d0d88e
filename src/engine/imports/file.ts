import { z } from 'zod';
import { base, importedTime, type ImportKind } from './kind.ts';

export const fileImport: ImportKind = {
  object: 'file',
  table: 'files',
  schema: z.looseObject({
    ...base,
    bytes: z.number().int().nonnegative(),
    filename: z.string(),
    purpose: z.string(),
    expires_at: importedTime,
  }),
};
