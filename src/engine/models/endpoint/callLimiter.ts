import { MinuteWindow, type Use } from './minuteWindow.ts';
import { SharedCallQueue, type SharedCalls } from './sharedCalls.ts';

/** Undefined: no limit. */
export interface CallLimits {
  maxConcurrentCalls?: number | undefined;
  requestsPerMinute?: number | undefined;
  /** Tokens of prompts and completions. */
  tokensPerMinute?: number | undefined;
  /** Limits per minute that replicas keep together, in addition to those of this process. */
  shared?: SharedCalls | undefined;
}

/** A call that may go on. */
export interface CallPermit {
  /** Ends the call. `tokens` is what it used, if that is known; else the estimate counts. */
  end(tokens?: number): void;
}

interface Waiting {
  tokens: number;
  go: (permit: CallPermit) => void;
}

/** Keeps the calls to an endpoint within its limits. Calls that have to wait start in the order in which they came. */
export class CallLimiter {
  readonly #mostCalls: number;
  readonly #requests: MinuteWindow;
  readonly #tokens: MinuteWindow;
  readonly #shared: SharedCallQueue | undefined;
  readonly #queue = new Set<Waiting>();
  #running = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor({ maxConcurrentCalls, requestsPerMinute, tokensPerMinute, shared }: CallLimits) {
    this.#mostCalls = maxConcurrentCalls ?? Number.POSITIVE_INFINITY;
    this.#requests = new MinuteWindow(requestsPerMinute ?? Number.POSITIVE_INFINITY);
    this.#tokens = new MinuteWindow(tokensPerMinute ?? Number.POSITIVE_INFINITY);
    this.#shared = shared && new SharedCallQueue(shared);
  }

  /** How many calls may start now. */
  freeCalls(): number {
    const now = performance.now();
    if (this.#tokens.free(now) <= 0 || this.#shared?.isFull === true) return 0;
    const free = Math.min(this.#mostCalls - this.#running, this.#requests.free(now));
    return Math.max(0, free - this.#queue.size);
  }

  /** Resolves when the call may start. `tokens` is an estimate. Rejects with the reason of an aborted `signal`. */
  async start(tokens: number, signal: AbortSignal): Promise<CallPermit> {
    const permit = await this.#startHere(tokens, signal);
    if (this.#shared === undefined) return permit;
    try {
      const report = await this.#shared.start(tokens, signal);
      return {
        end: (actual = tokens) => {
          permit.end(actual);
          report(actual);
        },
      };
    } catch (error) {
      permit.end(0);
      throw error;
    }
  }

  async #startHere(tokens: number, signal: AbortSignal): Promise<CallPermit> {
    signal.throwIfAborted();
    if (this.#queue.size === 0 && this.#waitFor(tokens) === 0) return this.#permit(tokens);
    return new Promise<CallPermit>((resolve, reject) => {
      const leave = () => {
        this.#queue.delete(waiting);
        this.#startNext();
        reject(signal.reason as Error);
      };
      const waiting: Waiting = {
        tokens,
        go: (permit) => {
          signal.removeEventListener('abort', leave);
          resolve(permit);
        },
      };
      this.#queue.add(waiting);
      signal.addEventListener('abort', leave, { once: true });
      this.#startNext();
    });
  }

  /** Milliseconds; infinite while only the end of a call can make room. */
  #waitFor(tokens: number): number {
    if (this.#running >= this.#mostCalls) return Number.POSITIVE_INFINITY;
    const now = performance.now();
    return Math.max(this.#requests.waitFor(1, now), this.#tokens.waitFor(tokens, now));
  }

  #permit(tokens: number): CallPermit {
    this.#running += 1;
    const now = performance.now();
    this.#requests.use(1, now);
    let use: Use | undefined = this.#tokens.use(tokens, now);
    return {
      end: (actual = tokens) => {
        if (use === undefined) return;
        this.#tokens.correct(use, actual);
        use = undefined;
        this.#running -= 1;
        this.#startNext();
      },
    };
  }

  readonly #startNext = () => {
    clearTimeout(this.#timer);
    for (const waiting of this.#queue) {
      const wait = this.#waitFor(waiting.tokens);
      if (wait > 0) {
        if (Number.isFinite(wait)) this.#timer = setTimeout(this.#startNext, Math.ceil(wait));
        return;
      }
      this.#queue.delete(waiting);
      waiting.go(this.#permit(waiting.tokens));
    }
  };
}
