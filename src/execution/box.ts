import type { Path } from './run.ts';

/** A stretch of the answer's JSON, or a place in it whose text is still to come. */
export type Piece = string | Box;

/** What stands where a value is missing. No other value is written so: the string "null" has its quotes. */
export const NULL = 'null';

/**
 * A value of which not all is there yet. A failure in it goes to the outermost box that it takes along: a null may only
 * stand where the schema allows one.
 */
export class Box {
  readonly path: Path | undefined;
  #pieces: Piece[] = [];
  /** The one that fails when this one does; undefined where a null may stand in place of this one. */
  #owner: Box | undefined;

  constructor(path: Path | undefined) {
    this.path = path;
  }

  /** Appends; `fragile` tells that no null may stand there. */
  add(before: string, piece: Piece, fragile: boolean): void {
    this.#pieces.push(before, piece);
    if (fragile && typeof piece !== 'string') piece.#owner = this;
  }

  /** Puts in what was waited for. */
  fill(piece: Piece): void {
    this.#pieces = [piece];
    if (typeof piece !== 'string') piece.#owner = this;
  }

  /** Makes null what a failure here takes along, and returns it. */
  fail(): Box {
    if (this.#owner) return this.#owner.fail();
    this.#pieces = [NULL];
    return this;
  }

  get text(): string {
    let text = '';
    for (const piece of this.#pieces) text += textOf(piece);
    return text;
  }
}

/** All of it, once nothing is waited for. */
export const textOf = (piece: Piece): string => (typeof piece === 'string' ? piece : piece.text);

/** Writes an object or a list: a string, or a box where some of it is still to come. */
export class Writing {
  readonly #path: Path | undefined;
  #text = '';
  #box: Box | undefined;

  constructor(path: Path | undefined) {
    this.#path = path;
  }

  /** `fragile` tells that no null may stand where `piece` does. */
  add(before: string, piece: Piece, fragile: boolean): void {
    if (typeof piece === 'string') {
      this.#text += before + piece;
      return;
    }
    this.#box ??= new Box(this.#path);
    this.#box.add(this.#text + before, piece, fragile);
    this.#text = '';
  }

  end(after: string): Piece {
    if (!this.#box) return this.#text + after;
    this.#box.add(this.#text + after, '', false);
    return this.#box;
  }
}
