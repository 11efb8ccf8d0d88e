import { isDeepStrictEqual } from 'node:util';
import { setTimeout as pause } from 'node:timers/promises';
import { Repeater, SlidingBuffer } from '@repeaterjs/repeater';
import { isTerminal } from '../resolvers/run.ts';
import { ApiError } from '../rest/errors/apiError.ts';
import { TimeoutError } from '../rest/errors/timeoutError.ts';
import { UnavailableError } from '../rest/errors/unavailableError.ts';
import type { Received } from '../rest/received.ts';
import type { RestRun } from '../wire/run.ts';
import { type PaceLimits, PollPace } from './pollPace.ts';

type Run = Received<RestRun>;

/** Reads the run that is followed. `signal` is aborted once nobody follows it any more. */
export type ReadRun = (signal: AbortSignal) => Promise<{ object: Run; pollAfterMs: number | null }>;

/**
 * Follows runs by reading them, over any upstream. However many follow one run, it is read once for all of them; when the
 * last leaves, reading stops.
 */
export class RunFollowers {
  readonly #followers = new Map<string, Follower>();
  readonly #limits: PaceLimits;

  constructor(limits: PaceLimits) {
    this.#limits = limits;
  }

  /**
   * The run now, and at each change until it has ended. `key` tells runs apart, and callers that may not see the same.
   * Rejects as reading does; a failure that may pass is waited out. Of changes that a slow reader has not taken only the
   * last is kept, so that one which stopped reading for good costs no memory.
   */
  follow(key: string, read: ReadRun): Repeater<Run> {
    return new Repeater<Run>(async (push, stop) => {
      const follower = this.#followers.get(key) ?? this.#start(key, read);
      const reader = {
        put: (run: Run) => void push(run),
        end: stop,
      };
      follower.join(reader);
      await stop;
      follower.leave(reader);
    }, new SlidingBuffer(1));
  }

  #start(key: string, read: ReadRun) {
    const forget = () => {
      if (this.#followers.get(key) === follower) this.#followers.delete(key);
    };
    const follower = new Follower(read, new PollPace(this.#limits), forget);
    this.#followers.set(key, follower);
    return follower;
  }
}

interface Reader {
  put(run: Run): void;
  /** No more changes come; with an error, because of it. */
  end(error?: unknown): void;
}

class Follower {
  readonly #readers = new Set<Reader>();
  readonly #left = new AbortController();
  readonly #read: ReadRun;
  readonly #pace: PollPace;
  readonly #forget: () => void;
  #run: Run | undefined;

  constructor(read: ReadRun, pace: PollPace, forget: () => void) {
    this.#read = read;
    this.#pace = pace;
    this.#forget = forget;
    void this.#follow();
  }

  join(reader: Reader) {
    this.#readers.add(reader);
    if (this.#run) reader.put(this.#run);
  }

  leave(reader: Reader) {
    this.#readers.delete(reader);
    if (this.#readers.size > 0) return;
    this.#forget();
    this.#left.abort();
  }

  async #follow() {
    try {
      for (let pauseMs = await this.#look(); pauseMs !== null; pauseMs = await this.#look()) {
        await pause(pauseMs, undefined, { signal: this.#left.signal });
      }
      this.#end();
    } catch (error) {
      this.#end(error);
    }
  }

  #end(error?: unknown) {
    this.#forget();
    for (const reader of this.#readers) reader.end(error);
  }

  /** Reads the run once and tells of a change. The pause before the next reading, in milliseconds; null once it has ended. */
  async #look(): Promise<number | null> {
    try {
      const { object: run, pollAfterMs } = await this.#read(this.#left.signal);
      const changed = !isDeepStrictEqual(run, this.#run);
      this.#run = run;
      if (changed) for (const reader of this.#readers) reader.put(run);
      return isTerminal(run) ? null : this.#pace.afterReading(changed, pollAfterMs);
    } catch (error) {
      const pauseMs = mayPass(error) ? this.#pace.afterFailure(error instanceof ApiError ? error.retryAfter : null) : null;
      if (pauseMs === null) throw error;
      return pauseMs;
    }
  }
}

const mayPass = (error: unknown) =>
  error instanceof TimeoutError ||
  error instanceof UnavailableError ||
  (error instanceof ApiError && (error.status === 429 || error.status >= 500));
