import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { type OriginOptions, originFilter } from '../access/origins.ts';
import { assignRequestId, REQUEST_ID_HEADER } from '../access/requestId.ts';
import { type Log, thrownFields } from '../observability/log.ts';
import type { Place } from '../pipeline/loadLimit.ts';
import { BodyCutShort, BodyTooLong, discardBody } from './body.ts';
import { allowOrigin } from './cors.ts';
import { refuseGraphql, serveGraphql } from './graphqlHttp.ts';
import { headersOf } from './headers.ts';
import { sendError } from './json.ts';
import { useOriginForm } from './requestTarget.ts';
import { sendRestRefusal } from './restApi.ts';
import { serveRoute, type RouteOptions } from './routes.ts';
import type { StartQueue } from './startQueue.ts';

export interface ListenerOptions extends OriginOptions, RouteOptions {
  /** Requests that wait to be started. */
  readonly startQueue: StartQueue;
  readonly log: Log;
}

/** Serves every request, by its path. Never throws; what a route throws is logged and answered with status 500. */
export const createListener = (options: ListenerOptions): RequestListener => {
  const isAllowed = originFilter(options);
  const { pipeline, startQueue } = options;
  return (request, response) => {
    const requestId = assignRequestId(request);
    useOriginForm(request);
    response.setHeader(REQUEST_ID_HEADER, requestId);
    if (options.stopping.aborted) response.shouldKeepAlive = false;
    allowOrigin(request, response, () => isAllowed(headersOf(request)));
    const serve = async (place?: Place) => {
      try {
        // Nearly all requests need no closer look.
        const isOperation = request.method === 'POST' && request.url === '/graphql';
        await (isOperation ? serveGraphql : serveRoute)(options, request, response, place);
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
