import { Repeater } from '@repeaterjs/repeater';
import { ApiError } from '../rest/errors/apiError.ts';
import type { RunEvent } from '../rest/runEvents.ts';
import { eventsBetween, type RunSnapshot } from './runSnapshot.ts';

/** An event and its place among the events of its run, from 1; null where the upstream does not number them. */
export type NumberedEvent = RunEvent & { sequence: number | null };

/** What an event tells of. */
export type EventKind = 'thread' | 'run' | 'step' | 'stepDelta' | 'message' | 'messageDelta';

export const kindOf = (event: NumberedEvent['event']): EventKind => {
  if (event === 'thread.created') return 'thread';
  if (event === 'thread.message.delta') return 'messageDelta';
  if (event === 'thread.run.step.delta') return 'stepDelta';
  if (event.startsWith('thread.message.')) return 'message';
  return event.startsWith('thread.run.step.') ? 'step' : 'run';
};

/** Ends at once when it is returned from, also while a value is waited for. */
interface Source<Value> {
  next(): Promise<IteratorResult<Value, unknown>>;
  return(): Promise<IteratorResult<Value, unknown>>;
}

const numbered = (event: RunEvent): NumberedEvent => {
  const sequence = event.id !== null && /^\d+$/.test(event.id) ? Number(event.id) : null;
  return { ...event, sequence };
};

/**
 * The events of a stream that has begun, so that a refusal is thrown here, before anything is subscribed to. Nothing is
 * read ahead of whoever asks.
 */
export const begun = async (stream: Source<RunEvent>): Promise<AsyncIterableIterator<NumberedEvent>> => {
  let first: Promise<IteratorResult<RunEvent, unknown>> | undefined = Promise.resolve(await stream.next());
  const events: AsyncIterableIterator<NumberedEvent> = {
    [Symbol.asyncIterator]: () => events,
    next: async (): Promise<IteratorResult<NumberedEvent, undefined>> => {
      const result = await (first ?? stream.next());
      first = undefined;
      return result.done === true ? { done: true, value: undefined } : { done: false, value: numbered(result.value) };
    },
    return: async () => {
      await stream.return();
      return { done: true, value: undefined };
    },
  };
  return events;
};

/** The events of a run that can only be read: what changed from one snapshot to the next, without numbers. */
export const eventsFrom = (snapshots: Source<RunSnapshot>): Repeater<NumberedEvent> =>
  new Repeater(async (push, stop) => {
    void stop.then(() => snapshots.return());
    let before: RunSnapshot | undefined;
    for (let read = await snapshots.next(); read.done !== true; read = await snapshots.next()) {
      for (const event of eventsBetween(before, read.value)) await push(numbered(event));
      before = read.value;
    }
    stop();
  });

/** Whether an upstream has no list of a run's events: the answer to a path that it does not know. */
export const cannotReplay = (error: unknown) =>
  error instanceof ApiError && (error.status === 404 || error.status === 405);
