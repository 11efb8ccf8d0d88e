import type { RestCall } from './call.ts';
import { type Cancellation, ManualCancellation } from './cancellation.ts';
import { type Chunks, chunksOf } from './chunks.ts';
import type { CircuitBreaker } from './circuitBreaker.ts';
import { type OperationDeadline, withinDeadline } from './deadline.ts';
import { streamedApiErrorOf } from './errorResponse.ts';
import { AbortedError } from './errors/abortedError.ts';
import { StreamEndedError } from './errors/streamEndedError.ts';
import { type DecodeEvent, eventReader, type ServerSentEvent } from './events.ts';
import type { Release } from './fairQueue.ts';
import type { RestResponse } from './fetch.ts';
import { invalidResponse } from './invalidResponse.ts';
import type { ParseBody } from './parseBody.ts';
import { readResult } from './readResult.ts';
import type { Redactor } from './redact.ts';
import { retried, type Retries } from './retry.ts';
import type { StreamLimit } from './streamLimit.ts';

/** What a stream needs of the client that opens it. Times are in milliseconds. */
export interface StreamCall {
  readonly call: RestCall;
  /** Until the response begins. */
  readonly timeoutMs: number;
  /** From one piece of the body to the next. */
  readonly idleTimeoutMs: number;
  /** By when the response must have begun. */
  readonly deadline: OperationDeadline | undefined;
  /** Of the attempts to begin: once it has begun, a stream is not retried. */
  readonly retries: Retries;
  readonly streams: StreamLimit | undefined;
  readonly breaker: CircuitBreaker | undefined;
  readonly cancellation: Cancellation;
  readonly redactor: Redactor;
  readonly open: (cancellation: Cancellation) => Promise<RestResponse>;
  /** Throws what an error of the call means. */
  readonly explain: (error: unknown) => Promise<never>;
}

/** Events, read one at a time by the consumer. */
export interface EventStream<T> extends AsyncIterableIterator<T, undefined, undefined> {
  /** Sends the call, and resolves when the server has accepted it: on a quiet stream, long before the first event. */
  begin(): Promise<void>;
  /** Ends the request at once, also while `next` is pending. */
  return(): Promise<IteratorResult<T, undefined>>;
}

/**
 * The events of a streaming call. The call is sent by `begin` or the first `next`; nothing is read ahead of the consumer.
 * Ends with the stream's `done`. Rejects as other calls do, with ApiError also for an `error` event, and with
 * StreamEndedError if the stream ends without `done`.
 */
export const streamOf = <T>(stream: StreamCall, decode: DecodeEvent<T>): EventStream<T> => {
  const connection = connectionOf(stream, acceptedStream);
  let hasReturned = false;
  const events = eventsOf(stream, decode, connection, () => hasReturned);
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    begin: async () => {
      await connection.begin();
    },
    next: () => events.next(),
    // A generator's own `return` would first wait for the pending event.
    return: () => {
      hasReturned = true;
      connection.end();
      return events.return(undefined);
    },
  };
};

/** The response of a streaming call, and the means to end it. `accepted` rejects for a response that is none. */
export const connectionOf = (
  { call, timeoutMs, deadline, retries, streams, breaker, cancellation, open, explain }: StreamCall,
  accepted: (call: RestCall, response: RestResponse) => Promise<RestResponse>,
) => {
  const own = new ManualCancellation();
  let chunks: Chunks | undefined;
  let release: Release | undefined;
  const end = () => {
    cancellation.removeListener(end);
    chunks?.cancel();
    own.cancel();
    release?.();
    release = undefined;
  };
  const once = () =>
    withinDeadline(
      call,
      timeoutMs,
      own,
      async () => {
        const response = await accepted(call, await open(own));
        chunks = chunksOf(response.body);
        if (own.isCancelled) chunks.cancel(); // too late
        return { response, chunks };
      },
      deadline,
    );
  const attempt = () => (breaker === undefined ? once() : breaker.run(call, once));
  const begin = async () => {
    if (cancellation.isCancelled) throw new AbortedError(call);
    cancellation.addListener(end);
    try {
      release = streams?.acquire(call);
      return await attempt()
        .catch((error: unknown) => retried(call, attempt, error, retries, own))
        .catch(explain);
    } catch (error) {
      end();
      throw error;
    }
  };
  let beginning: ReturnType<typeof begin> | undefined;
  return { own, end, begin: () => (beginning ??= begin()) };
};

async function* eventsOf<T>(
  { call, idleTimeoutMs, redactor }: StreamCall,
  decode: DecodeEvent<T>,
  { begin, end, own }: ReturnType<typeof connectionOf>,
  hasReturned: () => boolean,
): AsyncGenerator<T, undefined, undefined> {
  try {
    const { response, chunks } = await begin();
    const invalid = (problem: string) => invalidResponse(call, response, problem);
    const eventsIn = eventReader(() => invalid('holds an event larger than can be read'));
    for (;;) {
      const chunk = await withinDeadline(call, idleTimeoutMs, own, () =>
        chunks.read().catch(() => {
          throw new StreamEndedError(call);
        }),
      );
      if (chunk === undefined) throw new StreamEndedError(call);
      for (const event of eventsIn(chunk)) {
        if (isDone(event)) return undefined;
        if (isError(event)) throw streamedApiErrorOf(call, response, redactor.text(event.data));
        const value = decode({ ...event, data: redactor.data(event.data) }, invalid);
        if (value !== undefined) yield value;
      }
    }
  } catch (error) {
    if (!hasReturned()) throw error;
    return undefined;
  } finally {
    end();
  }
}

/** The response if it is a stream of events; otherwise rejects with the error that it is. */
const acceptedStream = async (call: RestCall, response: RestResponse) => {
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
  return response.status < 300 && isStream ? response : readResult(call, response, rejectNoStream);
};

const rejectNoStream: ParseBody<never> = (_body, invalid) => {
  throw invalid('is not a stream of events, but one was requested');
};

const isDone = ({ event, data }: ServerSentEvent) => event === 'done' || data.startsWith('[DONE]');

/** Some servers do not name the event: an error then has only its member `error`. */
const isError = ({ event, data }: ServerSentEvent) =>
  event === 'error' || (event === undefined && /^\s*\{\s*"error"\s*:\s*\{/.test(data));
