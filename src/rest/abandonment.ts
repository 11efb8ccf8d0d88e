/** Tells when an answer is no longer wanted: whoever asked for it gave up, or its time is over. */
export interface Abandonment {
  readonly happened: boolean;
  /** Aborted when it happens. Made when it is first read: calls that can do without are cheaper. */
  readonly signal: AbortSignal;
  /** `giveUp` is called, once, should it happen before `forget` is called with it. */
  remember(giveUp: () => void): void;
  forget(giveUp: () => void): void;
}

/** An abandonment that happens when its owner says so, by `end`. */
export class Ending implements Abandonment {
  #happened = false;
  #controller: AbortController | undefined;
  readonly #underWay = new Set<() => void>();

  get happened(): boolean {
    return this.#happened;
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#happened) this.#controller.abort();
    return this.#controller.signal;
  }

  remember(giveUp: () => void): void {
    this.#underWay.add(giveUp);
  }

  forget(giveUp: () => void): void {
    this.#underWay.delete(giveUp);
  }

  end(): void {
    if (this.#happened) return;
    this.#happened = true;
    for (const giveUp of this.#underWay) giveUp();
    this.#controller?.abort();
  }
}

/**
 * The abandonment that a signal tells of. Many calls of one caller wait on one signal, and Node warns of a leak at the
 * eleventh listener: so there is one for all of them, and none while nothing is under way.
 */
export class Signalled implements Abandonment {
  readonly signal: AbortSignal;
  readonly #underWay = new Set<() => void>();
  readonly #giveUpAll = () => {
    for (const giveUp of this.#underWay) giveUp();
  };

  constructor(signal: AbortSignal) {
    this.signal = signal;
  }

  get happened(): boolean {
    return this.signal.aborted;
  }

  remember(giveUp: () => void): void {
    if (this.#underWay.size === 0) this.signal.addEventListener('abort', this.#giveUpAll);
    this.#underWay.add(giveUp);
  }

  forget(giveUp: () => void): void {
    if (this.#underWay.delete(giveUp) && this.#underWay.size === 0) {
      this.signal.removeEventListener('abort', this.#giveUpAll);
    }
  }
}
