import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { streamsBody } from '../engine/routes/requestHandler.ts';
import { type OriginOptions, originFilter } from '../access/origins.ts';
import { RequestError } from '../access/requestError.ts';
import { assignRequestId, REQUEST_ID_HEADER } from '../access/requestId.ts';
import type { GraphiqlResponse, GraphiqlRequest } from '../graphiql/page.ts';
import { type Log, thrownFields } from '../observability/log.ts';
import type { Metrics } from '../observability/metrics.ts';
import type { Place } from '../pipeline/loadLimit.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import { BodyCutShort, BodyTooLong, discardBody } from './body.ts';
import { allowOrigin, isPreflight, sendPreflight } from './cors.ts';
import { respondWith } from './fetchHandler.ts';
import { contentIdIn, sendFileContent } from './fileContent.ts';
import { refuseGraphql, serveGraphql } from './graphqlHttp.ts';
import { headersOf } from './headers.ts';
import { sendError, sendJson } from './json.ts';
import type { MultipartLimits } from './multipart.ts';
import type { Spool } from './spool.ts';
import type { StartQueue } from './startQueue.ts';
import { streamEnd } from './streamEnd.ts';
import type { StreamSlots } from './streamSlots.ts';
import type { Readiness } from './readiness.ts';
import type { Upstream } from './upstream.ts';

