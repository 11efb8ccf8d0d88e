import { type Abandonment, Ending } from './abandonment.ts';
import type { Answer } from './answer.ts';
import type { RestCall } from './call.ts';
import { withinDeadline } from './deadline.ts';
import { createEndpoint, type Endpoint, type EndpointOptions, mergedHeaders, type Query } from './endpoint.ts';
import type { Decode } from './events.ts';
import { isDropped, sendFailure } from './failure.ts';
import type { Path } from './path.ts';
import { redacted, secretsOf } from './redact.ts';
import { resultOf } from './result.ts';
import { type EventStream, streamOf } from './stream.ts';
import type { FetchInit, RestResponse } from './transport.ts';

/** What one caller adds to the calls of an upstream. */
export interface CallerOptions {
  /** How long a call may take, from its sending to the last byte of the answer's body. */
  timeoutMs: number;
  /** How long a stream of events may be silent. 120,000 unless told. */
  idleTimeoutMs?: number | undefined;
  /** Happens when the caller no longer wants any answer. */
  abandonment?: Abandonment | undefined;
  /** Over the upstream's own of the same name, such as a caller's credentials. */
  headers?: Record<string, string> | undefined;
  /** Told of each call before it goes out, a second try included. What it throws is what the call rejects with, unsent. */
  onCall?: ((call: RestCall) => void) | undefined;
}

export interface RestClientOptions extends EndpointOptions, CallerOptions {}

/**
 * Sends calls to the REST API. Each rejects with one of `errors/`: ApiError, TimeoutError, AbortedError,
 * UnavailableError or InvalidResponseError.
 */
export interface RestClient {
  get<T>(path: Path, answer: Answer<T>, query?: Query): Promise<T>;
  post<T>(path: Path, answer: Answer<T>, body?: object, query?: Query): Promise<T>;
  delete<T>(path: Path, answer: Answer<T>): Promise<T>;
  /** A POST where there is a body, else a GET, whose answer is a stream of server-sent events: see `streamOf`. */
  stream<T>(path: Path, decode: Decode<T>, body?: object, query?: Query): EventStream<T>;
}

const STREAM_OR_REFUSAL = 'text/event-stream, application/json';

/** Runs are silent while a model thinks, and last 600 seconds at most. */
const IDLE_TIMEOUT_MS = 120_000;

/** A client for one caller. Where callers share an upstream, make its endpoint once and use `clientOf`. */
export const createRestClient = (options: RestClientOptions): RestClient => clientOf(createEndpoint(options), options);

/** A client for one caller of an upstream; made anew for each request, at next to no cost. */
export const clientOf = (endpoint: Endpoint, caller: CallerOptions): RestClient => {
  const { timeoutMs, idleTimeoutMs = IDLE_TIMEOUT_MS, abandonment = new Ending(), onCall } = caller;
  const headers = caller.headers === undefined ? endpoint.headers : mergedHeaders(endpoint.headers, caller.headers);
  const clean = (text: string) => redacted(text, [...endpoint.secrets, ...secretsOf(headers)]);

  const initOf = ({ method }: RestCall, body: object | undefined, ending: Abandonment): FetchInit => {
    if (body === undefined) return { method, headers, abandonment: ending };
    const bodyHeaders = { ...headers, 'content-type': 'application/json' };
    return { method, headers: bodyHeaders, body: JSON.stringify(body), abandonment: ending };
  };

  const send = <T>(call: RestCall, path: Path, answer: Answer<T>, query?: Query, body?: object): Promise<T> =>
    withinDeadline(call, timeoutMs, abandonment, async (ending) => {
      const response = await answered(call, endpoint.urlOf(path, query), initOf(call, body, ending));
      return resultOf(call, response, answer, clean);
    });

  const stream = <T>(path: Path, decode: Decode<T>, body?: object, query?: Query) => {
    const call: RestCall = { method: body === undefined ? 'GET' : 'POST', path };
    const open = async (ending: Abandonment) => {
      const init = initOf(call, body, ending);
      const streaming = { ...init, headers: { ...init.headers, accept: STREAM_OR_REFUSAL }, streaming: true };
      return answered(call, endpoint.urlOf(path, query), streaming);
    };
    return streamOf({ call, timeoutMs, idleTimeoutMs, abandonment, clean, open }, decode);
  };

  const answered = (call: RestCall, url: string, init: FetchInit, isRetry = false): Promise<RestResponse> => {
    onCall?.(call);
    return endpoint.fetch(url, init).catch((error: unknown) => {
      // A kept-alive connection may close just as it is used again. Only a GET can safely be sent twice.
      const again = !isRetry && call.method === 'GET' && isDropped(error) && !init.abandonment.happened;
      if (again) return answered(call, url, init, true);
      throw sendFailure(call, endpoint.host, error);
    });
  };

  return {
    get: (path, answer, query) => send({ method: 'GET', path }, path, answer, query),
    post: (path, answer, body, query) => send({ method: 'POST', path }, path, answer, query, body),
    delete: (path, answer) => send({ method: 'DELETE', path }, path, answer),
    stream,
  };
};
