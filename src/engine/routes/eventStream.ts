import { eventsOf } from '../runs/eventLog.ts';
import { isTerminalStatus } from '../../wire/runStatus.ts';
import type { StoredRunEvent } from '../store/store.ts';
import type { Services } from './services.ts';

const frame = ({ sequence, event, json }: StoredRunEvent) => `id: ${sequence}\nevent: ${event}\ndata: ${json}\n\n`;
const doneFrame = 'event: done\ndata: [DONE]\n\n';
/** A comment, which readers pass over. */
const stillHere = ': still here\n\n';

/** Milliseconds of silence after which a stream says that it is still there: many proxies cut what is silent for a minute. */
const longestSilence = 15_000;

/** What a stream ends with: after `requires_action` a run waits for its client, so that there is nothing to wait for here. */
type StreamEnd = 'requires_action' | 'terminal';

/**
 * A run's events numbered above `after`, as server-sent events whose ids are the events' numbers. Nothing is read that
 * the client has not made room for. A client that goes away ends the reading and nothing else.
 */
export const eventStream = ({ store, closing }: Services, runId: string, after: number, end: StreamEnd): Response => {
  const gone = new AbortController();
  const leave = () => gone.abort();
  closing.addEventListener('abort', leave, { once: true });
  const batches = eventsOf(store, runId, after, gone.signal);
  const encoder = new TextEncoder();

  let reading: ReturnType<typeof batches.next> | undefined;
  /** Undefined where nothing has happened for a while. */
  const nextBatch = async () => {
    reading ??= batches.next();
    const batch = await within(longestSilence, reading);
    if (batch !== undefined) reading = undefined;
    return batch;
  };

  const next = async (): Promise<{ text: string; isLast: boolean }> => {
    const batch = await nextBatch();
    if (batch === undefined) return { text: stillHere, isLast: false };
    if (batch.done) {
      // Without `done` a reader knows that it was cut off: by our shutdown, or as the thread was deleted.
      const record = gone.signal.aborted ? undefined : await store.runs.find(runId);
      const isDone = record !== undefined && isTerminalStatus(record.run.status);
      return { text: isDone ? doneFrame : '', isLast: true };
    }
    const stop = batch.value.findIndex(
      ({ event }) => end === 'requires_action' && event === 'thread.run.requires_action',
    );
    if (stop === -1) return { text: batch.value.map(frame).join(''), isLast: false };
    return {
      text:
        batch.value
          .slice(0, stop + 1)
          .map(frame)
          .join('') + doneFrame,
      isLast: true,
    };
  };

  const finish = async () => {
    closing.removeEventListener('abort', leave);
    leave();
    await batches.return();
  };

  const body = new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        const { text, isLast } = await next();
        if (text !== '') controller.enqueue(encoder.encode(text));
        if (!isLast) return;
        await finish();
        controller.close();
      },
      cancel: finish,
    },
    { highWaterMark: 0 },
  );
  return new Response(body, {
    headers: { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' },
  });
};

/** What `promise` resolves with, if it does so in time; else undefined. */
const within = <Result>(milliseconds: number, promise: Promise<Result>): Promise<Result | undefined> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
