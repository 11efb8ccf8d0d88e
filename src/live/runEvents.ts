import { ApiError } from '../rest/errors/apiError.ts';
import { InvalidResponseError } from '../rest/errors/invalidResponseError.ts';
import type { RunEvent } from '../rest/runEvents.ts';
import { eventsBetween, type RunSnapshot } from './runSnapshot.ts';

/** What an event tells of. */
export type EventKind = 'thread' | 'run' | 'step' | 'stepDelta' | 'message' | 'messageDelta';

export const kindOf = ({ event }: RunEvent): EventKind => {
  if (event === 'thread.created') return 'thread';
  if (event === 'thread.message.delta') return 'messageDelta';
  if (event === 'thread.run.step.delta') return 'stepDelta';
  if (event.startsWith('thread.message.')) return 'message';
  return event.startsWith('thread.run.step.') ? 'step' : 'run';
};

/** An event's place among the events of its run, from 1; null where the upstream does not number them. */
export const sequenceOf = ({ id }: RunEvent): number | null =>
  id !== null && /^[1-9]\d*$/.test(id) && Number(id) <= MAX_INT ? Number(id) : null;

/** The largest that GraphQL's `Int` holds. */
const MAX_INT = 2 ** 31 - 1;

/** Values for one reader, who can leave at once, also while one is waited for. */
export interface Source<Value> extends AsyncIterableIterator<Value, undefined> {
  return(): Promise<IteratorResult<Value, undefined>>;
}

/** A source whose first value is there, so that a failure to get it is thrown here, before anything is subscribed to. */
export const begun = async <Value>(source: Source<Value>): Promise<Source<Value>> => {
  let first: IteratorResult<Value, undefined> | undefined = await source.next();
  const values: Source<Value> = {
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

/** The events of a run that can only be read: what changed from one snapshot to the next, without numbers. */
export const eventsFrom = (snapshots: Source<RunSnapshot>): Source<RunEvent> => {
  const changes = changesOf(snapshots);
  const events: Source<RunEvent> = {
    [Symbol.asyncIterator]: () => events,
    next: () => changes.next(),
    return: async () => {
      // First, as the generator alone would wait for the snapshot that nobody wants any more.
      await snapshots.return();
      return changes.return(undefined);
    },
  };
  return events;
};

async function* changesOf(snapshots: Source<RunSnapshot>): AsyncGenerator<RunEvent, undefined, undefined> {
  let before: RunSnapshot | undefined;
  for await (const snapshot of snapshots) {
    yield* eventsBetween(before, snapshot);
    before = snapshot;
  }
  return undefined;
}

/** Whether an upstream has no stream of a run's events: what servers say of a path that they do not know, or take for another. */
export const cannotReplay = (error: unknown) =>
  error instanceof InvalidResponseError || (error instanceof ApiError && [404, 405, 501].includes(error.status));
