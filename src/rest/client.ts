import { explainedNotFound } from './bareNotFound.ts';
import type { RestCall } from './call.ts';
import type { CallerOptions, WriteOptions } from './callerOptions.ts';
import { asError, observedCall, type ObservedCall } from './callObserver.ts';
import { type Cancellation, ManualCancellation } from './cancellation.ts';
import { withinDeadline } from './deadline.ts';
import { type Download, downloadOf } from './download.ts';
import { createEndpoint, type RestEndpoint, type RestEndpointOptions, type Query } from './endpoint.ts';
import { ApiError } from './errors/apiError.ts';
import { InvalidResponseError } from './errors/invalidResponseError.ts';
import type { DecodeEvent } from './events.ts';
import { sendFailure } from './failure.ts';
import type { FetchInit, RestResponse } from './fetch.ts';
import type { StreamedBody } from './formBody.ts';
import type { KnownOperations } from './knownOperations.ts';
import type { ParseBody } from './parseBody.ts';
import type { RestPath } from './path.ts';
import { readResult } from './readResult.ts';
import { bothRedactors, redactedResponse, redactorOf, secretsAmong } from './redact.ts';
import { retried, type Retries } from './retry.ts';
import { type EventStream, type StreamCall, streamOf } from './stream.ts';

export interface RestClientOptions extends RestEndpointOptions, Omit<CallerOptions, 'headers'> {}

/**
 * Makes REST calls. Each rejects with one of `errors/`: ApiError, TimeoutError, AbortedError, UnavailableError,
 * InvalidResponseError, OverloadedError or CircuitOpenError; and if a 404 does not name an object, as `explainedNotFound` says. Neither errors nor results contain the credentials that the
 * call was sent with: see `redact.ts`.
 *
 * Reads and deletions are retried after failures that may be temporary, and so are writes under an idempotency key. Other
 * writes are retried only if there was no connection on which they could have been sent.
 */
export interface RestClient {
  /** What has been found out about the upstream's operations. */
  readonly known: KnownOperations;
  get<T>(path: RestPath, parse: ParseBody<T>, query?: Query): Promise<T>;
  post<T>(path: RestPath, parse: ParseBody<T>, body?: object, query?: Query, write?: WriteOptions): Promise<T>;
  delete<T>(path: RestPath, parse: ParseBody<T>, write?: WriteOptions): Promise<T>;
  /** A POST whose body is streamed. It may take `extraMs` milliseconds longer than other calls. */
  upload<T>(path: RestPath, parse: ParseBody<T>, body: StreamedBody, extraMs: number, write?: WriteOptions): Promise<T>;
  /** A GET whose response is not JSON and can be of any size. */
  download(path: RestPath): Promise<Download>;
  /** A call that returns server-sent events: a POST if there is a body, otherwise a GET. See `streamOf`. */
  stream<T>(path: RestPath, decode: DecodeEvent<T>, body?: object, query?: Query, write?: WriteOptions): EventStream<T>;
}

const ACCEPT_STREAM = 'text/event-stream, application/json';

/** Runs are silent while a model computes. A run lasts at most 600 seconds. */
const IDLE_TIMEOUT_MS = 120_000;

/** A client for one caller. If callers share an upstream, create its endpoint once and use `clientOf`. */
export const createRestClient = (options: RestClientOptions): RestClient =>
  clientOf(createEndpoint(options), { ...options, headers: undefined });

