import type { IncomingMessage, ServerResponse } from 'node:http';

/** Response headers that pages may read, in addition to those that any page may. */
const EXPOSED = 'openai-poll-after-ms, openai-processing-ms, openai-version, retry-after, x-request-id';

const METHODS = 'GET, POST, DELETE, OPTIONS';

/** Seconds for which a browser may keep the response to a preflight. */
const MAX_AGE = '600';

/**
 * Lets the page that sent a request read the response (CORS), whatever the response turns out to be. `isAllowed` is whether
 * the page's origin may send requests. Does nothing for a request without an origin.
 */
export const allowOrigin = (
  { headers: { origin } }: IncomingMessage,
  response: ServerResponse,
  isAllowed: () => boolean,
): void => {
  if (origin === undefined || !isAllowed()) return;
  response.setHeader('access-control-allow-origin', origin);
  response.setHeader('access-control-allow-credentials', 'true');
  response.setHeader('access-control-expose-headers', EXPOSED);
  response.setHeader('vary', 'Origin');
};

/** Answers a browser's preflight, after `allowOrigin`. Any request header is allowed: SDKs add new ones with each version. */
export const sendPreflight = ({ headers }: IncomingMessage, response: ServerResponse): void => {
  const requested = headers['access-control-request-headers'];
  if (requested !== undefined) {
    response.setHeader('access-control-allow-headers', requested);
    response.setHeader('vary', 'Origin, Access-Control-Request-Headers');
  }
  response.setHeader('access-control-allow-methods', METHODS);
  response.setHeader('access-control-max-age', MAX_AGE);
  response.writeHead(204, { 'content-length': '0' }).end();
};

/** Whether a request is a browser's preflight. */
export const isPreflight = ({ method, headers }: IncomingMessage): boolean =>
  method === 'OPTIONS' && headers['access-control-request-method'] !== undefined;
