import { createSourceEventStream, type ExecutionArgs, type ExecutionResult, type GraphQLError } from 'graphql';
import { ResponseTooLargeError } from '../execution/bounds.ts';
import type { WrittenResult } from '../execution/prepared.ts';
import { serializedResult } from './result.ts';
import type { OperationOutcome } from './rule.ts';

/** An event is serialized and sent in one turn of the event loop: 8 MiB take up to 40 ms. */
export const MAX_EVENT_BYTES = 8 * 1024 * 1024;

/** A subscription that is about to start. */
export interface Subscribing {
  readonly args: ExecutionArgs;
  /** Executes the operation for one event. Never rejects. */
  readonly write: (event: unknown) => Promise<WrittenResult>;
  /** REST calls that the event which was delivered last has cost. */
  readonly callsOfEvent: () => number;
  /** The form in which clients see errors. */
  readonly publicErrors: (errors: readonly unknown[]) => readonly GraphQLError[];
  /** Ends all that is waited for. */
  readonly cancel: () => void;
  /** Called once, when there are no more results or the client has left. */
  readonly ended: (outcome: OperationOutcome) => void;
}

/**
 * The results of a subscription. It starts when the first result is asked for, and a client can leave it at any time: its
 * upstream may take a minute to agree. If the subscription is refused, the refusal is its only result.
 */
export const resultsOf = (subscribing: Subscribing): AsyncIterableIterator<ExecutionResult> => {
  let hasLeft = false;
  const results = observed(subscribing, () => hasLeft);
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    next: () => results.next(),
    return: () => {
      hasLeft = true;
      subscribing.cancel();
      return results.return(undefined);
    },
  };
};

async function* observed(
  { args, write, callsOfEvent, publicErrors, ended }: Subscribing,
  hasLeft: () => boolean,
): AsyncGenerator<ExecutionResult> {
  const outcome = { errors: new Array<GraphQLError>(), upstreamCalls: 0, events: 0 };
  const noted = (thrown: readonly unknown[] = []) => {
    outcome.upstreamCalls += callsOfEvent();
    const errors = publicErrors(thrown);
    outcome.errors.push(...errors);
    return errors;
  };
  try {
    const events = await createSourceEventStream(args);
    if (Symbol.asyncIterator in events) {
      outcome.upstreamCalls += callsOfEvent();
      for await (const event of events) {
        if (hasLeft()) break;
        outcome.events += 1;
        const { data, errors } = await write(event);
        yield serializedResult({ data, errors: noted(errors), extensions: undefined });
        if (errors.some(isTooLarge)) break; // So would be what follows.
      }
    } else {
      yield { ...events, errors: noted(events.errors) };
    }
  } catch (error) {
    // A failure that follows from the client's leaving concerns nobody.
    if (!hasLeft()) yield { errors: noted([error]) };
  } finally {
    ended(outcome);
  }
}

const isTooLarge = (error: GraphQLError) => error.originalError instanceof ResponseTooLargeError;
