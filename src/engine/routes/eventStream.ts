import { runEventsAfter } from '../runs/runEvents.ts';
import { isTerminalStatus } from '../../wire/runStatus.ts';
import type { StoredRunEvent } from '../store/access/events.ts';
import { eventWithoutSearchContent } from '../searchContent.ts';
import type { RouteDependencies } from './routeDependencies.ts';

const frame = ({ sequence, event, json }: StoredRunEvent) => `id: ${sequence}\nevent: ${event}\ndata: ${json}\n\n`;
const doneFrame = 'event: done\ndata: [DONE]\n\n';
/** A comment, which readers ignore. */
const keepAlive = ': keep-alive\n\n';

/** Milliseconds without an event after which a comment is sent: many proxies close a connection that is idle for a minute. */
const keepAliveMs = 15_000;

export interface EventStreamOptions {
  /** Events numbered above it are sent. */
  after: number;
  /** Where the stream ends. In `requires_action` a run waits for its client, so that no events follow. */
  end: 'requires_action' | 'terminal';
  /** Whether events have the texts that file searches found. False by default. */
  hasSearchContent?: boolean | undefined;
}

/**
 * The events of a run, as server-sent events with these numbers as ids. Events are read only as fast
 * as the client consumes them. A client that disconnects does not affect the run.
 */
export const eventStream = (
  { store, closing }: RouteDependencies,
  runId: string,
  { after, end, hasSearchContent = false }: EventStreamOptions,
): Response => {
  const textOf = (events: StoredRunEvent[]) =>
    events.map((event) => frame(hasSearchContent ? event : eventWithoutSearchContent(event))).join('');
  const cancellation = new AbortController();
  const cancel = () => cancellation.abort();
  closing.addEventListener('abort', cancel, { once: true });
  const batches = runEventsAfter(store, runId, after, cancellation.signal);
  const encoder = new TextEncoder();

  let reading: ReturnType<typeof batches.next> | undefined;
  /** Undefined after `keepAliveMs` without an event. */
  const nextBatch = async () => {
    reading ??= batches.next();
    const batch = await withTimeout(keepAliveMs, reading);
    if (batch !== undefined) reading = undefined;
    return batch;
  };

  const next = async (): Promise<{ text: string; isLast: boolean }> => {
    const batch = await nextBatch();
    if (batch === undefined) return { text: keepAlive, isLast: false };
    if (batch.done) {
      // A stream without `done` was cut off: by a shutdown, or because the thread was deleted.
      const record = cancellation.signal.aborted ? undefined : await store.runs.find(runId);
      const isDone = record !== undefined && isTerminalStatus(record.run.status);
      return { text: isDone ? doneFrame : '', isLast: true };
    }
    const stop = batch.value.findIndex(
      ({ event }) => end === 'requires_action' && event === 'thread.run.requires_action',
    );
    if (stop === -1) return { text: textOf(batch.value), isLast: false };
    return { text: textOf(batch.value.slice(0, stop + 1)) + doneFrame, isLast: true };
  };

  const finish = async () => {
    closing.removeEventListener('abort', cancel);
    cancel();
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

/** The result of `promise`; undefined if it is not there in time. */
const withTimeout = <Result>(milliseconds: number, promise: Promise<Result>): Promise<Result | undefined> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
