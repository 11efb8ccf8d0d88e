import { setTimeout as delay } from 'node:timers/promises';
import type { ReceivedRunEvent } from '../rest/decodeRunEvent.ts';
import { ApiError } from '../rest/errors/apiError.ts';
import { isTemporary } from '../rest/errors/temporary.ts';
import type { EventStream } from '../rest/stream.ts';
import type { PollInterval } from './pollInterval.ts';
import { type LiveSource, sequenceOf } from './runEventSource.ts';

/** Opens the stream of the events of a run that are numbered above `after`. */
export type OpenEvents = (after: number) => Promise<EventStream<ReceivedRunEvent>>;

/**
 * The events of a run from a stream that has begun. If the stream breaks off, it is opened again after the last event, for as
 * long as `interval` allows. Rejects as the stream does if its events have no numbers: it cannot be resumed then.
 */
export const resumingEvents = (
  begun: EventStream<ReceivedRunEvent>,
  after: number,
  open: OpenEvents,
  interval: PollInterval,
): LiveSource<ReceivedRunEvent> => {
  const returned = new AbortController();
  let stream = begun;
  let last: number | null = after;

  const reopened = async (failure: unknown): Promise<EventStream<ReceivedRunEvent>> => {
    if (last === null || returned.signal.aborted || !isTemporary(failure)) throw failure;
    const delayMs = interval.afterFailure(failure instanceof ApiError ? failure.retryAfter : null);
    if (delayMs === null) throw failure;
    await delay(delayMs, undefined, { signal: returned.signal }).catch(() => {
      throw failure;
    });
    return open(last).catch(reopened);
  };

  const next = async (): Promise<IteratorResult<ReceivedRunEvent, undefined>> => {
    try {
      const result = await stream.next();
      if (result.done === true) return result;
      last = sequenceOf(result.value);
      interval.afterRead(true, null);
      return result;
    } catch (error) {
      if (returned.signal.aborted) return { done: true, value: undefined };
      const resumed = await reopened(error).catch((failure: unknown) => {
        if (!returned.signal.aborted) throw failure;
      });
      if (resumed === undefined) return { done: true, value: undefined };
      stream = resumed;
      if (returned.signal.aborted) return stream.return();
      return next();
    }
  };

  const events: LiveSource<ReceivedRunEvent> = {
    [Symbol.asyncIterator]: () => events,
    next,
    return: () => {
      returned.abort();
      return stream.return();
    },
  };
  return events;
};
