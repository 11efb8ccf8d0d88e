import { onTestFinished } from 'vitest';
import { createRestClient, type RestClientOptions } from '../../src/rest/client.ts';
import { transport } from '../support/transport.ts';
import { createRest } from '../../src/rest/rest.ts';
import { startUpstream } from '../support/upstream.ts';

/** The REST API over a real HTTP server that plays the upstream and ends with the test. */
export const restOver = async (
  routes: Parameters<typeof startUpstream>[0],
  options: Partial<RestClientOptions> & { maxSockets?: number; maxBodyBytes?: number } = {},
) => {
  const upstream = await startUpstream(routes);
  onTestFinished(() => upstream.close());
  const { maxSockets = 8, maxBodyBytes = 1024 * 1024, ...client } = options;
  const fetch = transport({ maxSockets, maxBodyBytes });
  const rest = createRest(createRestClient({ baseUrl: upstream.url, fetch, timeoutMs: 10_000, ...client }));
  return { rest, upstream };
};
