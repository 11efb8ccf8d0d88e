import { AbortedError } from '../rest/errors/abortedError.ts';
import { ApiError } from '../rest/errors/apiError.ts';
import { InvalidResponseError } from '../rest/errors/invalidResponseError.ts';
import { TimeoutError } from '../rest/errors/timeoutError.ts';
import { UnavailableError } from '../rest/errors/unavailableError.ts';

/** How many names of operations are kept apart. */
const MAX_NAMES = 100;

/**
 * The name of an operation as a label. Clients choose names, and each value of a label costs memory for as long as the process
 * lives: names after the first 100 become `other`.
 */
export const boundedNames = (max = MAX_NAMES) => {
  const names = new Set<string>();
  return (name: string): string => {
    if (names.has(name)) return name;
    if (names.size >= max) return 'other';
    names.add(name);
    return name;
  };
};

/** How a REST call failed, without a response: the words that stand in place of an HTTP status. */
const FAILURES = [
  [TimeoutError, 'timeout'],
  [AbortedError, 'aborted'],
  [UnavailableError, 'unavailable'],
] as const;

/**
 * The outcome of a REST call as a label: the HTTP status; `invalid` for a response that cannot be read; `timeout`, `aborted`,
 * `unavailable` or `failed` if there is no response.
 */
export const outcomeOf = (status: number | undefined, error: Error | undefined): string => {
  if (error === undefined) return String(status);
  if (error instanceof ApiError) return String(error.status);
  if (error instanceof InvalidResponseError) return 'invalid';
  return FAILURES.find(([kind]) => error instanceof kind)?.[1] ?? 'failed';
};
