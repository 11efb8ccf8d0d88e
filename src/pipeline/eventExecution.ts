import { execute, type ExecutionArgs, type ExecutionResult, GraphQLError } from 'graphql';
import { ResponseTooLargeError } from '../execution/bounds.ts';
import type { WrittenResult } from '../execution/prepared.ts';
import { isLargerThan } from './jsonSize.ts';
import { executionResultOf } from './result.ts';

/**
 * Events of at most this cost are executed by graphql-js: their values are shared by all subscribers of a run, and it takes a
 * millisecond. The result of any other event is written as that of a query is, in several turns of the event loop.
 */
const SMALL_EVENT_COST = 1000;

export interface EventExecution {
  readonly args: ExecutionArgs;
  /** What the result of one event costs at most. */
  readonly cost: number;
  readonly maxBytes: number;
  /** Executes the operation for one event. Never rejects. */
  readonly write: (event: unknown) => Promise<WrittenResult>;
}

/** The result of one event, and its errors, which clients must not see as they are. */
export interface EventResult {
  readonly result: ExecutionResult;
  readonly errors: readonly GraphQLError[];
}

/** Makes the result of an event. One that is larger than `maxBytes` has no data, and a ResponseTooLargeError as `originalError`. */
export const resultOfEvent = async (
  { args, cost, maxBytes, write }: EventExecution,
  event: unknown,
): Promise<EventResult> => {
  if (cost > SMALL_EVENT_COST) {
    const { data, errors } = await write(event);
    return { result: executionResultOf({ data, errors: [], extensions: undefined }), errors };
  }
  const { data, errors = [] } = await execute({ ...args, rootValue: event });
  if (!isLargerThan(data, maxBytes)) return { result: data === undefined ? {} : { data }, errors };
  const originalError = new ResponseTooLargeError(maxBytes, 'bytes');
  return { result: { data: null }, errors: [new GraphQLError(originalError.message, { originalError })] };
};
