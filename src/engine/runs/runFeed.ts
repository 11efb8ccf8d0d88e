import { isTerminalStatus } from '../../wire/runStatus.ts';
import type { StoredRunEvent } from '../store/access/events.ts';
import type { RunChange } from '../store/changeNotifier.ts';
import type { TenantStore } from '../store/store.ts';
import { eventsOfEndedRun } from './endedRunEvents.ts';

/** Maximum number of committed events that wait in memory for one reader, however slow it is. */
const maxQueued = 200;

const runEvent = 'thread.run.';

/** Whether the run has ended with this event, which is then its last one. */
const endsRun = ({ event }: StoredRunEvent): boolean =>
  event.startsWith(runEvent) && isTerminalStatus(event.slice(runEvent.length));

/**
 * The events of a run for one reader: those of this process as they are committed, and the stored ones if the reader joins
 * late or is slow, or if another process writes them.
 */
export class RunFeed {
  readonly #store: TenantStore;
  readonly #runId: string;
  readonly #unsubscribe: () => void;
  #queue: StoredRunEvent[] = [];
  /** The number of the latest event that was queued or read. */
  #last: number;
  /** Whether there may be events in the store that follow those in the queue. */
  #isBehind: boolean;
  #isReading = false;
  #isClosed = false;
  #hasEnded = false;
  #isInterrupted = false;
  #wake: (() => void) | undefined;

  constructor(store: TenantStore, runId: string, after: number, isBehind: boolean) {
    this.#store = store;
    this.#runId = runId;
    this.#last = after;
    this.#isBehind = isBehind;
    this.#unsubscribe = store.onRunChange(runId, (change) => this.#add(change));
  }

  /** Whether `next` has returned the last event of a run that has ended. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** The next events; none if `interrupt` was called before there were any. Undefined after the last one of a run that has ended, if the thread was deleted, and once the feed is closed. */
  async next(): Promise<StoredRunEvent[] | undefined> {
    while (!this.#isClosed) {
      if (this.#queue.length > 0) return this.#returned(this.#queue.splice(0));
      if (this.#isInterrupted) {
        this.#isInterrupted = false;
        return [];
      }
      if (!this.#isBehind) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        continue;
      }
      const events = await this.#read();
      if (events.length > 0) return this.#returned(events);
    }
    return undefined;
  }

  /** Makes `next` return if it waits for events. */
  interrupt(): void {
    this.#isInterrupted = true;
    this.#wake?.();
  }

  /** Ends the feed at once, also while `next` is pending. */
  close(): void {
    this.#isClosed = true;
    this.#unsubscribe();
    this.#wake?.();
  }

  #returned(events: StoredRunEvent[]): StoredRunEvent[] {
    const last = events.at(-1);
    if (last !== undefined && endsRun(last)) this.#end();
    return events;
  }

  #end() {
    this.#hasEnded = true;
    this.close();
  }

  #add(change: RunChange) {
    const events = (change?.events ?? []).filter(({ sequence }) => sequence > this.#last);
    const isNext = events[0]?.sequence === this.#last + 1;
    if (isNext && !this.#isBehind && !this.#isReading && this.#queue.length + events.length <= maxQueued) {
      this.#queue.push(...events);
      this.#last += events.length;
    } else if (change?.events === undefined || events.length > 0) this.#isBehind = true;
    else return;
    this.#wake?.();
  }

  /** The stored events after the latest. If there are none and there will be none, the feed is closed. */
  async #read(): Promise<StoredRunEvent[]> {
    this.#isReading = true;
    this.#isBehind = false;
    try {
      const stored = () => this.#store.events.after(this.#runId, this.#last);
      const follows = ([first]: StoredRunEvent[]) => first?.sequence === this.#last + 1;
      let { events, hasMore } = await stored();
      if (!follows(events)) {
        // The run is read before its events: if it has ended by then, the events read next are complete.
        const record = await this.#store.runs.find(this.#runId);
        ({ events, hasMore } = await stored());
        if (record === undefined) this.close();
        else if (isTerminalStatus(record.run.status) && !follows(events)) {
          events = (await eventsOfEndedRun(this.#store, record)).filter(({ sequence }) => sequence > this.#last);
          if (events.length === 0) this.#end();
        }
      }
      this.#last = events.at(-1)?.sequence ?? this.#last;
      if (hasMore) this.#isBehind = true;
      return events;
    } finally {
      this.#isReading = false;
    }
  }
}

/** The events of a run numbered above `after`. */
export const openRunFeed = (store: TenantStore, runId: string, after: number): RunFeed =>
  new RunFeed(store, runId, after, true);

/** All events of a run that is created in a transaction that has not been committed: none has to be read. */
export const openNewRunFeed = (store: TenantStore, runId: string): RunFeed => new RunFeed(store, runId, 0, false);
