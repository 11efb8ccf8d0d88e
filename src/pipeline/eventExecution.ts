import { execute, type ExecutionArgs, type ExecutionResult, GraphQLError } from 'graphql';
import { ResponseTooLargeError } from '../execution/bounds.ts';
import type { WrittenResult } from '../execution/prepared.ts';
import { isLargerThan } from './jsonSize.ts';
import { serializedResult } from './result.ts';

/**
 * Events of at most this cost are executed by graphql-js: their values are shared by all subscribers of a run, and it takes a
 * millisecond. The result of any other event is written as that of a query is, in several turns of the event loop.
 */
const SMALL_EVENT_COST = 1000;

/** An event is serialized and sent in one turn of the event loop: 8 MiB take up to 40 ms. */
export const MAX_EVENT_BYTES = 8 * 1024 * 1024;

export interface EventExecution {
  readonly args: ExecutionArgs;
  /** What the result of one event costs at most. */
  readonly cost: number;
  readonly maxBytes: number;
  /** Executes the operation for one event. Never rejects. */
  readonly write: (event: unknown) => Promise<WrittenResult>;
}

/** The result of one event. */
export interface EventResult {
  /** Clients must not see them as they are. */
  readonly errors: readonly GraphQLError[];
  /** The result with the errors in the form in which clients see them. */
  readonly shownWith: (errors: readonly GraphQLError[]) => ExecutionResult;
}

const resultWith = (data: ExecutionResult['data'], errors: readonly GraphQLError[]): ExecutionResult => ({
  ...(data !== undefined && { data }),
  ...(errors.length > 0 && { errors }),
});

/** Makes the result of an event. One that is larger than `maxBytes` has no data, and a ResponseTooLargeError as `originalError`. */
export const resultOfEvent = async (
  { args, cost, maxBytes, write }: EventExecution,
  event: unknown,
): Promise<EventResult> => {
  if (cost > SMALL_EVENT_COST) {
    const { data, errors } = await write(event);
    return { errors, shownWith: (shown) => serializedResult({ data, errors: shown, extensions: undefined }) };
  }
  const { data, errors = [] } = await execute({ ...args, rootValue: event });
  if (!isLargerThan(data, maxBytes)) return { errors, shownWith: (shown) => resultWith(data, shown) };
  const originalError = new ResponseTooLargeError(maxBytes, 'bytes');
  return {
    errors: [new GraphQLError(originalError.message, { originalError })],
    shownWith: (shown) => resultWith(null, shown),
  };
};
