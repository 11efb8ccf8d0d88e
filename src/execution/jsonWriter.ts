import type { Deferred, Slot, Written } from './deferred.ts';
import { spareBuffer } from './spare.ts';

const NO_SLOTS = [] as const;

/** A larger buffer than this is not kept for what is written next, in bytes. */
const MOST_KEPT = 1024 * 1024;

/** A buffer is cut at its slots if it has fewer than one per so many bytes; else it is copied to a string, which is cheaper to cut. */
const BYTES_PER_SLOT = 32 * 1024;

/** From so many characters on, a call into Node costs less than writing them one by one. */
const LONG = 40;

/** What JSON leaves as it is, in ASCII. */
const PLAIN = /^[ !#-[\]-~]*$/;

/** Thrown instead of writing past `limit`. */
export const OUT_OF_ROOM = new Error('The limit of the writer has been reached.');

/**
 * Writes JSON as the bytes that are sent: building it from strings takes twice as long, since they have to be joined and encoded in
 * the end. All executions share one, since each takes out what it has written before another one writes.
 */
export class JsonWriter {
  #bytes = spareBuffer();
  #length = 0;
  #limit = Number.POSITIVE_INFINITY;
  /** The least of the two: the length of the buffer and the limit. */
  #end = this.#bytes.length;
  readonly #slots: Slot[] = [];

  get length(): number {
    return this.#length;
  }

  get slots(): number {
    return this.#slots.length;
  }

  /** The length that is not exceeded: writing more throws OUT_OF_ROOM. */
  get limit(): number {
    return this.#limit;
  }

  set limit(length: number) {
    this.#limit = length;
    this.#end = Math.min(this.#bytes.length, length);
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
    // Mostly the name of a field: too short for `set` to be worth its call.
    for (let index = 0; index < encoded.length; index += 1) {
      bytes[at] = encoded[index] as number;
      at += 1;
    }
    this.#length = at;
  }

  /** JSON. */
  json(text: string): void {
    if (this.#length + text.length * 3 > this.#end) this.#reserve(Buffer.byteLength(text));
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
      // What PLAIN leaves out, as numbers: a named constant would be looked up for each character.
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

  /** Leaves a slot for a deferred value. */
  leave(deferred: Deferred, propagates: boolean): void {
    this.#slots.push({ at: this.#length, deferred, propagates });
  }

  /** Whether an error in one of the slots after the first `slots` would propagate. */
  propagatesSince(slots: number): boolean {
    for (let index = slots; index < this.#slots.length; index += 1) if (this.#slots[index]?.propagates) return true;
    return false;
  }

  /** Discards what was written after that length and that number of slots. */
  rewind(length: number, slots: number): void {
    this.#length = length;
    // To set a length costs, even if it stays the same.
    if (this.#slots.length > slots) this.#slots.length = slots;
  }

  /** Takes out what was written after that length and that number of slots; not copied if it fills half of the buffer. */
  take(start: number, slots: number): Written {
    const end = this.#length;
    const taken = this.#slots.length === slots ? NO_SLOTS : this.#slotsFrom(start, slots);
    this.rewind(start, slots);
    if (start === 0 && 2 * end >= this.#bytes.length && taken.length * BYTES_PER_SLOT <= end) {
      const bytes = this.#bytes.subarray(0, end);
      this.#replace(spareBuffer());
      return { bytes, slots: taken };
    }
    const bytes = this.#bytes.toString('latin1', start, end);
    if (start === 0 && this.#bytes.length > MOST_KEPT) this.#replace(spareBuffer());
    return { bytes, slots: taken };
  }

  #slotsFrom(start: number, slots: number): Slot[] {
    return this.#slots.slice(slots).map(({ at, deferred, propagates }) => ({ at: at - start, deferred, propagates }));
  }

  #replace(bytes: Buffer<ArrayBuffer>): void {
    this.#bytes = bytes;
    this.limit = this.#limit;
  }

  #reserve(more: number): void {
    if (this.#length + more > this.#end) this.#grow(this.#length + more);
  }

  #grow(needed: number): void {
    if (needed > this.#limit) throw OUT_OF_ROOM;
    if (needed <= this.#bytes.length) return;
    const bytes = Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.#bytes.length));
    this.#bytes.copy(bytes, 0, 0, this.#length);
    this.#replace(bytes);
  }
}
