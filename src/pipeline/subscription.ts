import { type ExecutionArgs, type ExecutionResult, type GraphQLError, subscribe } from 'graphql';
import type { OperationOutcome } from './rule.ts';

/** A subscription that is about to start. */
export interface Subscribing {
  readonly args: ExecutionArgs;
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
  { args, callsOfEvent, publicErrors, ended }: Subscribing,
  hasLeft: () => boolean,
): AsyncGenerator<ExecutionResult> {
  const outcome = { errors: new Array<GraphQLError>(), upstreamCalls: 0, events: 0 };
  const delivered = (result: ExecutionResult): ExecutionResult => {
    outcome.upstreamCalls += callsOfEvent();
    if (result.errors === undefined) return result;
    const errors = publicErrors(result.errors);
    outcome.errors.push(...errors);
    return { ...result, errors };
  };
  try {
    const started = await subscribe(args);
    if (Symbol.asyncIterator in started) {
      outcome.upstreamCalls += callsOfEvent();
      for await (const result of started) {
        if (hasLeft()) break;
        outcome.events += 1;
        yield delivered(result);
      }
    } else {
      yield delivered(started);
    }
  } catch (error) {
    // A failure that follows from the client's leaving concerns nobody.
    if (!hasLeft()) yield delivered({ errors: publicErrors([error]) });
  } finally {
    ended(outcome);
  }
}
