import type { GraphQLResolveInfo } from 'graphql';
import type { Piece } from './bytes.ts';

/** The response path of a value. */
export type Path = GraphQLResolveInfo['path'];

/** A place in written bytes at which a deferred value goes. */
export interface Slot {
  /** The byte that follows the value. */
  readonly at: number;
  readonly deferred: Deferred;
  /** Whether an error of the value propagates to what contains it, since no null is allowed here. */
  readonly propagates: boolean;
}

/** JSON in UTF-8. Slots count from its beginning. */
export interface Written {
  readonly bytes: Piece;
  readonly slots: readonly Slot[];
}

const MISSING: Written = { bytes: 'null', slots: [] };

/**
 * A value that is written later than what surrounds it: it is a promise, it contains one whose error would make it null, or it is
 * the rest of a long list.
 */
export class Deferred {
  readonly path: Path | undefined;
  #written: Written = MISSING;
  /** The value that becomes null instead of this one; undefined if this one may be null. */
  #owner: Deferred | undefined;

  constructor(path: Path | undefined) {
    this.path = path;
  }

  fill(written: Written): this {
    this.#written = written;
    for (const { deferred, propagates } of written.slots) if (propagates) deferred.#owner = this;
    return this;
  }

  /** Makes the nearest value null that may be null, and returns it. */
  fail(): Deferred {
    if (this.#owner) return this.#owner.fail();
    this.#written = MISSING;
    return this;
  }

  /** Appends the whole value to `pieces`, once nothing in it is pending. */
  addTo(pieces: Piece[]): void {
    const { bytes, slots } = this.#written;
    let from = 0;
    for (const { at, deferred } of slots) {
      if (at > from) pieces.push(part(bytes, from, at));
      deferred.addTo(pieces);
      from = at;
    }
    if (bytes.length > from) pieces.push(from === 0 ? bytes : part(bytes, from, bytes.length));
  }
}

const part = (bytes: Piece, from: number, to: number): Piece =>
  typeof bytes === 'string' ? bytes.slice(from, to) : bytes.subarray(from, to);
