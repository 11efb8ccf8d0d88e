import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { ApiError } from '../rest/errors/apiError.ts';
import { isTemporary } from '../rest/errors/temporary.ts';
import { Latest } from './latest.ts';
import { PollInterval, type PollLimits } from './pollInterval.ts';

/** Reads the current state; `known` is the one read last. `signal` is aborted when the last reader has left. */
export type ReadState<State> = (
  signal: AbortSignal,
  known: State | undefined,
) => Promise<{ object: State; pollAfterMs: number | null }>;

/**
 * Follows changing objects by polling, over any upstream. All readers of one object share a single poller, which stops when
 * the last one leaves.
 */
export class Followers<State> {
  readonly #followers = new Map<string, Follower<State>>();
  readonly #limits: PollLimits;
  readonly #isFinal: (state: State) => boolean;

  /** `isFinal` returns true for a state that no other follows. */
  constructor(limits: PollLimits, isFinal: (state: State) => boolean) {
    this.#limits = limits;
    this.#isFinal = isFinal;
  }

  /**
   * The current state, then each change until a final state, or until the reader returns or `signal` is aborted. `key`
   * identifies the object and the caller's credentials: readers with the same key share what is read. Rejects as `read`
   * does, except for temporary failures, which are retried.
   */
  follow(key: string, read: ReadState<State>, signal: AbortSignal): Latest<State> {
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

  #start(key: string, read: ReadState<State>) {
    const remove = () => {
      if (this.#followers.get(key) === follower) this.#followers.delete(key);
    };
    const follower = new Follower(read, this.#isFinal, new PollInterval(this.#limits), remove);
    this.#followers.set(key, follower);
    return follower;
  }
}

class Follower<State> {
  readonly #readers = new Set<Latest<State>>();
  readonly #stopped = new AbortController();
  readonly #read: ReadState<State>;
  readonly #isFinal: (state: State) => boolean;
  readonly #interval: PollInterval;
  readonly #onEnd: () => void;
  #state: { current: State } | undefined;

  constructor(read: ReadState<State>, isFinal: (state: State) => boolean, interval: PollInterval, onEnd: () => void) {
    this.#read = read;
    this.#isFinal = isFinal;
    this.#interval = interval;
    this.#onEnd = onEnd;
    void this.#follow();
  }

  join(reader: Latest<State>) {
    this.#readers.add(reader);
    if (this.#state) reader.put(this.#state.current);
  }

  leave(reader: Latest<State>) {
    this.#readers.delete(reader);
    if (this.#readers.size > 0) return;
    this.#onEnd();
    this.#stopped.abort();
  }

  async #follow() {
    try {
      for (let delayMs = await this.#poll(); delayMs !== null; delayMs = await this.#poll()) {
        await delay(delayMs, undefined, { signal: this.#stopped.signal });
      }
      this.#end();
    } catch (error) {
      this.#end(error);
    }
  }

  #end(error?: unknown) {
    this.#onEnd();
    for (const reader of this.#readers) reader.end(error);
  }

  /** Reads once and passes a change to the readers. Returns the delay until the next read, in milliseconds; null after a final state. */
  async #poll(): Promise<number | null> {
    try {
      const { object: state, pollAfterMs } = await this.#read(this.#stopped.signal, this.#state?.current);
      const changed = !isDeepStrictEqual(state, this.#state?.current);
      this.#state = { current: state };
      if (changed) for (const reader of this.#readers) reader.put(state);
      return this.#isFinal(state) ? null : this.#interval.afterRead(changed, pollAfterMs);
    } catch (error) {
      const delayMs = isTemporary(error)
        ? this.#interval.afterFailure(error instanceof ApiError ? error.retryAfter : null)
        : null;
      if (delayMs === null) throw error;
      return delayMs;
    }
  }
}
