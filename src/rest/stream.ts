import { type Abandonment, abandonmentOf } from './abandonment.ts';
import type { Answer } from './answer.ts';
import type { RestCall } from './call.ts';
import { chunksOf } from './chunks.ts';
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
  readonly open: (signal: AbortSignal) => Promise<RestResponse>;
}

/** Events, one at a time, by whoever asks for the next. */
export interface EventStream<T> extends AsyncIterableIterator<T, void, undefined> {
  /** Ends the request at once, also while an event is waited for. */
  return(): Promise<IteratorResult<T, void>>;
}

/**
 * The events of a streaming call, which is sent when the first is asked for; nothing is read ahead of whoever asks. Ends
 * after the stream's `done`. Rejects as other calls do, with ApiError also for an `error` event, and with
 * StreamEndedError where the stream ends without `done`.
 */
export const streamOf = <T>(stream: StreamCall, decode: Decode<T>): EventStream<T> => {
  const ending = new AbortController();
  let left = false;
  const events = eventsOf(stream, decode, ending, () => left);
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    next: () => events.next(),
    // A generator alone would first wait for the event that nobody wants any more.
    return: () => {
      left = true;
      ending.abort();
      return events.return();
    },
  };
};

async function* eventsOf<T>(
  { call, timeoutMs, idleTimeoutMs, abandonment, clean, open }: StreamCall,
  decode: Decode<T>,
  ending: AbortController,
  hasLeft: () => boolean,
): AsyncGenerator<T, void, undefined> {
  if (abandonment.happened) throw new AbortedError(call);
  const end = () => ending.abort();
  const ended = abandonmentOf(ending.signal);
  abandonment.remember(end);
  let letGo = end;
  try {
    const response = await withinDeadline(call, timeoutMs, ended, async () =>
      accepted(call, await open(ending.signal), clean),
    );
    const invalid = (problem: string) => invalidResponse(call, response, problem, clean);
    const eventsIn = eventReader(() => invalid('holds an event larger than can be read'));
    const chunks = chunksOf(response.body);
    letGo = () => {
      chunks.cancel();
      end();
    };
    for (;;) {
      const chunk = await withinDeadline(call, idleTimeoutMs, ended, () =>
        chunks.read().catch(() => {
          throw new StreamEndedError(call);
        }),
      );
      if (chunk === undefined) throw new StreamEndedError(call);
      for (const event of eventsIn(chunk)) {
        if (isDone(event)) return;
        if (isError(event)) throw streamedRefusalOf(call, response, event.data, clean);
        const value = decode(event, invalid);
        if (value !== undefined) yield value;
      }
    }
  } catch (error) {
    if (!hasLeft()) throw error;
  } finally {
    abandonment.forget(end);
    letGo();
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
