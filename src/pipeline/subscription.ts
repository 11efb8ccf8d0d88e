import { createSourceEventStream, type ExecutionResult, type GraphQLError } from 'graphql';
import { ResponseTooLargeError } from '../execution/bounds.ts';
import { type EventExecution, resultOfEvent } from './eventExecution.ts';
import type { OperationOutcome } from './rule.ts';

/** A subscription that is about to start. */
export interface Subscribing {
  readonly execution: EventExecution;
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
  { execution, callsOfEvent, publicErrors, ended }: Subscribing,
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
    const events = await createSourceEventStream(execution.args);
    if (Symbol.asyncIterator in events) {
      outcome.upstreamCalls += callsOfEvent();
      for await (const event of events) {
        if (hasLeft()) break;
        outcome.events += 1;
        const { errors, shownWith } = await resultOfEvent(execution, event);
        yield shownWith(noted(errors));
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
