import type { StoredRunEvent } from '../store/access/events.ts';
import type { TenantStore } from '../store/store.ts';
import { isTerminalStatus } from '../../wire/runStatus.ts';

/** Maximum number of events that are in memory for each reader, however slow it is. */
const batchSize = 50;

const runEvent = 'thread.run.';

/** Whether the run has ended with this event, which is then its last one. */
const endsRun = ({ event }: StoredRunEvent): boolean =>
  event.startsWith(runEvent) && isTerminalStatus(event.slice(runEvent.length));

/**
 * The events of a run numbered above `after`: first the stored ones, then new ones as they are committed. Ends after the
 * last event of a run that has ended, when the thread is deleted, or when `signal` is aborted.
 */
export async function* runEventsAfter(
  store: TenantStore,
  runId: string,
  after: number,
  signal: AbortSignal,
): AsyncGenerator<StoredRunEvent[], void, undefined> {
  let wake: (() => void) | undefined;
  let hasChanged = true;
  const onChange = () => {
    hasChanged = true;
    wake?.();
  };
  const unsubscribe = store.onRunChange(runId, onChange);
  signal.addEventListener('abort', onChange);
  try {
    let known = after;
    while (!signal.aborted) {
      hasChanged = false;
      let events = await store.events.after(runId, known, batchSize);
      if (events.length === 0) {
        // The run is read before its events: if it has ended by then, the events read next are complete.
        const record = await store.runs.find(runId);
        events = await store.events.after(runId, known, batchSize);
        if (events.length === 0 && (record === undefined || isTerminalStatus(record.run.status))) return;
      }
      const last = events.at(-1);
      if (last !== undefined) {
        known = last.sequence;
        yield events;
        if (endsRun(last)) return;
        if (events.length === batchSize) continue;
      }
      if (!hasChanged) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    unsubscribe();
    signal.removeEventListener('abort', onChange);
  }
}
