import {
  GraphQLBoolean,
  GraphQLEnumType,
  GraphQLFloat,
  GraphQLID,
  GraphQLInt,
  type GraphQLLeafType,
  type GraphQLScalarType,
  GraphQLString,
} from 'graphql';
import { identityFunc } from 'graphql/jsutils/identityFunc.js';
import { inspect } from 'graphql/jsutils/inspect.js';
import { encoded } from './bytes.ts';
import type { Out } from './out.ts';
import { isPlain, type Quick, string } from './quick.ts';

/** Writes the values of a leaf type. */
export interface Leaf {
  /** For those that are by far the most: what the type is made of. */
  readonly quick: Quick;
  /** For all others but null. Throws for what is no value of the type, as graphql-js does and in its words. */
  readonly careful: (value: unknown, out: Out) => void;
}

export const leafOf = (type: GraphQLLeafType): Leaf => ({
  quick: quickOf(type),
  careful: (value, out) => {
    const serialized: unknown = type.serialize(value);
    const json: string | undefined = serialized == null ? undefined : JSON.stringify(serialized);
    if (json !== undefined) return out.json(json);
    throw new Error(
      `Expected \`${inspect(type)}.serialize(${inspect(value)})\` to return non-nullable value, returned: ${inspect(serialized)}`,
    );
  },
});

const [OPEN, COMMA, COLON, CLOSE] = [0x7b, 0x2c, 0x3a, 0x7d];

/** What a scalar hands on as it is: mostly a map of strings, as metadata is, which JSON.stringify takes longer for. */
const asItIs: Quick = (value, out) => {
  const start = out.mark();
  if (isPlain(value) && wroteStrings(value, out)) return true;
  out.rewind(start);
  if (value == null || (typeof value === 'object' && !isPlain(value) && !Array.isArray(value))) return false;
  const json: string | undefined = JSON.stringify(value);
  if (json === undefined) return false;
  out.json(json);
  return true;
};

const wroteStrings = (map: Record<string, unknown>, out: Out): boolean => {
  let before = OPEN;
  for (const key in map) {
    out.byte(before);
    before = COMMA;
    out.string(key);
    out.byte(COLON);
    if (!string(map[key], out)) return false;
  }
  if (before === OPEN) out.byte(OPEN);
  out.byte(CLOSE);
  return true;
};

/** What a scalar makes of a number or a string, where that is a string. */
const serializedBy =
  (type: GraphQLScalarType): Quick =>
  (value, out) =>
    (typeof value === 'number' || typeof value === 'string') && string(type.serialize(value), out);

const quickOf = (type: GraphQLLeafType): Quick => {
  if (type instanceof GraphQLEnumType) return namesOf(type);
  const { quick } = type.extensions;
  if (typeof quick === 'function') return quick as Quick;
  return quickly.get(type.name) ?? (type.serialize === identityFunc ? asItIs : serializedBy(type));
};

const MAX_INT = 2 ** 31 - 1;

const numbers =
  (areThey: (value: unknown) => boolean): Quick =>
  (value, out) => {
    if (!areThey(value)) return false;
    out.ascii(`${value as number}`);
    return true;
  };

const [TRUE, FALSE] = [encoded('true'), encoded('false')];

const quickly = new Map<string, Quick>([
  [GraphQLString.name, string],
  [GraphQLID.name, string],
  [
    GraphQLBoolean.name,
    (value, out) => {
      if (typeof value !== 'boolean') return false;
      out.bytes(value ? TRUE : FALSE);
      return true;
    },
  ],
  [GraphQLFloat.name, numbers(Number.isFinite)],
  [GraphQLInt.name, numbers((value) => Number.isInteger(value) && Math.abs(value as number) <= MAX_INT)],
]);

const namesOf = (type: GraphQLEnumType): Quick => {
  const names = new Map<unknown, Uint8Array>();
  for (const { value } of type.getValues()) names.set(value, encoded(JSON.stringify(type.serialize(value))));
  return (value, out) => {
    const name = names.get(value);
    if (name === undefined) return false;
    out.bytes(name);
    return true;
  };
};
