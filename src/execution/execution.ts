import { type FieldNode, GraphQLError, locatedError, responsePathAsArray } from 'graphql';
import { type Bounds, ExecutionCancelledError, ResponseTooLargeError } from './bounds.ts';
import { NULL, type Piece } from './bytes.ts';
import { Deferred, type Path, type Written } from './deferred.ts';
import { ignoreRejections, isPromise } from './promises.ts';
import { type JsonWriter, OUT_OF_ROOM } from './jsonWriter.ts';
import { withoutStack } from './withoutStack.ts';
import { ERROR_WORK, inLaterTurn, RESOLVER_WORK, WORK_PER_TURN } from '../turns.ts';

/** Writes a value that is neither null nor an error. Throws what makes it null, and may have written some of it by then. */
export type Complete = (execution: Execution, value: unknown, path: Path) => void;

/** What is known of the values of a field, or of the items of a list, before there are any. */
export interface Position {
  readonly nodes: readonly FieldNode[];
  readonly nullable: boolean;
  /** Such as `Run.status`. */
  readonly fieldName: string;
  readonly complete: Complete;
}

/** What is still to be written of a deferred value. */
interface Step {
  readonly deferred: Deferred;
  readonly path: Path;
  readonly nodes: readonly FieldNode[];
  readonly value: unknown;
  readonly write: () => void;
}

/** One execution of a plan. */
export class Execution {
  readonly writer: JsonWriter;
  readonly context: unknown;
  readonly variables: Record<string, unknown>;
  /** Coerced arguments that depend on variables, by the number of the field. */
  readonly args: Record<string, unknown>[] = [];
  readonly errors: GraphQLError[] = [];
  readonly #bounds: Bounds;
  readonly #nulled = new Set<Path | undefined>();
  /** Set once the result is known: the whole of it is null, or a bound was reached. */
  #isStopped = false;
  /** The bound that was reached. */
  #exceeded: GraphQLError | undefined;
  #pending = 0;
  #settled: (() => void) | undefined;
  #items = 0;
  /** Bytes that were taken out of the writer. */
  #taken = 0;
  /** What was done in this turn, in bytes; what stands in the writer comes on top. */
  #work = 0;
  /** Where the writer stood when this execution began to write. */
  #start = 0;

  constructor(writer: JsonWriter, context: unknown, variables: Record<string, unknown>, bounds: Bounds) {
    this.writer = writer;
    this.context = context;
    this.variables = variables;
    this.#bounds = bounds;
  }

  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** Whether what is still to be done has to wait for a later turn of the event loop. */
  get isTurnOver(): boolean {
    return this.#work + this.writer.length - this.#start > WORK_PER_TURN;
  }

