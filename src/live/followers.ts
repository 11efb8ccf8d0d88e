import { isDeepStrictEqual } from 'node:util';
import { setTimeout as pause } from 'node:timers/promises';
import { Repeater, SlidingBuffer } from '@repeaterjs/repeater';
import { ApiError } from '../rest/errors/apiError.ts';
import { TimeoutError } from '../rest/errors/timeoutError.ts';
import { UnavailableError } from '../rest/errors/unavailableError.ts';
import { type PaceLimits, PollPace } from './pollPace.ts';

/** Reads what is followed, of which `known` was read last. `signal` is aborted once nobody follows it any more. */
export type Read<State> = (
  signal: AbortSignal,
  known: State | undefined,
) => Promise<{ object: State; pollAfterMs: number | null }>;

/**
 * Follows what changes by reading it, over any upstream. However many follow one thing, it is read once for all of them;
 * when the last leaves, reading stops.
 */
export class Followers<State> {
  readonly #followers = new Map<string, Follower<State>>();
  readonly #limits: PaceLimits;
  readonly #isOver: (state: State) => boolean;

  /** `isOver` tells a state after which there is no other. */
  constructor(limits: PaceLimits, isOver: (state: State) => boolean) {
    this.#limits = limits;
    this.#isOver = isOver;
  }

  /**
   * The state now, and at each change until it is over. `key` tells things apart, and callers that may not see the same.
   * Rejects as reading does; a failure that may pass is waited out. Of changes that a slow reader has not taken only the
   * last is kept, so that one which stopped reading for good costs no memory.
   */
  follow(key: string, read: Read<State>): Repeater<State> {
    return new Repeater<State>(async (push, stop) => {
      const follower = this.#followers.get(key) ?? this.#start(key, read);
      const reader = {
        put: (state: State) => void push(state),
        end: stop,
      };
      follower.join(reader);
      await stop;
      follower.leave(reader);
    }, new SlidingBuffer(1));
  }

  #start(key: string, read: Read<State>) {
    const forget = () => {
      if (this.#followers.get(key) === follower) this.#followers.delete(key);
    };
    const follower = new Follower(read, this.#isOver, new PollPace(this.#limits), forget);
    this.#followers.set(key, follower);
    return follower;
  }
}

interface Reader<State> {
  put(state: State): void;
  /** No more changes come; with an error, because of it. */
  end(error?: unknown): void;
}

class Follower<State> {
  readonly #readers = new Set<Reader<State>>();
  readonly #left = new AbortController();
  readonly #read: Read<State>;
  readonly #isOver: (state: State) => boolean;
  readonly #pace: PollPace;
  readonly #forget: () => void;
  #state: { current: State } | undefined;

  constructor(read: Read<State>, isOver: (state: State) => boolean, pace: PollPace, forget: () => void) {
    this.#read = read;
    this.#isOver = isOver;
    this.#pace = pace;
    this.#forget = forget;
    void this.#follow();
  }

  join(reader: Reader<State>) {
    this.#readers.add(reader);
    if (this.#state) reader.put(this.#state.current);
  }

  leave(reader: Reader<State>) {
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

  /** Reads once and tells of a change. The pause before the next reading, in milliseconds; null once it is over. */
  async #look(): Promise<number | null> {
    try {
      const { object: state, pollAfterMs } = await this.#read(this.#left.signal, this.#state?.current);
      const changed = !isDeepStrictEqual(state, this.#state?.current);
      this.#state = { current: state };
      if (changed) for (const reader of this.#readers) reader.put(state);
      return this.#isOver(state) ? null : this.#pace.afterReading(changed, pollAfterMs);
    } catch (error) {
      const pauseMs = mayPass(error)
        ? this.#pace.afterFailure(error instanceof ApiError ? error.retryAfter : null)
        : null;
      if (pauseMs === null) throw error;
      return pauseMs;
    }
  }
}

const mayPass = (error: unknown) =>
  error instanceof TimeoutError ||
  error instanceof UnavailableError ||
  (error instanceof ApiError && (error.status === 429 || error.status >= 500));