/** A client for one caller of a shared upstream. Cheap enough to create for each request. */
export const clientOf = (endpoint: RestEndpoint, caller: CallerOptions): RestClient => {
  const { timeoutMs, idleTimeoutMs = IDLE_TIMEOUT_MS, cancellation = new ManualCancellation(), onCall } = caller;
  const { deadline, maxRetries = 0, queue, streams, roundTrips, observer } = caller;
  const { breaker, known } = endpoint;
  const { credentials } = caller;
  const headers = Object.assign({}, endpoint.headers, caller.headers, credentials);
  const redactor = credentials
    ? bothRedactors(redactorOf(secretsAmong(credentials)), endpoint.redactor)
    : endpoint.redactor;

  const initOf = (
    { method }: RestCall,
    body: object | undefined,
    write: WriteOptions | undefined,
    own: Cancellation,
    observed: ObservedCall | undefined,
    streamed?: StreamedBody,
  ): FetchInit => {
    const key = write?.idempotencyKey ?? undefined;
    const sent = observed?.headers === undefined ? headers : { ...headers, ...observed.headers };
    if (streamed !== undefined) {
      const { contentType, length, open } = streamed;
      const ownHeaders = { ...sent, 'content-type': contentType, 'content-length': String(length) };
      const keyed = key === undefined ? ownHeaders : { ...ownHeaders, 'idempotency-key': key };
      return { method, headers: keyed, upload: open(), cancellation: own };
    }
    if (body === undefined && key === undefined) return { method, headers: sent, cancellation: own };
    const ownHeaders = {
      ...sent,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    };
    if (body === undefined) return { method, headers: ownHeaders, cancellation: own };
    return { method, headers: ownHeaders, body: JSON.stringify(body), cancellation: own };
  };

  const retriesOf = ({ method }: RestCall, write: WriteOptions | undefined): Retries => ({
    max: maxRetries,
    isRepeatable: method !== 'POST' || write?.idempotencyKey != null,
    deadline,
  });

  const send = async <T>(
    call: RestCall,
    path: RestPath,
    parse: ParseBody<T>,
    { query, body, streamed, extraMs = 0, write, ifGone }: Sending<T>,
  ): Promise<T> => {
    const url = endpoint.urlOf(path, query);
    const once = (observed: ObservedCall | undefined) =>
      withinDeadline(
        call,
        timeoutMs + extraMs,
        cancellation,
        (own) => {
          const init = initOf(call, body, write, own, observed, streamed);
          return fetched(call, url, init, observed, (response) => readResult(call, response, parse));
        },
        deadline,
      );
    const attempt = async () => {
      const slot = queue?.acquire(call, deadline);
      const release = slot instanceof Promise ? await slot : slot;
      let observed: ObservedCall | undefined;
      const observedOnce = () => {
        observed = observer?.(call);
        return once(observed);
      };
      try {
        const result = await (breaker === undefined ? observedOnce() : breaker.run(call, observedOnce));
        observed?.ended(undefined);
        return result;
      } catch (error) {
        observed?.ended(asError(error));
        throw error;
      } finally {
        release?.();
      }
    };
    const counted = roundTrips?.();
    const roundTrip = counted?.begin() ?? 0;
    try {
      return await attempt();
    } catch (error) {
      return await retried(call, attempt, error, retriesOf(call, write), cancellation, ifGone).catch(
        explain(call, path),
      );
    } finally {
      counted?.end(roundTrip);
    }
  };

  const optionsStatus = (of: RestPath): Promise<number | null> =>
    send({ method: 'OPTIONS', path: of }, of, () => 200, {}).catch((error: unknown) => {
      if (error instanceof ApiError) return isDecisive(error.status) ? error.status : null;
      if (error instanceof InvalidResponseError) return error.status;
      throw error;
    });

  /** Throws what an error of a call means. */
  const explain = (call: RestCall, path: RestPath) => async (error: unknown) => {
    throw call.method === 'OPTIONS' ? error : await explainedNotFound(error, path, known, optionsStatus);
  };

  const streamCall = (
    path: RestPath,
    accept: string,
    body?: object,
    query?: Query,
    write?: WriteOptions,
  ): StreamCall => {
    const call: RestCall = { method: body === undefined ? 'GET' : 'POST', path };
    const open = (own: Cancellation) =>
      observedCall(observer, call, (observed) => {
        const init = initOf(call, body, write, own, observed);
        const streaming = { ...init, headers: { ...init.headers, accept }, streaming: true };
        return fetched(call, endpoint.urlOf(path, query), streaming, observed, (response) => response);
      });
    const retries = retriesOf(call, write);
    const limits = { timeoutMs, idleTimeoutMs, deadline, streams, retries };
    return { call, ...limits, breaker, cancellation, redactor, open, explain: explain(call, path) };
  };

  const fetched = <T>(
    call: RestCall,
    url: string,
    init: FetchInit,
    observed: ObservedCall | undefined,
    read: (response: RestResponse) => T | Promise<T>,
  ): Promise<T> => {
    onCall?.(call);
    return endpoint.fetch(url, init).then(
      (response) => {
        observed?.responded(response.status);
        return read(redactedResponse(response, redactor));
      },
      (error: unknown) => {
        throw sendFailure(call, endpoint.host, error);
      },
    );
  };

  return {
    known,
    get: (path, parse, query) => send({ method: 'GET', path }, path, parse, { query }),
    post: (path, parse, body, query, write) => send({ method: 'POST', path }, path, parse, { query, body, write }),
    delete: (path, parse, write) =>
      send({ method: 'DELETE', path }, path, parse, { write, ifGone: () => parse(deleted(path), unexpected) }),
    upload: (path, parse, streamed, extraMs, write) =>
      send({ method: 'POST', path }, path, parse, { streamed, extraMs, write }),
    download: (path) => downloadOf(streamCall(path, '*/*')),
    stream: (path, decode, body, query, write) => streamOf(streamCall(path, ACCEPT_STREAM, body, query, write), decode),
  };
};

interface Sending<T> {
  readonly query?: Query | undefined;
  readonly body?: object | undefined;
  readonly streamed?: StreamedBody | undefined;
  readonly extraMs?: number;
  readonly write?: WriteOptions | undefined;
  readonly ifGone?: () => T;
}

/** Whether a status says something about the path: not if the caller is rejected, or the server fails. */
const isDecisive = (status: number) => status !== 401 && status !== 403 && status !== 429 && status < 500;

/** The result of a deletion, as the API sends it. */
const deleted = (path: RestPath) => ({ id: decodeURIComponent(path.slice(path.lastIndexOf('/') + 1)), deleted: true });

const unexpected = (problem: string) => new Error(problem);