  /** Resolves once nothing is pending, or the result is known. */
  settled(): Promise<void> | undefined {
    if (this.#pending === 0 || this.#isStopped) return undefined;
    return new Promise((resolve) => {
      this.#settled = resolve;
    });
  }

  /** The value of `data`, of whose parts all are known. */
  dataOf(parts: readonly Deferred[]): Piece[] {
    if (this.#isStopped) return ['null'];
    const data: Piece[] = [];
    for (const part of parts) part.addTo(data);
    return data;
  }

  /** The errors of the result. */
  resultErrors(): readonly GraphQLError[] {
    return this.#exceeded ? [this.#exceeded] : this.errors;
  }

  /** What `write` writes. An error that it throws makes the whole result null. */
  root(write: () => void): Deferred {
    const root = new Deferred(undefined);
    this.#fillWith(root, write, []);
    return root;
  }

  /** Called before each resolver that is not pure. Throws if the client has gone. */
  beforeResolver(): void {
    this.#work += RESOLVER_WORK;
    this.#stopIfCancelled();
    if (this.#isStopped) throw OUT_OF_ROOM;
  }

  /** Called for each list. Throws if all lists together have more items than allowed. */
  countItems(items: readonly unknown[]): void {
    this.#items += items.length;
    const { maxItems = Number.POSITIVE_INFINITY } = this.#bounds;
    if (this.#items <= maxItems) return;
    ignoreRejections(items);
    this.#exceed(new ResponseTooLargeError(maxItems, 'list items'));
    throw OUT_OF_ROOM;
  }

  /** Writes a value, or a slot for one that is promised. Throws if an error makes more null than this position. */
  write(value: unknown, path: Path, position: Position): void {
    const { writer } = this;
    const { length, slots } = writer;
    try {
      if (isPromise(value)) {
        this.defer(value, path, position);
        return;
      }
      this.#complete(value, path, position);
    } catch (error) {
      if (this.#isFinal(error)) throw error;
      writer.rewind(length, slots);
      this.#failed(error, path, position);
      return;
    }
    if (position.nullable && writer.propagatesSince(slots)) {
      writer.leave(new Deferred(path).fill(this.#take(length, slots)), false);
    }
  }

  #complete(value: unknown, path: Path, { nullable, fieldName, complete }: Position) {
    if (value != null) {
      if (value instanceof Error) throw value;
      complete(this, value, path);
      return;
    }
    if (!nullable) throw new Error(`Cannot return null for non-nullable field ${fieldName}.`);
    this.writer.bytes(NULL);
  }

  /** Leaves a slot for a promised value. */
  defer(promised: PromiseLike<unknown>, path: Path, position: Position): void {
    const deferred = new Deferred(path);
    this.writer.leave(deferred, !position.nullable);
    this.#pending += 1;
    this.#work += RESOLVER_WORK;
    // A thenable may throw or call back twice; a promise does neither.
    Promise.resolve(promised).then(
      (value) => this.#resume(this.#step(deferred, value, path, position)),
      (error: unknown) => this.#rejected(deferred, error, path, position),
    );
  }

  /** Leaves a slot for the rest of a list, which is written in a later turn; `propagates` if that may throw. */
  deferRest(path: Path, propagates: boolean, rest: readonly unknown[], write: () => void): void {
    const deferred = new Deferred(path);
    this.writer.leave(deferred, propagates);
    this.#pending += 1;
    this.#inLaterTurn(() => this.#proceed({ deferred, path, nodes: [], value: rest, write }));
  }

  /** Locates an error that was thrown at a field. */
  located(thrown: unknown, path: Path | undefined, nodes: readonly FieldNode[]): GraphQLError {
    return withoutStack(() => locatedError(thrown, nodes, path && responsePathAsArray(path)));
  }

  #step(deferred: Deferred, value: unknown, path: Path, position: Position): Step {
    return { deferred, path, nodes: position.nodes, value, write: () => this.#complete(value, path, position) };
  }

  #rejected(deferred: Deferred, error: unknown, path: Path, { nodes }: Position) {
    const fail = () => {
      this.#fail(deferred, error, path, nodes);
      this.#arrived();
    };
    if (!this.#isStopped && this.isTurnOver) this.#inLaterTurn(fail);
    else fail();
  }

  #resume(step: Step) {
    this.#stopIfCancelled();
    if (!this.#isStopped && this.isTurnOver) this.#inLaterTurn(() => this.#proceed(step));
    else this.#proceed(step);
  }

  #inLaterTurn(proceed: () => void) {
    inLaterTurn(() => {
      this.#stopIfCancelled();
      this.#work = 0;
      proceed();
      return this.#work;
    });
  }

  #proceed({ deferred, path, nodes, value, write }: Step) {
    if (this.#isStopped || this.#isNulled(path)) ignoreRejections(value);
    else this.#fillWith(deferred, write, nodes);
    this.#arrived();
  }

  #fillWith(deferred: Deferred, write: () => void, nodes: readonly FieldNode[]) {
    const { writer } = this;
    const { length, slots, limit } = writer;
    const { maxBytes = Number.POSITIVE_INFINITY } = this.#bounds;
    this.#start = length;
    writer.limit = length + maxBytes - this.#taken;
    try {
      write();
      deferred.fill(this.#take(length, slots));
    } catch (error) {
      writer.rewind(length, slots);
      if (!this.#isFinal(error)) this.#fail(deferred, error, deferred.path, nodes);
    } finally {
      this.#start = writer.length;
      writer.limit = limit;
    }
  }

  #take(length: number, slots: number): Written {
    const written = this.writer.take(length, slots);
    const size = written.bytes.length;
    this.#taken += size;
    this.#work += size;
    this.writer.limit -= size;
    return written;
  }

  /** Writes null if that is allowed here; else throws the error, located. */
  #failed(thrown: unknown, path: Path, { nodes, nullable }: Position) {
    const error = this.located(thrown, path, nodes);
    if (!nullable) throw error;
    this.#note(error, path);
    this.writer.bytes(NULL);
  }

  #fail(deferred: Deferred, thrown: unknown, path: Path | undefined, nodes: readonly FieldNode[]) {
    if (this.#isStopped) return;
    this.#note(this.located(thrown, path, nodes), deferred.fail().path);
  }

  /** Adds an error that made the value at `path` null, unless that is part of something that is null already. */
  #note(error: GraphQLError, path: Path | undefined) {
    if (this.#isNulled(path)) return;
    this.#work += ERROR_WORK;
    this.#nulled.add(path);
    this.errors.push(error);
    if (path === undefined) this.#stop();
  }

  #isNulled(path: Path | undefined): boolean {
    if (this.#nulled.size === 0) return false;
    for (let at = path; at !== undefined; at = at.prev) if (this.#nulled.has(at)) return true;
    return this.#nulled.has(undefined);
  }

  /** Whether an error is none of a field, but ends the execution. */
  #isFinal(error: unknown): boolean {
    if (error === OUT_OF_ROOM && !this.#isStopped) {
      this.#exceed(new ResponseTooLargeError(this.#bounds.maxBytes ?? 0, 'bytes'));
    }
    return this.#isStopped;
  }

  #stopIfCancelled() {
    if (this.#bounds.isCancelled?.() === true) this.#exceed(new ExecutionCancelledError());
  }

  #exceed(error: Error) {
    if (this.#isStopped) return;
    this.#exceeded = new GraphQLError(error.message, { originalError: error });
    this.#stop();
  }

  #stop() {
    this.#isStopped = true;
    this.#settled?.();
  }

  #arrived() {
    this.#pending -= 1;
    if (this.#pending === 0) this.#settled?.();
  }
}
