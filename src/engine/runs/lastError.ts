import type { RestRunLastError } from '../../wire/run.ts';
import { ModelError, type ModelErrorCode } from '../models/modelError.ts';

const codes: Record<ModelErrorCode, RestRunLastError['code']> = {
  server_error: 'server_error',
  rate_limit_exceeded: 'rate_limit_exceeded',
  invalid_prompt: 'invalid_prompt',
  context_length_exceeded: 'invalid_prompt',
  model_not_found: 'invalid_prompt',
};

/** What to do about an error, for those who can't see it in the model's words. */
const advice: Partial<Record<ModelErrorCode, string>> = {
  model_not_found: 'GET /v1/models lists the models that can be used.',
};

/** The part of a failure that clients may see. */
export const lastErrorOf = (error: unknown): RestRunLastError => {
  if (!(error instanceof ModelError)) return { code: 'server_error', message: 'Sorry, something went wrong.' };
  const { code, message } = error;
  const help = advice[code];
  return { code: codes[code], message: help === undefined ? message : `${message.replace(/\.?$/, '.')} ${help}` };
};
