import { z } from 'zod';
import { withoutThreadUsage } from '../../wire/thread.ts';
import { base, type ImportKind } from './kind.ts';

export const threadImport: ImportKind = {
  object: 'thread',
  table: 'threads',
  schema: z.looseObject({ ...base, tool_resources: z.looseObject({}).nullish() }),
  stored: withoutThreadUsage,
};
