import type { EventTexts } from '../engineRequest.ts';
import type { RunFeed } from '../runs/runFeed.ts';
import { eventWithoutSearchContent } from '../searchContent.ts';
import type { StoredRunEvent } from '../store/access/events.ts';
import type { RouteResult } from './route.ts';
import type { RouteDependencies } from './routeDependencies.ts';

const frame = ({ sequence, event, json }: StoredRunEvent) => `id: ${sequence}\nevent: ${event}\ndata: ${json}\n\n`;
const doneFrame = 'event: done\ndata: [DONE]\n\n';
/** A comment, which readers ignore. */
const keepAlive = ': keep-alive\n\n';

/** Milliseconds without an event after which a comment is sent: many proxies close a connection that is idle for a minute. */
const keepAliveMs = 15_000;

const headers = { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' };

export interface EventStreamOptions {
  /** Where the stream ends. In `requires_action` a run waits for its client, so that no events follow. */
  end: 'requires_action' | 'terminal';
  /** Whether events have the texts that file searches found. False by default. */
  hasSearchContent?: boolean | undefined;
}

/** The events of a run, as server-sent events with their numbers as ids. */
class RunEventTexts implements EventTexts {
  readonly #closing: AbortSignal;
  readonly #feed: RunFeed;
  readonly #options: EventStreamOptions;
  readonly #keepAlive: NodeJS.Timeout;
  #isOver = false;

  constructor(closing: AbortSignal, feed: RunFeed, options: EventStreamOptions) {
    this.#closing = closing;
    this.#feed = feed;
    this.#options = options;
    this.#keepAlive = setTimeout(() => feed.interrupt(), keepAliveMs).unref();
    closing.addEventListener('abort', this.#closeFeed, { once: true });
  }

  async next(): Promise<string | undefined> {
    if (this.#isOver) return undefined;
    this.#keepAlive.refresh();
    const events = await this.#feed.next().catch((error: unknown) => {
      this.close();
      throw error;
    });
    if (events?.length === 0) return keepAlive;
    if (events !== undefined || this.#feed.hasEnded) return this.#textOf(events ?? []);
    // A stream without `done` was cut off: by a shutdown, or because the thread was deleted.
    this.close();
    return undefined;
  }

  close(): void {
    this.#isOver = true;
    clearTimeout(this.#keepAlive);
    this.#closing.removeEventListener('abort', this.#closeFeed);
    this.#feed.close();
  }

  #textOf(events: StoredRunEvent[]): string {
    const { end, hasSearchContent } = this.#options;
    let text = '';
    for (const event of events) {
      text += frame(hasSearchContent === true ? event : eventWithoutSearchContent(event));
      if (end === 'requires_action' && event.event === 'thread.run.requires_action') return this.#ended(text);
    }
    return this.#feed.hasEnded ? this.#ended(text) : text;
  }

  #ended(text: string): string {
    this.close();
    return text + doneFrame;
  }

  readonly #closeFeed = () => this.#feed.close();
}

/** Events are read only as fast as the client consumes them. A client that disconnects does not affect the run. */
export const eventStream = (
  { closing }: Pick<RouteDependencies, 'closing'>,
  feed: RunFeed,
  options: EventStreamOptions,
): RouteResult => ({ events: new RunEventTexts(closing, feed, options), headers });
