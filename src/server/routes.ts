import type { IncomingMessage, ServerResponse } from 'node:http';
import type { GraphiqlResponse, GraphiqlRequest } from '../graphiql/page.ts';
import type { Place } from '../pipeline/loadLimit.ts';
import { isPreflight, sendPreflight } from './cors.ts';
import { type GraphqlHttpOptions, serveGraphql } from './graphqlHttp.ts';
import { headersOf } from './headers.ts';
import { sendError, sendJson } from './json.ts';
import { type ProbeOptions, sendMetrics, sendReadiness } from './probes.ts';
import { isRestPath, type RestApiOptions, sendRestRefusal, serveRest } from './restApi.ts';

export interface RouteOptions extends GraphqlHttpOptions, RestApiOptions, ProbeOptions {
  /** Answers a browser that wants GraphiQL or one of its assets; null for any other request. */
  readonly graphiql: (request: GraphiqlRequest) => Promise<GraphiqlResponse> | null;
}

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** What `GET /` returns to clients that are no browsers. */
const PATHS = {
  '/graphql': 'the graph; GraphiQL in a browser',
  '/v1': 'the REST API of the embedded engine',
  '/openai': 'the same, for clients of Azure OpenAI',
  '/health': '200 while the process is alive',
  '/ready': '200 while the upstream can be reached',
  '/metrics': 'metrics for Prometheus, if METRICS is on',
};

/** Serves a request by its path. Rejects with what a route does not answer itself. */
export const serveRoute = async (
  options: RouteOptions,
  request: IncomingMessage,
  response: ServerResponse,
  place?: Place,
): Promise<unknown> => {
  // The path alone decides: what stands in the query must not.
  const url = new URL(`http://localhost${request.url ?? '/'}`);
  const pathname = url.pathname.replace(/(?<=.)\/+$/, '');
  if (!METHODS.has(request.method ?? '')) return refuseMethod(response, [...METHODS]);
  const isRest = isRestPath(pathname);
  if (isPreflight(request) && (isRest || pathname === '/graphql'))
    return respondToPreflight(options, request, response);
  const page = options.graphiql(graphiqlRequest(request, pathname));
  if (page !== null) return sendPage(response, await page);
  if (pathname === '/graphql') return serveGraphql(options, request, response, place);
  if (isRest) return serveRest(options, request, response, pathname, place);
  if (pathname === '/health')
    return isRead(request) ? sendJson(response, 200, { status: 'ok' }) : refuseMethod(response);
  if (pathname === '/ready') return isRead(request) ? sendReadiness(options, response) : refuseMethod(response);
  if (pathname === '/metrics')
    return isRead(request) ? sendMetrics(options, request, response) : refuseMethod(response);
  if (pathname === '/' && isRead(request)) {
    return wantsPage(request)
      ? response.writeHead(302, { location: '/graphql' }).end()
      : sendJson(response, 200, { paths: PATHS });
  }
  return sendError(response, 404, `There is nothing at ${pathname}. Try ${Object.keys(PATHS).join(', ')}.`);
};

/** A preflight carries no credentials, so only the host and the origin are checked. */
const respondToPreflight = async ({ pipeline }: RouteOptions, request: IncomingMessage, response: ServerResponse) => {
  try {
    await pipeline.admit({ surface: 'preflight', headers: headersOf(request) });
    sendPreflight(request, response);
  } catch (error) {
    sendRestRefusal(error, response);
  }
};

const isRead = ({ method }: IncomingMessage) => method === 'GET' || method === 'HEAD';

/** Whether a browser asks for something to look at. */
const wantsPage = (request: IncomingMessage) => request.headers.accept?.includes('text/html') === true;

const graphiqlRequest = ({ method = 'GET', headers }: IncomingMessage, pathname: string): GraphiqlRequest => ({
  method,
  pathname,
  accept: headers.accept ?? '',
  acceptEncoding: headers['accept-encoding'] ?? '',
  ifNoneMatch: headers['if-none-match'],
});

const sendPage = (response: ServerResponse, { status, headers, body }: GraphiqlResponse) =>
  response.writeHead(status, headers).end(body);

const refuseMethod = (response: ServerResponse, allowed = ['GET', 'HEAD']) =>
  sendError(response, 405, `The method must be one of ${allowed.join(', ')}.`, { allow: allowed.join(', ') });
