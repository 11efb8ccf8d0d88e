import { isDeepStrictEqual } from 'node:util';
import { setTimeout as pause } from 'node:timers/promises';
import { ApiError } from '../rest/errors/apiError.ts';
import { InvalidResponseError } from '../rest/errors/invalidResponseError.ts';
import { TimeoutError } from '../rest/errors/timeoutError.ts';
import { UnavailableError } from '../rest/errors/unavailableError.ts';
import { Latest } from './latest.ts';
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
   * The state now, and at each change until it is over, for a reader who leaves at the latest when `signal` is aborted. `key`
   * tells things apart, and callers that may not see the same. Rejects as reading does; a failure that may pass is waited out.
   */
  follow(key: string, read: Read<State>, signal: AbortSignal): Latest<State> {
    const follower = this.#followers.get(key) ?? this.#start(key, read);
    const leave = () => void reader.return();
    const reader = new Latest<State>(() => {
      signal.removeEventListener('abort', leave);
      follower.leave(reader);
    });
    follower.join(reader);
    signal.addEventListener('abort', leave);
    if (signal.aborted) leave();
    return reader;
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

class Follower<State> {
  readonly #readers = new Set<Latest<State>>();
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

  join(reader: Latest<State>) {
    this.#readers.add(reader);
    if (this.#state) reader.put(this.#state.current);
  }

  leave(reader: Latest<State>) {
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

/** An answer that broke off, or that a proxy gave in the upstream's place, is a failure of the moment too. */
const mayPass = (error: unknown) =>
  error instanceof TimeoutError ||
  error instanceof UnavailableError ||
  error instanceof InvalidResponseError ||
  (error instanceof ApiError && (error.status === 408 || error.status === 429 || error.status >= 500));
