import type { ExecutionResult } from 'graphql';

/** A subscription's results, or its refusal, once that is known. */
type Subscribing = Promise<Begun> | Begun;
type Begun = AsyncIterable<ExecutionResult> | ExecutionResult;

/**
 * The results of a subscription that can be left from the start: its upstream may take a minute to agree to it. Of one that is
 * refused the refusal is the only result. `leave` ends all that is waited for.
 */
export const leavable = (subscribing: Subscribing, leave: () => void): AsyncIterableIterator<ExecutionResult> => {
  let left = false;
  const results = resultsOf(subscribing, () => left);
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    next: () => results.next(),
    return: () => {
      left = true;
      leave();
      return results.return(undefined);
    },
  };
};

/** What comes of having left, be it a failure, is nobody's concern any more. */
async function* resultsOf(subscribing: Subscribing, hasLeft: () => boolean): AsyncGenerator<ExecutionResult> {
  try {
    const begun = await subscribing;
    const results = Symbol.asyncIterator in begun ? begun : [begun];
    for await (const result of results) {
      if (hasLeft()) return;
      yield result;
    }
  } catch (error) {
    if (!hasLeft()) throw error;
  }
}
