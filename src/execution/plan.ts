import { GraphQLError } from 'graphql';
import { NULL } from './bytes.ts';
import type { Path } from './deferred.ts';
import type { Complete, Execution, Position } from './execution.ts';
import { writeNone, type WriteUsual, writeString } from './leaf.ts';
import { ignoreRejections } from './promises.ts';

/** A position, and how the usual ones of its values are written. */
export interface ValuePlan extends Position {
  readonly writeUsual: WriteUsual;
}

/** A field of a selection. A pure one has a `member` or a `valueOf`, any other has `resolve`. */
export interface FieldPlan extends ValuePlan {
  /** Its response key. */
  readonly key: string;
  readonly typeName: string;
  /** The JSON before its value. */
  readonly before: Uint8Array;
  readonly member: string | undefined;
  readonly valueOf: ((object: unknown) => unknown) | undefined;
  readonly resolve: (execution: Execution, object: unknown, path: Path) => unknown;
}

/** A selection on an object type. */
export interface ObjectPlan {
  readonly fields: readonly FieldPlan[];
  /** The JSON after the last field. */
  readonly end: Uint8Array;
}

const [OPEN_LIST, COMMA, CLOSE_LIST] = [0x5b, 0x2c, 0x5d];

/** Writes an object. Throws if an error makes it null. */
export const writeObject = (
  { fields, end }: ObjectPlan,
  execution: Execution,
  object: unknown,
  path: Path | undefined,
): void => {
  for (const field of fields) writeField(field, execution, object, path);
  execution.writer.bytes(end);
};

/** Writes a field of an object. Throws if an error makes the object null. */
export const writeField = (field: FieldPlan, execution: Execution, object: unknown, parent: Path | undefined): void => {
  const { before, member, writeUsual } = field;
  const { writer } = execution;
  writer.bytes(before);
  let value: unknown;
  let path: Path | undefined;
  if (member === undefined && field.valueOf === undefined) {
    execution.beforeResolver();
    path = pathOf(field, parent);
  }
  try {
    if (member !== undefined) value = (object as Record<string, unknown>)[member];
    else if (field.valueOf !== undefined) value = field.valueOf(object);
    else if (path !== undefined) value = field.resolve(execution, object, path);
  } catch (thrown) {
    path ??= pathOf(field, parent);
    value = execution.located(thrown, path, field.nodes);
  }
  // Most values are strings: a call less for each of them can be measured.
  if (writeUsual === writeString && typeof value === 'string') writer.string(value);
  else if (value == null && field.nullable) writer.bytes(NULL);
  else if (writeUsual === writeNone || !writeUsual(value, writer)) {
    execution.write(value, path ?? pathOf(field, parent), field);
  }
};

const pathOf = ({ key, typeName }: FieldPlan, prev: Path | undefined): Path => ({ prev, key, typename: typeName });

/** Writes lists, each item at a position of its own. */
export const completeList =
  (item: ValuePlan, fieldName: string): Complete =>
  (execution, value, path) => {
    if (!Array.isArray(value) && !isIterable(value)) {
      throw new GraphQLError(`Expected Iterable, but did not find one for field "${fieldName}".`);
    }
    const items: readonly unknown[] = Array.isArray(value) ? value : [...value];
    execution.countItems(items);
    execution.writer.byte(OPEN_LIST);
    writeItems(items, 0, item, execution, path);
    execution.writer.byte(CLOSE_LIST);
  };

/** Writes the items from an index on; if that takes long, the last of them in a later turn. */
const writeItems = (
  items: readonly unknown[],
  from: number,
  item: ValuePlan,
  execution: Execution,
  prev: Path,
): void => {
  const { writer } = execution;
  const { writeUsual, nullable } = item;
  let key = from;
  try {
    for (; key < items.length; key += 1) {
      if (key > from && execution.isTurnOver) {
        const next = key;
        const rest = items.slice(next);
        // Promises among them get their handlers only in that turn: one that rejects before must not end the process.
        if (from === 0) ignoreRejections(rest);
        execution.deferRest(prev, !nullable, rest, () => writeItems(items, next, item, execution, prev));
        return;
      }
      if (key > 0) writer.byte(COMMA);
      const value = items[key];
      if (writeUsual === writeString && typeof value === 'string') writer.string(value);
      else if (value == null && nullable) writer.bytes(NULL);
      else if (writeUsual === writeNone || !writeUsual(value, writer)) {
        execution.write(value, { prev, key, typename: undefined }, item);
      }
    }
  } catch (error) {
    ignoreRejections(items.slice(key));
    throw error;
  }
};

const isIterable = (value: unknown): value is Iterable<unknown> =>
  typeof value === 'object' &&
  value !== null &&
  Symbol.iterator in value &&
  typeof value[Symbol.iterator] === 'function';
