import { onTestFinished } from 'vitest';
import { SignalCancellation } from '../../src/rest/cancellation.ts';
import { createRestClient, type RestClientOptions } from '../../src/rest/client.ts';
import { transport } from '../support/transport.ts';
import { createRest } from '../../src/rest/rest.ts';
import { startUpstream } from '../support/upstream.ts';

/** The REST client over a real HTTP server that acts as the upstream and ends with the test. */
export const restOver = async (
  routes: Parameters<typeof startUpstream>[0],
  options: Partial<RestClientOptions> & { maxSockets?: number; maxBodyBytes?: number; signal?: AbortSignal } = {},
) => {
  const upstream = await startUpstream(routes);
  onTestFinished(() => upstream.close());
  const { maxSockets = 8, maxBodyBytes = 1024 * 1024, signal, ...client } = options;
  const cancellation = signal && new SignalCancellation(signal);
  const fetch = transport({ maxSockets, maxBodyBytes });
  const rest = createRest(
    createRestClient({ baseUrl: upstream.url, fetch, timeoutMs: 10_000, cancellation, ...client }),
  );
  return { rest, upstream };
};
