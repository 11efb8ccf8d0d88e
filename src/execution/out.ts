import type { Box, Hole, Written } from './box.ts';
import { spareBuffer } from './spare.ts';

/** Where something begins that may have to be taken back. */
export interface Mark {
  readonly at: number;
  readonly holes: number;
}

const NO_HOLES = [] as const;

/** No more room than this is kept for what is written next, in bytes. */
const MOST_KEPT = 1024 * 1024;

/** From so many characters on, a call into Node costs less than writing them one by one. */
const LONG = 40;

/** All that JSON writes as it is, in ASCII. */
const PLAIN = /^[ !#-[\]-~]*$/;

/**
 * Where JSON is written, as the bytes that are sent: making it of strings takes twice as long, since they have to be joined and
 * encoded at the end. One is enough for all that is executed, since nothing is waited for between a mark and its `take`.
 */
export class Out {
  #bytes = spareBuffer();
  #length = 0;
  readonly #holes: Hole[] = [];

  mark(): Mark {
    return { at: this.#length, holes: this.#holes.length };
  }

  /** A single character of ASCII. */
  byte(code: number): void {
    this.#reserve(1);
    this.#bytes[this.#length] = code;
    this.#length += 1;
  }

  /** JSON that was encoded before. */
  bytes(encoded: Uint8Array): void {
    this.#reserve(encoded.length);
    const bytes = this.#bytes;
    let at = this.#length;
    // Mostly the name of a field: too short for a copy by the machine to be worth its call.
    for (let index = 0; index < encoded.length; index += 1) {
      bytes[at] = encoded[index] as number;
      at += 1;
    }
    this.#length = at;
  }

  /** JSON. */
  json(text: string): void {
    this.#reserve(text.length * 3);
    this.#length += this.#bytes.write(text, this.#length, 'utf8');
  }

  /** JSON of few characters, all of them ASCII. */
  ascii(text: string): void {
    this.#reserve(text.length);
    const bytes = this.#bytes;
    const start = this.#length;
    for (let index = 0; index < text.length; index += 1) bytes[start + index] = text.charCodeAt(index);
    this.#length += text.length;
  }

  /** A string, as JSON. */
  string(value: string): void {
    const { length } = value;
    if (length > LONG) {
      if (PLAIN.test(value)) this.#quoted(value);
      else this.json(JSON.stringify(value));
      return;
    }
    this.#reserve(length + 2);
    const bytes = this.#bytes;
    let at = this.#length;
    bytes[at] = 0x22;
    for (let index = 0; index < length; index += 1) {
      const code = value.charCodeAt(index);
      // What PLAIN leaves out, in numbers: a name would be looked up for each character.
      if (code < 0x20 || code > 0x7e || code === 0x22 || code === 0x5c) {
        this.json(JSON.stringify(value));
        return;
      }
      at += 1;
      bytes[at] = code;
    }
    bytes[at + 1] = 0x22;
    this.#length = at + 2;
  }

  #quoted(ascii: string): void {
    this.#reserve(ascii.length + 2);
    this.byte(0x22);
    this.#length += this.#bytes.write(ascii, this.#length, 'latin1');
    this.byte(0x22);
  }

  /** Leaves a place for what is still to come. */
  leave(box: Box, fragile: boolean): void {
    this.#holes.push({ at: this.#length, box, fragile });
  }

  /** Whether the failure of something late would take along what was begun at `mark`. */
  isFragileSince({ holes }: Mark): boolean {
    for (let index = holes; index < this.#holes.length; index += 1) if (this.#holes[index]?.fragile) return true;
    return false;
  }

  /** Takes back all that was written since `mark`. */
  rewind({ at, holes }: Mark): void {
    this.#length = at;
    // To set a length costs, even where it stays.
    if (this.#holes.length > holes) this.#holes.length = holes;
  }

  /** Takes out all that was written since `mark`; uncopied, where that is half of what there is room for. */
  take(mark: Mark): Written {
    const [start, end] = [mark.at, this.#length];
    const holes = this.#holes.length === mark.holes ? NO_HOLES : this.#holesFrom(mark);
    this.rewind(mark);
    if (start === 0 && 2 * end >= this.#bytes.length && holes.length === 0) {
      return { bytes: this.#handOver(end), holes: NO_HOLES };
    }
    const bytes = this.#bytes.toString('latin1', start, end);
    if (start === 0 && this.#bytes.length > MOST_KEPT) this.#bytes = spareBuffer();
    return { bytes, holes };
  }

  /** What comes is written into another buffer. */
  #handOver(end: number): Uint8Array<ArrayBuffer> {
    const bytes = this.#bytes;
    this.#bytes = spareBuffer();
    return bytes.subarray(0, end);
  }

  #holesFrom({ at: start, holes }: Mark): Hole[] {
    return this.#holes.slice(holes).map(({ at, box, fragile }) => ({ at: at - start, box, fragile }));
  }

  #reserve(more: number): void {
    const needed = this.#length + more;
    if (needed <= this.#bytes.length) return;
    const bytes = Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.#bytes.length));
    this.#bytes.copy(bytes, 0, 0, this.#length);
    this.#bytes = bytes;
  }
}
