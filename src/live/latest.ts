/**
 * Values of which a reader who is slow gets only the last, so that one who stopped reading for good costs no memory. Whoever
 * leaves by `return` is gone at once, also while a value is waited for, and hears of no failure any more.
 */
export class Latest<Value> implements AsyncIterableIterator<Value, undefined> {
  readonly #leave: () => void;
  #untaken: { readonly value: Value } | undefined;
  #end: { readonly error?: unknown } | undefined;
  #waiting: (() => void)[] = [];

  /** `leave` is called when the reader returns. */
  constructor(leave: () => void) {
    this.#leave = leave;
  }

  put(value: Value) {
    if (this.#end) return;
    this.#untaken = { value };
    this.#wake();
  }

  /** No more values come; with an error, because of it. A value that was not taken yet still can be. */
  end(error?: unknown) {
    this.#end ??= { error };
    this.#wake();
  }

  async next(): Promise<IteratorResult<Value, undefined>> {
    while (!this.#untaken && !this.#end) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    const taken = this.#untaken;
    this.#untaken = undefined;
    if (taken) return { done: false, value: taken.value };
    const error = this.#end?.error;
    this.#end = {};
    if (error !== undefined) throw error;
    return { done: true, value: undefined };
  }

  async return(): Promise<IteratorResult<Value, undefined>> {
    this.#untaken = undefined;
    this.#end = {};
    this.#wake();
    this.#leave();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator]() {
    return this;
  }

  #wake() {
    for (const wake of this.#waiting.splice(0)) wake();
  }
}