export interface ListenerOptions extends OriginOptions, MultipartLimits {
  readonly pipeline: Pipeline;
  /** Requests that wait to be started. */
  readonly startQueue: StartQueue;
  /** Answers a browser that wants GraphiQL or one of its assets; null for any other request. */
  readonly graphiql: (request: GraphiqlRequest) => Promise<GraphiqlResponse> | null;
  /** The engine, served under `/v1` and `/openai`; undefined if another server is the upstream. */
  readonly engine: Upstream['handler'];
  readonly slots: StreamSlots;
  readonly readiness: () => Promise<Readiness>;
  /** Served at `/metrics`; undefined if that is off. */
  readonly metrics: Pick<Metrics, 'contentType' | 'text'> | undefined;
  /** Keeps uploaded files. */
  readonly spool: Spool;
  /** Aborted once the server is being stopped. */
  readonly stopping: AbortSignal;
  readonly log: Log;
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

/** Serves every request, by its path. Never throws; what a route throws is logged and answered with status 500. */
export const createListener = (options: ListenerOptions): RequestListener => {
  const isAllowed = originFilter(options);
  const { pipeline, startQueue } = options;
  return (request, response) => {
    const requestId = assignRequestId(request);
    response.setHeader(REQUEST_ID_HEADER, requestId);
    if (options.stopping.aborted) response.shouldKeepAlive = false;
    allowOrigin(request, response, () => isAllowed(headersOf(request)));
    const serve = async (place?: Place) => {
      try {
        // Nearly all requests need no closer look.
        const isOperation = request.method === 'POST' && request.url === '/graphql';
        await (isOperation ? serveGraphql : route)(options, request, response, place);
      } catch (error) {
        fail(options.log.with({ requestId }), error, request, response);
      } finally {
        place?.leave();
      }
    };
    // Whether the process is alive must not depend on how many others wait.
    if (request.url === '/health') return void serve();
    if (PROBES.has(request.url ?? '')) return startQueue.add(() => void serve());
    try {
      const place = pipeline.enter();
      return startQueue.add(() => {
        void serve(place);
        leaveWhileBodyArrives(request, place);
      });
    } catch (error) {
      return refuse(error, request, response);
    }
  };
};

/** Operators have to reach these above all while the server is overloaded. */
const PROBES = new Set(['/ready', '/metrics']);

/** A client that is slow to send its body must not keep others out. */
const leaveWhileBodyArrives = (request: IncomingMessage, place: Place) => {
  // By then, a short body has arrived. Not in the next tick: Node runs that between a body and the end of its request.
  setImmediate(() => {
    if (!request.complete) place.leave();
  });
};

/** Refuses a request that has just arrived. */
const refuse = (error: unknown, request: IncomingMessage, response: ServerResponse) => {
  if (request.url?.startsWith('/graphql') === true) return refuseGraphql(error, request, response);
  discardBody(request, response);
  return sendRestRefusal(error, response);
};

const route = async (
  options: ListenerOptions,
  request: IncomingMessage,
  response: ServerResponse,
  place?: Place,
): Promise<unknown> => {
  // The path alone decides: what stands in the query must not.
  const url = new URL(`http://localhost${request.url ?? '/'}`);
  const pathname = url.pathname.replace(/(?<=.)\/+$/, '');
  if (!METHODS.has(request.method ?? '')) return refuseMethod(response, [...METHODS]);
  const isRest = isWithin('/v1', pathname) || isWithin('/openai', pathname);
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

const isWithin = (root: string, pathname: string) => pathname === root || pathname.startsWith(`${root}/`);

/** A preflight carries no credentials, so only the host and the origin are checked. */
const respondToPreflight = async (
  { pipeline }: ListenerOptions,
  request: IncomingMessage,
  response: ServerResponse,
) => {
  try {
    await pipeline.admit({ surface: 'preflight', headers: headersOf(request) });
    sendPreflight(request, response);
  } catch (error) {
    sendRestRefusal(error, response);
  }
};

const serveRest = async (
  options: ListenerOptions,
  request: IncomingMessage,
  response: ServerResponse,
  pathname: string,
  place: Place | undefined,
) => {
  const { engine, pipeline } = options;
  try {
    const caller = await pipeline.admit({ surface: 'rest', headers: headersOf(request) });
    const fileId = contentIdIn(pathname);
    if (engine === undefined && fileId !== undefined && request.method === 'GET') {
      return await sendFileContent(pipeline, caller, fileId, response);
    }
    if (engine === undefined) {
      return sendError(response, 404, 'The embedded engine is off, because ASSISTANTS_BASE_URL is set.');
    }
    const { maxBodyBytes, slots } = options;
    const stopping = streamEnd(options.stopping, caller, response);
    const isStreamed = streamsBody(request.method ?? '', pathname);
    const handle = async (sent: Request) => {
      // The body of a streamed one takes as long as its client needs.
      const inFlight = isStreamed || place?.isHeld === true ? place : pipeline.enter();
      try {
        return await engine(sent, caller.tenant);
      } finally {
        inFlight?.leave();
      }
    };
    return await respondWith(handle, request, response, { maxBodyBytes, streamsBody: isStreamed, slots, stopping });
  } catch (error) {
    return sendRestRefusal(error, response);
  }
};

/** Sends a refusal in the envelope of the REST API. Throws any other error. */
const sendRestRefusal = (error: unknown, response: ServerResponse) => {
  if (!(error instanceof RequestError)) throw error;
  sendError(response, error.status, error.message, error.headers, error.status === 401 ? 'invalid_api_key' : null);
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

const sendReadiness = async ({ readiness }: ListenerOptions, response: ServerResponse) => {
  const body = await readiness();
  sendJson(response, body.status === 'ready' ? 200 : 503, body, { 'cache-control': 'no-store' });
};

/** Only for those that may send requests at all, so that no page of another origin reads them. */
const sendMetrics = async (
  { pipeline, metrics }: ListenerOptions,
  request: IncomingMessage,
  response: ServerResponse,
) => {
  if (metrics === undefined) return sendError(response, 404, 'Metrics are off. Set METRICS=on to serve them.');
  try {
    await pipeline.admit({ surface: 'metrics', headers: headersOf(request) });
  } catch (error) {
    return sendRestRefusal(error, response);
  }
  const body = await metrics.text();
  return response.writeHead(200, { 'content-type': metrics.contentType, 'cache-control': 'no-store' }).end(body);
};

const fail = (log: Log, error: unknown, request: IncomingMessage, response: ServerResponse) => {
  if (error instanceof BodyCutShort || response.destroyed) return;
  if (error instanceof BodyTooLong) {
    discardBody(request, response);
    sendError(response, 413, error.message);
    return;
  }
  const id = randomUUID();
  log.error('request failed', { id, method: request.method, ...thrownFields(error) });
  // Once the status is out, a broken connection is the only way left to say that the response is not whole.
  if (response.headersSent) response.destroy();
  else sendError(response, 500, `Internal server error. It is logged under ${id}.`);
};
