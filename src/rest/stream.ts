import { type Abandonment, Ending } from './abandonment.ts';
import type { Answer } from './answer.ts';
import type { RestCall } from './call.ts';
import { type Chunks, chunksOf } from './chunks.ts';
import { withinDeadline } from './deadline.ts';
import { AbortedError } from './errors/abortedError.ts';
import { StreamEndedError } from './errors/streamEndedError.ts';
import { type Decode, eventReader, type ServerSentEvent } from './events.ts';
import { invalidResponse } from './invalidResponse.ts';
import { streamedRefusalOf } from './refusal.ts';
import { resultOf } from './result.ts';
import type { RestResponse } from './transport.ts';

/** What a stream needs of the client that opens it. */
export interface StreamCall {
  readonly call: RestCall;
  /** Until the answer begins. */
  readonly timeoutMs: number;
  /** From one piece of it to the next. */
  readonly idleTimeoutMs: number;
  readonly abandonment: Abandonment;
  readonly clean: (text: string) => string;
  readonly open: (abandonment: Abandonment) => Promise<RestResponse>;
}

/** Events, one at a time, by whoever asks for the next. */
export interface EventStream<T> extends AsyncIterableIterator<T, undefined, undefined> {
  /** Sends the call, and resolves once the server has agreed to stream: of a quiet stream, long before the first event. */
  begin(): Promise<void>;
  /** Ends the request at once, also while an event is waited for. */
  return(): Promise<IteratorResult<T, undefined>>;
}

/**
 * The events of a streaming call, which is sent when it is begun or the first event is asked for; nothing is read ahead of
 * whoever asks. Ends after the stream's `done`. Rejects as other calls do, with ApiError also for an `error` event, and with
 * StreamEndedError where the stream ends without `done`.
 */
export const streamOf = <T>(stream: StreamCall, decode: Decode<T>): EventStream<T> => {
  const connection = connectionOf(stream);
  let left = false;
  const events = eventsOf(stream, decode, connection, () => left);
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    begin: async () => {
      await connection.begin();
    },
    next: () => events.next(),
    // A generator alone would first wait for the event that nobody wants any more.
    return: () => {
      left = true;
      connection.end();
      return events.return(undefined);
    },
  };
};

/** The answer of a streaming call, and what lets go of it. */
const connectionOf = ({ call, timeoutMs, abandonment, clean, open }: StreamCall) => {
  const ending = new Ending();
  let chunks: Chunks | undefined;
  const end = () => {
    abandonment.forget(end);
    chunks?.cancel();
    ending.end();
  };
  const begin = async () => {
    if (abandonment.happened) throw new AbortedError(call);
    abandonment.remember(end);
    try {
      return await withinDeadline(call, timeoutMs, ending, async () => {
        const response = await accepted(call, await open(ending), clean);
        chunks = chunksOf(response.body);
        if (ending.happened) chunks.cancel(); // it came too late
        return { response, chunks };
      });
    } catch (error) {
      end();
      throw error;
    }
  };
  let beginning: ReturnType<typeof begin> | undefined;
  return { ending, end, begin: () => (beginning ??= begin()) };
};

async function* eventsOf<T>(
  { call, idleTimeoutMs, clean }: StreamCall,
  decode: Decode<T>,
  { begin, end, ending }: ReturnType<typeof connectionOf>,
  hasLeft: () => boolean,
): AsyncGenerator<T, undefined, undefined> {
  try {
    const { response, chunks } = await begin();
    const invalid = (problem: string) => invalidResponse(call, response, problem, clean);
    const eventsIn = eventReader(() => invalid('holds an event larger than can be read'));
    for (;;) {
      const chunk = await withinDeadline(call, idleTimeoutMs, ending, () =>
        chunks.read().catch(() => {
          throw new StreamEndedError(call);
        }),
      );
      if (chunk === undefined) throw new StreamEndedError(call);
      for (const event of eventsIn(chunk)) {
        if (isDone(event)) return undefined;
        if (isError(event)) throw streamedRefusalOf(call, response, event.data, clean);
        const value = decode(event, invalid);
        if (value !== undefined) yield value;
      }
    }
  } catch (error) {
    if (!hasLeft()) throw error;
    return undefined;
  } finally {
    end();
  }
}

/** The answer, if it is a stream of events; else reads it as the refusal, or the misunderstanding, that it is. */
const accepted = async (call: RestCall, response: RestResponse, clean: (text: string) => string) => {
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
  return response.status < 300 && isStream ? response : resultOf(call, response, noStream, clean);
};

const noStream: Answer<never> = (_body, invalid) => {
  throw invalid('is no stream of events, though one was asked for');
};

const isDone = ({ event, data }: ServerSentEvent) => event === 'done' || data.startsWith('[DONE]');

/** Some servers do not name the event, and tell an error from others by its member `error` alone. */
const isError = ({ event, data }: ServerSentEvent) =>
  event === 'error' || (event === undefined && /^\s*\{\s*"error"\s*:\s*\{/.test(data));
