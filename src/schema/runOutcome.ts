import type { Received } from '../rest/received.ts';
import type { RestRun } from '../wire/run.ts';
import { builder } from './builder.ts';
import { unknownValue } from './openEnum.ts';

export const RunStatus = builder.enumType('RunStatus', {
  description: 'The status of a run.',
  values: {
    QUEUED: { value: 'queued', description: 'The run is waiting to start or to continue.' },
    IN_PROGRESS: { value: 'in_progress', description: 'The run is in progress.' },
    REQUIRES_ACTION: { value: 'requires_action', description: 'The run is waiting for the outputs of function calls.' },
    CANCELLING: {
      value: 'cancelling',
      description: 'The run is being cancelled. It can still end with another status.',
    },
    CANCELLED: { value: 'cancelled', description: 'The run was cancelled. Terminal.' },
    FAILED: { value: 'failed', description: 'The run failed. `lastError` gives the error. Terminal.' },
    COMPLETED: { value: 'completed', description: 'The run completed successfully. Terminal.' },
    INCOMPLETE: {
      value: 'incomplete',
      description: 'The run ended early. `incompleteDetails` gives the reason. Terminal.',
    },
    EXPIRED: { value: 'expired', description: 'The run reached `expiresAt` before it ended. Terminal.' },
    ...unknownValue,
  } as const,
});

const RunErrorCode = builder.enumType('RunErrorCode', {
  description: 'The code of the error of a run or step.',
  values: {
    SERVER_ERROR: { value: 'server_error', description: 'The model or the server failed.' },
    RATE_LIMIT_EXCEEDED: {
      value: 'rate_limit_exceeded',
      description: 'A rate limit was exceeded.',
    },
    INVALID_PROMPT: { value: 'invalid_prompt', description: 'The prompt was rejected.' },
    ...unknownValue,
  } as const,
});

export const RunLastError = builder.objectRef<NonNullable<Received<RestRun>['last_error']>>('RunLastError').implement({
  description: 'The error of a run or step.',
  fields: (t) => ({
    code: t.expose('code', { type: RunErrorCode, nullable: true, description: 'The error code.' }),
    message: t.exposeString('message', { nullable: true, description: 'The error message.' }),
  }),
});

const RunIncompleteReason = builder.enumType('RunIncompleteReason', {
  description: 'The reason why a run is incomplete.',
  values: {
    MAX_COMPLETION_TOKENS: { value: 'max_completion_tokens', description: 'The run reached `maxCompletionTokens`.' },
    MAX_PROMPT_TOKENS: { value: 'max_prompt_tokens', description: 'The run reached `maxPromptTokens`.' },
    ...unknownValue,
  } as const,
});

export const RunIncompleteDetails = builder
  .objectRef<NonNullable<Received<RestRun>['incomplete_details']>>('RunIncompleteDetails')
  .implement({
    description: 'The reason why a run is incomplete.',
    fields: (t) => ({
      reason: t.expose('reason', { type: RunIncompleteReason, nullable: true, description: 'The reason.' }),
    }),
  });
