import { z } from 'zod';
import { isTerminalStatus } from '../../wire/runStatus.ts';
import { base, importedId, importedTime, type ImportKind } from './kind.ts';

const count = z.number().int().nonnegative();
const usage = z.looseObject({
  prompt_tokens: count,
  completion_tokens: count,
  total_tokens: count,
  prompt_token_details: z.looseObject({ cached_tokens: count }).nullish(),
});

/**
 * A run that was active has expired, or is cancelled if it was being cancelled: a worker of the other server would have to
 * continue it, and outputs that it waits for would be sent there.
 */
export const runImport: ImportKind = {
  object: 'thread.run',
  table: 'runs',
  parents: [{ table: 'threads', member: 'thread_id', noun: 'thread' }],
  schema: z.looseObject({
    ...base,
    thread_id: importedId,
    assistant_id: z.string().nullish(),
    status: z.string(),
    model: z.string().nullish(),
    expires_at: importedTime,
    usage: usage.nullish(),
  }),
  stored: (run) => {
    const status = String(run['status']);
    if (isTerminalStatus(status)) return run;
    const { expires_at: expiresAt } = run;
    return status === 'cancelling'
      ? { ...run, status: 'cancelled', required_action: null, cancelled_at: expiresAt ?? run.created_at }
      : { ...run, status: 'expired', required_action: null };
  },
};
