import type { RestCall } from './call.ts';
import { type CallObserver, observedCall, type ObservedCall } from './callObserver.ts';
import { type Cancellation, ManualCancellation } from './cancellation.ts';
import { withinDeadline } from './deadline.ts';
import { createEndpoint, type Endpoint, type EndpointOptions, mergedHeaders, type Query } from './endpoint.ts';
import type { DecodeEvent } from './events.ts';
import { isDropped, sendFailure } from './failure.ts';
import type { FetchInit, RestResponse } from './fetch.ts';
import type { ParseBody } from './parseBody.ts';
import type { RestPath } from './path.ts';
import { readResult } from './readResult.ts';
import { bothRedactors, redactedResponse, redactorOf, secretsAmong } from './redact.ts';
import { type EventStream, streamOf } from './stream.ts';

/** What one caller adds to the REST calls made for it. */
export interface CallerOptions {
  /** How long a call may take, in milliseconds, from sending it to the last byte of the response. */
  timeoutMs: number;
  /** How long a stream of events may be silent, in milliseconds. Default: 120,000. */
  idleTimeoutMs?: number | undefined;
  /** Cancels all calls. */
  cancellation?: Cancellation | undefined;
  /** Headers, such as the caller's credentials, that override the upstream's own of the same name. */
  headers?: Record<string, string> | undefined;
  /** Called before each attempt is sent, retries included. If it throws, nothing is sent and the call rejects with that error. */
  onCall?: ((call: RestCall) => void) | undefined;
  observer?: CallObserver | undefined;
}

export interface RestClientOptions extends EndpointOptions, CallerOptions {}

/**
 * Makes REST calls. Each rejects with one of `errors/`: ApiError, TimeoutError, AbortedError, UnavailableError or
 * InvalidResponseError. Neither errors nor results contain the credentials that the call was sent with: see `redact.ts`.
 */
export interface RestClient {
  get<T>(path: RestPath, parse: ParseBody<T>, query?: Query): Promise<T>;
  post<T>(path: RestPath, parse: ParseBody<T>, body?: object, query?: Query): Promise<T>;
  delete<T>(path: RestPath, parse: ParseBody<T>): Promise<T>;
  /** A call that returns server-sent events: a POST if there is a body, otherwise a GET. See `streamOf`. */
  stream<T>(path: RestPath, decode: DecodeEvent<T>, body?: object, query?: Query): EventStream<T>;
}

const ACCEPT_STREAM = 'text/event-stream, application/json';

/** Runs are silent while a model computes. A run lasts at most 600 seconds. */
const IDLE_TIMEOUT_MS = 120_000;

/** A client for one caller. If callers share an upstream, create its endpoint once and use `clientOf`. */
export const createRestClient = (options: RestClientOptions): RestClient => clientOf(createEndpoint(options), options);

/** A client for one caller of a shared upstream. Cheap enough to create for each request. */
export const clientOf = (endpoint: Endpoint, caller: CallerOptions): RestClient => {
  const {
    timeoutMs,
    idleTimeoutMs = IDLE_TIMEOUT_MS,
    cancellation = new ManualCancellation(),
    onCall,
    observer,
  } = caller;
  const headers = caller.headers === undefined ? endpoint.headers : mergedHeaders(endpoint.headers, caller.headers);
  const redactor =
    caller.headers === undefined
      ? endpoint.redactor
      : bothRedactors(redactorOf(secretsAmong(caller.headers)), endpoint.redactor);

  const initOf = (
    { method }: RestCall,
    body: object | undefined,
    own: Cancellation,
    observed: ObservedCall | undefined,
  ): FetchInit => {
    const sent = observed?.headers === undefined ? headers : { ...headers, ...observed.headers };
    if (body === undefined) return { method, headers: sent, cancellation: own };
    const bodyHeaders = { ...sent, 'content-type': 'application/json' };
    return { method, headers: bodyHeaders, body: JSON.stringify(body), cancellation: own };
  };

  const send = <T>(call: RestCall, path: RestPath, parse: ParseBody<T>, query?: Query, body?: object): Promise<T> =>
    observedCall(observer, call, (observed) =>
      withinDeadline(call, timeoutMs, cancellation, async (own) => {
        const init = initOf(call, body, own, observed);
        return readResult(call, await fetched(call, endpoint.urlOf(path, query), init, observed), parse);
      }),
    );

  const stream = <T>(path: RestPath, decode: DecodeEvent<T>, body?: object, query?: Query) => {
    const call: RestCall = { method: body === undefined ? 'GET' : 'POST', path };
    const open = (own: Cancellation) =>
      observedCall(observer, call, (observed) => {
        const init = initOf(call, body, own, observed);
        const streaming = { ...init, headers: { ...init.headers, accept: ACCEPT_STREAM }, streaming: true };
        return fetched(call, endpoint.urlOf(path, query), streaming, observed);
      });
    return streamOf({ call, timeoutMs, idleTimeoutMs, cancellation, redactor, open }, decode);
  };

  const fetched = async (
    call: RestCall,
    url: string,
    init: FetchInit,
    observed: ObservedCall | undefined,
    isRetry = false,
  ): Promise<RestResponse> => {
    onCall?.(call);
    let response: RestResponse;
    try {
      response = await endpoint.fetch(url, init);
    } catch (error) {
      // A kept-alive connection may close just as it is reused. Only a GET is certainly safe to send twice.
      const retry = !isRetry && call.method === 'GET' && isDropped(error) && !init.cancellation.isCancelled;
      if (retry) return fetched(call, url, init, observed, true);
      throw sendFailure(call, endpoint.host, error);
    }
    observed?.responded(response.status);
    return redactedResponse(response, redactor);
  };

  return {
    get: (path, parse, query) => send({ method: 'GET', path }, path, parse, query),
    post: (path, parse, body, query) => send({ method: 'POST', path }, path, parse, query, body),
    delete: (path, parse) => send({ method: 'DELETE', path }, path, parse),
    stream,
  };
};
