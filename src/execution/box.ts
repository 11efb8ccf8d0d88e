import type { GraphQLResolveInfo } from 'graphql';
import type { BinaryString, Piece } from './bytes.ts';

/** Where a value stands in the answer. */
export type Path = GraphQLResolveInfo['path'];

/** A place in what was written whose value is still to come. */
export interface Hole {
  /** The byte that it stands before. */
  readonly at: number;
  readonly box: Box;
  /** Whether its failure takes along what it stands in: no null may stand there. */
  readonly fragile: boolean;
}

/** A stretch of JSON in UTF-8. Its holes count from its own beginning. */
export type Written = WithHoles | { readonly bytes: Uint8Array<ArrayBuffer>; readonly holes: readonly [] };

interface WithHoles {
  readonly bytes: BinaryString;
  readonly holes: readonly Hole[];
}

const MISSING: Written = { bytes: 'null', holes: [] };

/**
 * A value that is late, or that holds a late one which would take it along. A failure goes to the outermost box that it takes
 * along: a null may only stand where the schema allows one.
 */
export class Box {
  readonly path: Path | undefined;
  #written: Written = MISSING;
  /** The one that fails when this one does; undefined where a null may stand in place of this one. */
  #owner: Box | undefined;

  constructor(path: Path | undefined) {
    this.path = path;
  }

  /** Puts in what was waited for. */
  fill(written: Written): this {
    this.#written = written;
    for (const { box, fragile } of written.holes) if (fragile) box.#owner = this;
    return this;
  }

  /** Makes null what a failure here takes along, and returns it. */
  fail(): Box {
    if (this.#owner) return this.#owner.fail();
    this.#written = MISSING;
    return this;
  }

  /** Adds all of it to `pieces`, once nothing is waited for. */
  addTo(pieces: Piece[]): void {
    const { bytes, holes } = this.#written;
    if (typeof bytes !== 'string') {
      pieces.push(bytes);
      return;
    }
    let from = 0;
    for (const { at, box } of holes) {
      pieces.push(bytes.slice(from, at));
      box.addTo(pieces);
      from = at;
    }
    pieces.push(bytes.slice(from));
  }
}
