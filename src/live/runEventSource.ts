import { ApiError } from '../rest/errors/apiError.ts';
import { InvalidResponseError } from '../rest/errors/invalidResponseError.ts';
import type { ReceivedRunEvent } from '../rest/decodeRunEvent.ts';
import { eventsBetween, type RunSnapshot } from './runSnapshot.ts';

/** The type of the object in an event. */
export type EventKind = 'thread' | 'run' | 'step' | 'stepDelta' | 'message' | 'messageDelta';

export const eventKindOf = ({ event }: ReceivedRunEvent): EventKind => {
  if (event === 'thread.created') return 'thread';
  if (event === 'thread.message.delta') return 'messageDelta';
  if (event === 'thread.run.step.delta') return 'stepDelta';
  if (event.startsWith('thread.message.')) return 'message';
  return event.startsWith('thread.run.step.') ? 'step' : 'run';
};

/** The position of an event among those of its run, from 1; null if the upstream does not number them. */
export const sequenceOf = ({ id }: ReceivedRunEvent): number | null =>
  id !== null && /^[1-9]\d*$/.test(id) && Number(id) <= MAX_INT ? Number(id) : null;

/** The largest value of GraphQL's `Int`. */
const MAX_INT = 2 ** 31 - 1;

/** An iterator for one reader. `return` ends it at once, also while `next` is pending. */
export interface LiveSource<Value> extends AsyncIterableIterator<Value, undefined> {
  return(): Promise<IteratorResult<Value, undefined>>;
}

/** Waits for the first value of a source: an error before it rejects here, before the subscription begins. */
export const withFirstValue = async <Value>(source: LiveSource<Value>): Promise<LiveSource<Value>> => {
  let first: IteratorResult<Value, undefined> | undefined = await source.next();
  const values: LiveSource<Value> = {
    [Symbol.asyncIterator]: () => values,
    next: async () => {
      const taken = first;
      first = undefined;
      return taken ?? source.next();
    },
    return: () => source.return(),
  };
  return values;
};

/** The events of a run that can only be polled: the changes from one snapshot to the next, without numbers. */
export const eventsFrom = (snapshots: LiveSource<RunSnapshot>): LiveSource<ReceivedRunEvent> => {
  const changes = changesOf(snapshots);
  const events: LiveSource<ReceivedRunEvent> = {
    [Symbol.asyncIterator]: () => events,
    next: () => changes.next(),
    return: async () => {
      // First: the generator's own `return` would wait for the pending snapshot.
      await snapshots.return();
      return changes.return(undefined);
    },
  };
  return events;
};

async function* changesOf(snapshots: LiveSource<RunSnapshot>): AsyncGenerator<ReceivedRunEvent, undefined, undefined> {
  let before: RunSnapshot | undefined;
  for await (const snapshot of snapshots) {
    yield* eventsBetween(before, snapshot);
    before = snapshot;
  }
  return undefined;
}

/** Whether the error means that the upstream has no event stream of a run: servers return these for unknown paths. */
export const cannotReplay = (error: unknown) =>
  error instanceof InvalidResponseError || (error instanceof ApiError && [404, 405, 501].includes(error.status));
