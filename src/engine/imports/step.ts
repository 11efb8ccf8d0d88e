import { z } from 'zod';
import { base, importedId, type ImportKind } from './kind.ts';
import { unionByType } from './unionByType.ts';

const call = unionByType({
  function: z.looseObject({
    id: z.string(),
    function: z.looseObject({ name: z.string(), arguments: z.string(), output: z.string().nullish() }),
  }),
});

const details = unionByType({
  message_creation: z.looseObject({ message_creation: z.looseObject({ message_id: z.string() }) }),
  tool_calls: z.looseObject({ tool_calls: z.array(call) }),
});

export const stepImport: ImportKind = {
  object: 'thread.run.step',
  table: 'steps',
  parents: [{ table: 'runs', member: 'run_id', noun: 'run' }],
  schema: z.looseObject({
    ...base,
    thread_id: importedId,
    run_id: importedId,
    status: z.string(),
    step_details: details,
  }),
  stored: (step) =>
    step['status'] === 'in_progress' ? { ...step, status: 'expired', expired_at: step.created_at } : step,
};
