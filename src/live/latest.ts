/**
 * An iterator that holds only the latest value: a slow reader skips values, and one that stops reading costs no memory.
 * `return` ends it at once, also while `next` is pending, and suppresses any later error.
 */
export class Latest<Value> implements AsyncIterableIterator<Value, undefined> {
  readonly #onReturn: () => void;
  #latest: { readonly value: Value } | undefined;
  #end: { readonly error?: unknown } | undefined;
  #pending: (() => void)[] = [];

  /** `onReturn` is called when the reader returns. */
  constructor(onReturn: () => void) {
    this.#onReturn = onReturn;
  }

  put(value: Value) {
    if (this.#end) return;
    this.#latest = { value };
    this.#wake();
  }

  /** Ends the iterator, with an error if there is one. A value that has not been read yet still is. */
  end(error?: unknown) {
    this.#end ??= { error };
    this.#wake();
  }

  async next(): Promise<IteratorResult<Value, undefined>> {
    while (!this.#latest && !this.#end) await new Promise<void>((resolve) => this.#pending.push(resolve));
    const latest = this.#latest;
    this.#latest = undefined;
    if (latest) return { done: false, value: latest.value };
    const error = this.#end?.error;
    this.#end = {};
    if (error !== undefined) throw error;
    return { done: true, value: undefined };
  }

  async return(): Promise<IteratorResult<Value, undefined>> {
    this.#latest = undefined;
    this.#end = {};
    this.#wake();
    this.#onReturn();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator]() {
    return this;
  }

  #wake() {
    for (const wake of this.#pending.splice(0)) wake();
  }
}
