import type { RunFeed } from '../runs/runFeed.ts';
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
  /** Where the stream ends. In `requires_action` a run waits for its client, so that no events follow. */
  end: 'requires_action' | 'terminal';
  /** Whether events have the texts that file searches found. False by default. */
  hasSearchContent?: boolean | undefined;
}

/**
 * The events of a run, as server-sent events with their numbers as ids. Events are read only as fast
 * as the client consumes them. A client that disconnects does not affect the run.
 */
export const eventStream = (
  { closing }: Pick<RouteDependencies, 'closing'>,
  feed: RunFeed,
  { end, hasSearchContent = false }: EventStreamOptions,
): Response => {
  const textOf = (events: StoredRunEvent[]) =>
    events.map((event) => frame(hasSearchContent ? event : eventWithoutSearchContent(event))).join('');
  const close = () => feed.close();
  closing.addEventListener('abort', close, { once: true });
  const encoder = new TextEncoder();

  let reading: ReturnType<typeof feed.next> | undefined;
  /** Undefined after `keepAliveMs` without an event; otherwise what the feed returns. */
  const nextEvents = async () => {
    reading ??= feed.next();
    const read = await withTimeout(
      keepAliveMs,
      reading.then((events) => ({ events })),
    );
    if (read !== undefined) reading = undefined;
    return read;
  };

  const next = async (): Promise<{ text: string; isLast: boolean }> => {
    const read = await nextEvents();
    if (read === undefined) return { text: keepAlive, isLast: false };
    const { events = [] } = read;
    const stop = events.findIndex(({ event }) => end === 'requires_action' && event === 'thread.run.requires_action');
    if (stop !== -1) return { text: textOf(events.slice(0, stop + 1)) + doneFrame, isLast: true };
    if (feed.hasEnded) return { text: textOf(events) + doneFrame, isLast: true };
    // A stream without `done` was cut off: by a shutdown, or because the thread was deleted.
    return { text: textOf(events), isLast: read.events === undefined };
  };

  const finish = () => {
    closing.removeEventListener('abort', close);
    close();
  };

  const body = new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        const { text, isLast } = await next();
        if (text !== '') controller.enqueue(encoder.encode(text));
        if (!isLast) return;
        finish();
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
