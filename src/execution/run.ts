import { type FieldNode, type GraphQLError, locatedError } from 'graphql';
import { pathToArray } from 'graphql/jsutils/Path.js';
import { Box, type Path } from './box.ts';
import { NULL } from './bytes.ts';
import type { Out } from './out.ts';
import { type QuickPlace, wrote } from './quick.ts';

/** Writes a value as JSON. Throws what makes it null, and may have written some of it by then. */
export type Complete = (run: Run, value: unknown, path: Path) => void;

/** A field, or an item of a list: what is known of its values before there are any. */
export interface Place extends QuickPlace {
  readonly nodes: readonly FieldNode[];
  readonly complete: Complete;
}

/** One execution of a plan. */
export class Run {
  readonly out: Out;
  readonly context: unknown;
  readonly variables: Record<string, unknown>;
  /** What fields are given whose arguments hold variables, by the number of the field. */
  readonly args: Record<string, unknown>[] = [];
  readonly errors: GraphQLError[] = [];
  readonly #nulled = new Set<Path | undefined>();
  #waitedFor = 0;
  #settled: (() => void) | undefined;

  constructor(out: Out, context: unknown, variables: Record<string, unknown>) {
    this.out = out;
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

  /** Writes a value, or leaves a place for one that is promised. Throws where a failure makes more null than this place. */
  place(value: unknown, path: Path, place: Place): void {
    if (isPromise(value)) {
      this.out.leave(this.#later(value, path, place), !place.nullable);
      return;
    }
    const mark = this.out.mark();
    try {
      place.complete(this, value, path);
    } catch (error) {
      this.out.rewind(mark);
      this.failed(error, path, place);
      return;
    }
    if (place.nullable && this.out.isFragileSince(mark)) {
      this.out.leave(new Box(path).fill(this.out.take(mark)), false);
    }
  }

  /** Writes null, where that may stand; else throws the error, located. */
  failed(thrown: unknown, path: Path | undefined, { nodes, nullable }: Pick<Place, 'nodes' | 'nullable'>): void {
    const error = locatedError(thrown, nodes, pathToArray(path));
    if (!nullable) throw error;
    this.#note(error, path);
    this.out.bytes(NULL);
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
    const mark = this.out.mark();
    try {
      if (!wrote(place, value, this.out)) place.complete(this, value, path);
    } catch (error) {
      this.out.rewind(mark);
      this.#fail(box, error, path, place);
      return;
    }
    box.fill(this.out.take(mark));
    this.#arrived();
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
