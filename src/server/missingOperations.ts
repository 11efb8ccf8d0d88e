import type { Rest } from '../rest/rest.ts';
import type { Upstream } from './upstream.ts';

/** How long a result is reused: servers gain operations by updates only. */
const REUSE_MS = 5 * 60_000;

/** How long it is until the next attempt if nothing was found out, as over an upstream that refuses the server's credentials. */
const RETRY_MS = 30_000;

/**
 * The operations of the REST API that an external upstream does not have, by `rest/capabilities.ts`. Null if no read has shown
 * whether it has any operation.
 */
const findMissingOperations = async (rest: Rest): Promise<readonly string[] | null> => {
  const found = await rest.capabilities.probe();
  if (found.every(({ supported }) => supported === null)) return null;
  return found.filter(({ supported }) => supported === false).map(({ operation }) => operation);
};

/**
 * Returns a function that returns the missing operations as far as they are known, without waiting. Its first call starts to look
 * for them, and so does a call when the result has become old, or a while after nothing was found out.
 */
export const missingOperationsOf = (kind: Upstream['kind'], rest: Rest): (() => readonly string[] | null) => {
  let latest: readonly string[] | null = null;
  let until = 0;
  const refresh = async () => {
    until = performance.now() + REUSE_MS;
    const found = await findMissingOperations(rest);
    if (found === null) until = performance.now() + RETRY_MS;
    else latest = found;
  };
  return () => {
    if (kind === 'embedded') return [];
    if (until < performance.now()) void refresh();
    return latest;
  };
};
