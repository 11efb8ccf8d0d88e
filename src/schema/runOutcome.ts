import type { Received } from '../rest/received.ts';
import type { RestRun } from '../wire/run.ts';
import { builder } from './builder.ts';
import { unknownValue } from './openEnum.ts';

export const RunStatus = builder.enumType('RunStatus', {
  description: 'How far a run has come.',
  values: {
    QUEUED: { value: 'queued', description: 'It is about to start, or to go on.' },
    IN_PROGRESS: { value: 'in_progress', description: 'The model is at work.' },
    REQUIRES_ACTION: { value: 'requires_action', description: 'It waits for the outputs of function calls.' },
    CANCELLING: { value: 'cancelling', description: 'It is being cancelled, which may come too late.' },
    CANCELLED: { value: 'cancelled', description: 'It was cancelled. An end.' },
    FAILED: { value: 'failed', description: 'It failed: `lastError` says why. An end.' },
    COMPLETED: { value: 'completed', description: 'It answered. An end.' },
    INCOMPLETE: { value: 'incomplete', description: 'It ended early: `incompleteDetails` says why. An end.' },
    EXPIRED: { value: 'expired', description: 'It ran out of time, most often waiting for outputs. An end.' },
    ...unknownValue,
  } as const,
});

const RunErrorCode = builder.enumType('RunErrorCode', {
  description: 'What kind of failure ended a run or a step.',
  values: {
    SERVER_ERROR: { value: 'server_error', description: 'The model or the server failed.' },
    RATE_LIMIT_EXCEEDED: {
      value: 'rate_limit_exceeded',
      description: 'Too many tokens, or requests, in too short a time.',
    },
    INVALID_PROMPT: { value: 'invalid_prompt', description: 'The model could not take what it was given.' },
    ...unknownValue,
  } as const,
});

export const RunLastError = builder.objectRef<NonNullable<Received<RestRun>['last_error']>>('RunLastError').implement({
  description: 'Why a run or a step failed.',
  fields: (t) => ({
    code: t.expose('code', { type: RunErrorCode, nullable: true, description: 'The kind of failure.' }),
    message: t.exposeString('message', { nullable: true, description: 'The failure in words.' }),
  }),
});

const RunIncompleteReason = builder.enumType('RunIncompleteReason', {
  description: 'Why a run ended early.',
  values: {
    MAX_COMPLETION_TOKENS: { value: 'max_completion_tokens', description: 'It wrote as many tokens as it may.' },
    MAX_PROMPT_TOKENS: { value: 'max_prompt_tokens', description: 'It read as many tokens as it may.' },
    ...unknownValue,
  } as const,
});

export const RunIncompleteDetails = builder
  .objectRef<NonNullable<Received<RestRun>['incomplete_details']>>('RunIncompleteDetails')
  .implement({
    description: 'Why a run ended early.',
    fields: (t) => ({
      reason: t.expose('reason', { type: RunIncompleteReason, nullable: true, description: 'The reason.' }),
    }),
  });
