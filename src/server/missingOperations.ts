import { createRestClient } from '../rest/client.ts';
import { createRest } from '../rest/rest.ts';
import type { Upstream } from './upstream.ts';

/** How long one read may take. */
const PROBE_TIMEOUT_MS = 2000;

/** How long a result is reused: servers gain operations by updates only. */
const REUSE_MS = 5 * 60_000;

/**
 * The operations of the REST API that an external upstream does not have, by `rest/capabilities.ts` with the server's own
 * credentials. Null if no read has shown whether it has any operation.
 */
const findMissingOperations = async (upstream: Upstream): Promise<readonly string[] | null> => {
  const options = { ...upstream, breaker: undefined, maxRetries: 0, timeoutMs: PROBE_TIMEOUT_MS };
  const found = await createRest(createRestClient(options)).capabilities.probe();
  if (found.every(({ supported }) => supported === null)) return null;
  return found.filter(({ supported }) => supported === false).map(({ operation }) => operation);
};

/**
 * Returns what gives the missing operations as far as they are known, without waiting. The first call starts to look for them,
 * and so does a call when the result has become old, or nothing was found out.
 */
export const missingOperationsOf = (upstream: Upstream): (() => readonly string[] | null) => {
  let latest: readonly string[] | null = null;
  let until = 0;
  const refresh = async () => {
    until = performance.now() + REUSE_MS;
    const found = await findMissingOperations(upstream);
    if (found === null) until = 0;
    else latest = found;
  };
  return () => {
    if (upstream.kind === 'embedded') return [];
    if (until < performance.now()) void refresh();
    return latest;
  };
};
