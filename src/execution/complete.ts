import { GraphQLError, type GraphQLLeafType } from 'graphql';
import type { Path } from './box.ts';
import { encoded, NULL } from './bytes.ts';
import type { Selected, WriteField } from './field.ts';
import { leafOf } from './leaf.ts';
import { type Quick, type QuickField, wrote } from './quick.ts';
import { type Complete, isPromise, type Place, type Run } from './run.ts';

/** A field of a selection, ready to be written. */
export interface PlannedField {
  /** What stands before its value. */
  readonly before: Uint8Array;
  readonly write: WriteField;
  readonly quick: QuickField | undefined;
}

const [OPEN_LIST, COMMA, CLOSE_LIST] = [0x5b, 0x2c, 0x5d];
const [CLOSE_OBJECT, EMPTY_OBJECT] = [encoded('}'), encoded('{}')];

/** Writes an object of a selection. Throws where a failure makes it null. */
export const writeObject = (
  fields: readonly PlannedField[],
  run: Run,
  object: Record<string, unknown>,
  path: Path | undefined,
): void => {
  for (const { before, write } of fields) {
    run.out.bytes(before);
    write(run, object, path);
  }
  writeEnd(fields, run);
};

/** What follows the last field. */
export const writeEnd = (fields: readonly PlannedField[], { out }: Run): void =>
  out.bytes(fields.length === 0 ? EMPTY_OBJECT : CLOSE_OBJECT);

/** Writes a list, each item at its own place. Throws where a failure of one makes it null. */
export const list =
  (item: Place, selected: Selected): Complete =>
  (run, value, prev) => {
    if (!isIterable(value)) {
      throw new GraphQLError(`Expected Iterable, but did not find one for field "${nameOf(selected)}".`);
    }
    let key = 0;
    try {
      for (const one of value) {
        run.out.byte(key === 0 ? OPEN_LIST : COMMA);
        if (!wrote(item, one, run.out)) run.place(one, { prev, key, typename: undefined }, item);
        key += 1;
      }
    } catch (error) {
      // Nobody waits for the others any more: should they be rejected, it must not end the process.
      for (const one of value) if (isPromise(one)) one.then(undefined, () => {});
      throw error;
    }
    if (key === 0) run.out.byte(OPEN_LIST);
    run.out.byte(CLOSE_LIST);
  };

/** Values reach it that `quick` did not write. */
export const leaf = (type: GraphQLLeafType): { quick: Quick; complete: Complete } => {
  const { quick, careful } = leafOf(type);
  return { quick, complete: ({ out }, value) => careful(value, out) };
};

/** For a place where a null may stand. */
export const orNull =
  (complete: Complete): Complete =>
  (run, value, path) => {
    if (value instanceof Error) throw value;
    if (value == null) run.out.bytes(NULL);
    else complete(run, value, path);
  };

/** For a place where no null may stand. */
export const orThrow =
  (complete: Complete, selected: Selected): Complete =>
  (run, value, path) => {
    if (value instanceof Error) throw value;
    if (value == null) throw new Error(`Cannot return null for non-nullable field ${nameOf(selected)}.`);
    complete(run, value, path);
  };

/** As `Run.status`, for messages. */
export const nameOf = ({ field, parentType }: Selected): string => `${parentType.name}.${field.name}`;

const isIterable = (value: unknown): value is Iterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.iterator in value;
