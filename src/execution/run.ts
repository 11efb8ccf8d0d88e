import { type FieldNode, type GraphQLError, type GraphQLResolveInfo, locatedError } from 'graphql';
import { pathToArray } from 'graphql/jsutils/Path.js';
import { Box, NULL, type Piece } from './box.ts';

/** Where a value stands in the answer. */
export type Path = GraphQLResolveInfo['path'];

/** Writes a value as JSON. Throws what makes it null. */
export type Complete = (run: Run, value: unknown, path: Path) => Piece;

/** A field, or an item of a list: what is known of its values before there are any. */
export interface Place {
  readonly nodes: readonly FieldNode[];
  readonly nullable: boolean;
  readonly complete: Complete;
}

/** One execution of a plan. */
export class Run {
  readonly context: unknown;
  readonly variables: Record<string, unknown>;
  /** What fields are given whose arguments hold variables, by the number of the field. */
  readonly args: Record<string, unknown>[] = [];
  readonly errors: GraphQLError[] = [];
  readonly #nulled = new Set<Path | undefined>();
  #waitedFor = 0;
  #settled: (() => void) | undefined;

  constructor(context: unknown, variables: Record<string, unknown>) {
    this.context = context;
    this.variables = variables;
  }

  /** Whether a failure has taken all of the answer along. */
  get isNull(): boolean {
    return this.#nulled.has(undefined);
  }

  /** Settles once nothing is waited for. */
  settled(): Promise<void> | undefined {
    if (this.#waitedFor === 0) return undefined;
    return new Promise((resolve) => {
      this.#settled = resolve;
    });
  }

  /** A value, or the promise of one. Throws where a failure makes more null than this place. */
  place(value: unknown, path: Path, place: Place): Piece {
    try {
      return isPromise(value) ? this.#later(value, path, place) : place.complete(this, value, path);
    } catch (error) {
      return this.failed(error, path, place);
    }
  }

  /** Null, where that may stand; else throws the error, located. */
  failed(thrown: unknown, path: Path | undefined, { nodes, nullable }: Omit<Place, 'complete'>): Piece {
    const error = locatedError(thrown, nodes, pathToArray(path));
    if (!nullable) throw error;
    this.#note(error, path);
    return NULL;
  }

  /** Tells of an error that made the value at `path` null, unless that is part of something that is null already. */
  #note(error: GraphQLError, path: Path | undefined) {
    for (let at = path; at !== undefined; at = at.prev) if (this.#nulled.has(at)) return;
    if (this.#nulled.has(undefined)) return;
    this.#nulled.add(path);
    this.errors.push(error);
  }

  #later(promise: PromiseLike<unknown>, path: Path, place: Place): Box {
    const box = new Box(path);
    this.#waitedFor += 1;
    promise.then(
      (value) => this.#fill(box, value, path, place),
      (error: unknown) => this.#fail(box, error, path, place),
    );
    return box;
  }

  #fill(box: Box, value: unknown, path: Path, place: Place) {
    try {
      box.fill(place.complete(this, value, path));
      this.#arrived();
    } catch (error) {
      this.#fail(box, error, path, place);
    }
  }

  #fail(box: Box, thrown: unknown, path: Path, { nodes }: Place) {
    this.#note(locatedError(thrown, nodes, pathToArray(path)), box.fail().path);
    this.#arrived();
  }

  #arrived() {
    this.#waitedFor -= 1;
    if (this.#waitedFor === 0) this.#settled?.();
  }
}

export const isPromise = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
