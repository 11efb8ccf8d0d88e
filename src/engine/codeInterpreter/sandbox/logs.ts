import { outputLimits } from '../codeRunner.ts';

/** What the code of one call writes, between two marks. */
export class LogReader {
  readonly #mark: Buffer;
  #bytes: Buffer = Buffer.alloc(0);
  #hasBegun = false;
  #hasEnded = false;

  constructor(mark: Buffer) {
    this.#mark = mark;
  }

  /** Whether the second mark has been read. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  get text(): string {
    if (!this.#hasBegun) return '';
    return this.#bytes.subarray(0, outputLimits.logs).toString('utf8');
  }

  /** Returns false if there is too much. */
  push(chunk: Buffer): boolean {
    if (this.#hasEnded) return true;
    // The mark may be in two pieces. What was read is not searched again.
    const from = Math.max(0, this.#bytes.length - this.#mark.length);
    this.#bytes = Buffer.concat([this.#bytes, chunk]);
    let at = this.#bytes.indexOf(this.#mark, from);
    if (!this.#hasBegun && at !== -1) {
      // Before it comes what an earlier call left running.
      this.#bytes = this.#bytes.subarray(at + this.#mark.length);
      this.#hasBegun = true;
      at = this.#bytes.indexOf(this.#mark);
    }
    if (this.#hasBegun && at !== -1) {
      this.#bytes = this.#bytes.subarray(0, at);
      this.#hasEnded = true;
    }
    return this.#bytes.length <= outputLimits.logs + (this.#hasEnded ? 0 : this.#mark.length);
  }
}
