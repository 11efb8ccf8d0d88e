import type { Store, StoredRunEvent } from '../store/store.ts';
import { isTerminalStatus } from '../../wire/runStatus.ts';

/** Events that are read at once: so many, and no more, are in memory for each reader, however slow it is. */
const atOnce = 50;

/**
 * The events of a run numbered above `after`, as far as they are there and then as they come; ends when the run has
 * ended and all is read, when its thread is deleted, or when `signal` is aborted.
 */
export async function* eventsOf(
  store: Store,
  runId: string,
  after: number,
  signal: AbortSignal,
): AsyncGenerator<StoredRunEvent[], void, undefined> {
  let wake: (() => void) | undefined;
  let isNews = true;
  const tellNews = () => {
    isNews = true;
    wake?.();
  };
  const unwatch = store.onRunChange(runId, tellNews);
  signal.addEventListener('abort', tellNews);
  try {
    let known = after;
    while (!signal.aborted) {
      isNews = false;
      // The run is read before its events: one that had ended by then has all its events in what is read next.
      const record = await store.runs.find(runId);
      const events = await store.events.after(runId, known, atOnce);
      const last = events.at(-1);
      if (last !== undefined) {
        known = last.sequence;
        yield events;
        continue;
      }
      if (record === undefined || isTerminalStatus(record.run.status)) return;
      if (!isNews) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    unwatch();
    signal.removeEventListener('abort', tellNews);
  }
}
