import {
  GraphQLBoolean,
  GraphQLEnumType,
  GraphQLFloat,
  GraphQLID,
  GraphQLInt,
  type GraphQLLeafType,
  GraphQLScalarType,
  GraphQLString,
} from 'graphql';
import { inspect } from 'graphql/jsutils/inspect.js';
import { encoded } from './bytes.ts';
import { isPromise } from './promises.ts';
import { type JsonWriter, OUT_OF_ROOM } from './jsonWriter.ts';

declare module 'graphql' {
  interface GraphQLScalarTypeExtensions {
    /** Writes the usual values of the scalar, as `serialize` would have them. */
    writeUsual?: WriteUsual;
  }
}

/** Writes the usual values of a leaf type. Returns false for any other, of which it has written nothing; throws nothing but OUT_OF_ROOM. */
export type WriteUsual = (value: unknown, writer: JsonWriter) => boolean;

/** For types without usual values. */
export const writeNone: WriteUsual = () => false;

/** Writes strings. */
export const writeString: WriteUsual = (value, writer) => {
  if (typeof value !== 'string') return false;
  writer.string(value);
  return true;
};

/** Writes any value but null. Throws what graphql-js throws for one that is not of the type. */
export const writeSerialized = (type: GraphQLLeafType, value: unknown, writer: JsonWriter): void => {
  const serialized: unknown = type.serialize(value);
  if (typeof serialized === 'string') {
    writer.string(serialized);
    return;
  }
  const json: string | undefined = serialized == null ? undefined : JSON.stringify(serialized);
  if (json === undefined) {
    throw new Error(
      `Expected \`${inspect(type)}.serialize(${inspect(value)})\` to return non-nullable value, returned: ${inspect(serialized)}`,
    );
  }
  writer.json(json);
};

/** How a type's usual values are written. */
export const usualOf = (type: GraphQLLeafType): WriteUsual => {
  if (type instanceof GraphQLEnumType) return enumNames(type);
  const { writeUsual } = type.extensions;
  return writeUsual ?? builtIn.get(type) ?? (type.serialize === identity ? writeJson : writeNone);
};

/** What scalars without a `serialize` of their own have. */
const { serialize: identity } = new GraphQLScalarType({ name: 'Any' });

const [OPEN, COMMA, COLON, CLOSE] = [0x7b, 0x2c, 0x3a, 0x7d];

/** Any JSON: often a map of strings, as metadata is, for which JSON.stringify takes longer. */
const writeJson: WriteUsual = (value, writer) => {
  const { length, slots } = writer;
  try {
    if (isPlain(value)) {
      if (wroteStrings(value, writer)) return true;
      writer.rewind(length, slots);
      if (isPromise(value)) return false;
    } else if (!isJson(value)) {
      return false;
    }
    const json: string | undefined = JSON.stringify(value);
    if (json === undefined) return false;
    writer.json(json);
    return true;
  } catch (error) {
    if (error === OUT_OF_ROOM) throw error;
    // Serialising it reports what is wrong with it.
    writer.rewind(length, slots);
    return false;
  }
};

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

/** Whether it is no object with behaviour of its own, such as an error. */
const isJson = (value: unknown) => value != null && (typeof value !== 'object' || Array.isArray(value));

const wroteStrings = (map: Record<string, unknown>, writer: JsonWriter): boolean => {
  let before = OPEN;
  for (const key of Object.keys(map)) {
    writer.byte(before);
    before = COMMA;
    writer.string(key);
    writer.byte(COLON);
    const value = map[key];
    if (typeof value !== 'string') return false;
    writer.string(value);
  }
  if (before === OPEN) writer.byte(OPEN);
  writer.byte(CLOSE);
  return true;
};

const MAX_INT = 2 ** 31 - 1;

const numbers =
  (isOne: (value: unknown) => boolean): WriteUsual =>
  (value, writer) => {
    if (!isOne(value)) return false;
    writer.ascii(`${value as number}`);
    return true;
  };

const [TRUE, FALSE] = [encoded('true'), encoded('false')];

const booleans: WriteUsual = (value, writer) => {
  if (typeof value !== 'boolean') return false;
  writer.bytes(value ? TRUE : FALSE);
  return true;
};

const builtIn = new Map<GraphQLLeafType, WriteUsual>([
  [GraphQLString, writeString],
  [GraphQLID, writeString],
  [GraphQLBoolean, booleans],
  [GraphQLFloat, numbers(Number.isFinite)],
  [GraphQLInt, numbers((value) => Number.isInteger(value) && Math.abs(value as number) <= MAX_INT)],
]);

const enumNames = (type: GraphQLEnumType): WriteUsual => {
  const names = new Map<unknown, Uint8Array>();
  for (const { value } of type.getValues()) {
    // An enum value that is an object stands for itself, and may be a promise or an error.
    if (typeof value !== 'object') names.set(value, encoded(JSON.stringify(type.serialize(value))));
  }
  return (value, writer) => {
    const name = names.get(value);
    if (name === undefined) return false;
    writer.bytes(name);
    return true;
  };
};
