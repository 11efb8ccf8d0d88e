/** What was used last, at most so much of it. */
export class Recent<Key, Value> {
  readonly #max: number;
  /** What was not used for longest comes first. */
  readonly #values = new Map<Key, Value>();
  #newest: Key | undefined;

  constructor(max: number) {
    this.#max = max;
  }

  get size(): number {
    return this.#values.size;
  }

  get(key: Key): Value | undefined {
    const value = this.#values.get(key);
    if (value !== undefined && key !== this.#newest) this.put(key, value);
    return value;
  }

  put(key: Key, value: Value): Value {
    this.#values.delete(key);
    this.#values.set(key, value);
    this.#newest = key;
    if (this.#values.size > this.#max) {
      const [oldest] = this.#values.keys();
      if (oldest !== undefined) this.#values.delete(oldest);
    }
    return value;
  }

  delete(key: Key): void {
    this.#values.delete(key);
  }
}
