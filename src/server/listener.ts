import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { GraphiqlResponse, GraphiqlRequest } from '../graphiql/page.ts';
import { notByName } from '../access/hosts.ts';
import { type Log, thrownFields } from '../observability/log.ts';
import { BodyCutShort, BodyTooLong } from './body.ts';
import { answerWith, type FetchHandler } from './fetchHandler.ts';
import { answerGraphql, type GraphqlSite } from './graphqlEndpoint.ts';
import { headersOf } from './headers.ts';
import { sendError, sendJson } from './json.ts';
import type { Readiness } from './readiness.ts';

/** What stands behind the paths. */
export interface Site extends GraphqlSite {
  /** Answers a browser that wants GraphiQL or one of its assets; null for any other request. */
  readonly graphiql: (request: GraphiqlRequest) => Promise<GraphiqlResponse> | null;
  /** The engine, served under `/v1`; undefined where another server is the upstream. */
  readonly engine: FetchHandler | undefined;
  /** Whether the server may be asked by the name that a request has for it. */
  readonly isByName: (headers: Pick<Headers, 'get'>) => boolean;
  readonly readiness: () => Promise<Readiness>;
  readonly log: Log;
}

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Answers every request of the server, by its path. Never throws; what a route throws is logged and answered with 500. */
export const createListener =
  (site: Site): RequestListener =>
  (request, response) => {
    route(site, request, response).catch((error: unknown) => fail(site.log, error, request, response));
  };

const route = async (site: Site, request: IncomingMessage, response: ServerResponse): Promise<unknown> => {
  // By far the most requests need no closer look.
  if (request.method === 'POST' && request.url === '/graphql') return answerGraphql(site, request, response);
  // The path alone decides: what stands in the query must not.
  const url = new URL(`http://localhost${request.url ?? '/'}`);
  const { pathname } = url;
  if (!METHODS.has(request.method ?? '')) return refuseMethod(response, [...METHODS]);
  const page = site.graphiql(graphiqlRequest(request, url));
  if (page !== null) return sendPage(response, await page);
  if (pathname === '/graphql') return answerGraphql(site, request, response);
  if (pathname === '/v1' || pathname.startsWith('/v1/')) return answerRest(site, request, response);
  if (pathname === '/health')
    return isRead(request) ? sendJson(response, 200, { status: 'ok' }) : refuseMethod(response);
  if (pathname === '/ready') return isRead(request) ? sendReadiness(site, response) : refuseMethod(response);
  if (pathname === '/' && wantsPage(request)) return response.writeHead(302, { location: '/graphql' }).end();
  return sendError(response, 404, `There is nothing at ${pathname}. Try /graphql, /v1, /health or /ready.`);
};

const answerRest = ({ engine, isByName, maxBodyBytes }: Site, request: IncomingMessage, response: ServerResponse) => {
  const headers = headersOf(request);
  if (!isByName(headers)) return sendError(response, 403, notByName(headers));
  return engine === undefined
    ? sendError(response, 404, 'The embedded engine is off, because ASSISTANTS_BASE_URL is set.')
    : answerWith(engine, request, response, maxBodyBytes);
};

const isRead = ({ method }: IncomingMessage) => method === 'GET' || method === 'HEAD';

/** Whether a browser asks for something to look at. */
const wantsPage = (request: IncomingMessage) =>
  isRead(request) && request.headers.accept?.includes('text/html') === true;

const graphiqlRequest = ({ method = 'GET', headers }: IncomingMessage, url: URL): GraphiqlRequest => ({
  method,
  url,
  accept: headers.accept ?? '',
  acceptEncoding: headers['accept-encoding'] ?? '',
  ifNoneMatch: headers['if-none-match'],
});

const sendPage = (response: ServerResponse, { status, headers, body }: GraphiqlResponse) =>
  response.writeHead(status, headers).end(body);

const refuseMethod = (response: ServerResponse, allowed = ['GET', 'HEAD']) =>
  sendError(response, 405, `The method must be one of ${allowed.join(', ')}.`, { allow: allowed.join(', ') });

const sendReadiness = async ({ readiness }: Site, response: ServerResponse) => {
  const body = await readiness();
  sendJson(response, body.status === 'ready' ? 200 : 503, body, { 'cache-control': 'no-store' });
};

const fail = (log: Log, error: unknown, request: IncomingMessage, response: ServerResponse) => {
  if (error instanceof BodyCutShort || response.destroyed) return;
  if (error instanceof BodyTooLong) {
    // The rest is read and thrown away: a client that is still sending would otherwise see a broken connection, and no answer.
    request.resume();
    sendError(response, 413, error.message);
    return;
  }
  const id = randomUUID();
  log.error('request failed', { id, method: request.method, ...thrownFields(error) });
  // Once the status is out, a broken connection is the only way left to say that the answer is not whole.
  if (response.headersSent) response.destroy();
  else sendError(response, 500, `Something went wrong in this server; its log says more under the id ${id}.`);
};
