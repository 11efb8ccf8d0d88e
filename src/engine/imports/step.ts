import { z } from 'zod';
import { base, importedId, type ImportKind } from './kind.ts';

const call = z.union([
  z.looseObject({
    id: z.string(),
    type: z.literal('function'),
    function: z.looseObject({ name: z.string(), arguments: z.string(), output: z.string().nullish() }),
  }),
  z.looseObject({ type: z.string().refine((type) => type !== 'function') }),
]);

export const stepImport: ImportKind = {
  object: 'thread.run.step',
  table: 'steps',
  parent: { table: 'runs', member: 'run_id' },
  schema: z.looseObject({
    ...base,
    thread_id: importedId,
    run_id: importedId,
    status: z.string(),
    step_details: z.union([
      z.looseObject({
        type: z.literal('message_creation'),
        message_creation: z.looseObject({ message_id: z.string() }),
      }),
      z.looseObject({ type: z.literal('tool_calls'), tool_calls: z.array(call) }),
    ]),
  }),
  stored: (step) =>
    step['status'] === 'in_progress' ? { ...step, status: 'expired', expired_at: step.created_at } : step,
};
