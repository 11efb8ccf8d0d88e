/** A request to stop: the caller has gone, or a deadline has passed. */
export interface Cancellation {
  readonly isCancelled: boolean;
  /** Aborted on cancellation. Created when first read: a call that needs no signal costs less. */
  readonly signal: AbortSignal;
  /** Calls `listener` once on cancellation, unless `removeListener` is called first. */
  addListener(listener: () => void): void;
  removeListener(listener: () => void): void;
}

/** A cancellation that its owner triggers with `cancel`. */
export class ManualCancellation implements Cancellation {
  #isCancelled = false;
  #controller: AbortController | undefined;
  readonly #listeners = new Set<() => void>();

  get isCancelled(): boolean {
    return this.#isCancelled;
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#isCancelled) this.#controller.abort();
    return this.#controller.signal;
  }

  addListener(listener: () => void): void {
    this.#listeners.add(listener);
  }

  removeListener(listener: () => void): void {
    this.#listeners.delete(listener);
  }

  cancel(): void {
    if (this.#isCancelled) return;
    this.#isCancelled = true;
    for (const listener of this.#listeners) listener();
    this.#controller?.abort();
  }
}

/**
 * The cancellation behind an AbortSignal. Many calls of one caller share a signal, and Node warns of a leak at the
 * eleventh listener: so the signal gets one listener for all of them, and none while no call is active.
 */
export class SignalCancellation implements Cancellation {
  readonly signal: AbortSignal;
  readonly #listeners = new Set<() => void>();
  readonly #notifyAll = () => {
    for (const listener of this.#listeners) listener();
  };

  constructor(signal: AbortSignal) {
    this.signal = signal;
  }

  get isCancelled(): boolean {
    return this.signal.aborted;
  }

  addListener(listener: () => void): void {
    if (this.#listeners.size === 0) this.signal.addEventListener('abort', this.#notifyAll);
    this.#listeners.add(listener);
  }

  removeListener(listener: () => void): void {
    if (this.#listeners.delete(listener) && this.#listeners.size === 0) {
      this.signal.removeEventListener('abort', this.#notifyAll);
    }
  }
}
