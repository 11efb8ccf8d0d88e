import { z } from 'zod';
import { base, type ImportKind } from './kind.ts';

export const assistantImport: ImportKind = {
  object: 'assistant',
  table: 'assistants',
  schema: z.looseObject({
    ...base,
    model: z.string(),
    instructions: z.string().nullish(),
    tools: z.array(z.looseObject({ type: z.string() })),
    temperature: z.number().nullish(),
    top_p: z.number().nullish(),
    reasoning_effort: z.string().nullish(),
  }),
};
