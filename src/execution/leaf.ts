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

/** A value as JSON; undefined for one that needs a closer look. */
type Quick = (value: unknown) => string | undefined;

/** Writes the values of a leaf type. */
export interface Leaf {
  /** For those that are by far the most: what the type is made of. Undefined for all that needs a closer look. */
  readonly quick: Quick;
  /** For all others but null. Throws for what is no value of the type, as graphql-js does and in its words. */
  readonly careful: (value: unknown) => string;
}

export const leafOf = (type: GraphQLLeafType): Leaf => ({
  quick: quickOf(type),
  careful: (value) => {
    const serialized: unknown = type.serialize(value);
    const json: string | undefined = serialized == null ? undefined : JSON.stringify(serialized);
    if (json !== undefined) return json;
    throw new Error(
      `Expected \`${inspect(type)}.serialize(${inspect(value)})\` to return non-nullable value, returned: ${inspect(serialized)}`,
    );
  },
});

/** All that JSON writes as it is. Surrogates are not among them: one that stands alone is escaped. */
const PLAIN = /^[ !#-[\]-\ud7ff\ue000-\uffff]*$/;

const string: Quick = (value) => {
  if (typeof value !== 'string') return undefined;
  return PLAIN.test(value) ? `"${value}"` : JSON.stringify(value);
};

/**
 * Maps of strings, as metadata is. Anything else has to be looked at by JSON.stringify, and each call of that costs more than
 * a few strings do.
 */
const strings: Quick = (value) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const map = value as Record<string, unknown>;
  let text = '{';
  for (const key in map) {
    const member = string(map[key]);
    if (member === undefined) return undefined;
    text += `${text === '{' ? '' : ','}${string(key)}:${member}`;
  }
  return `${text}}`;
};

/** What a scalar makes of a number or a string, where that is a string, as a moment is. What it refuses is looked at again. */
const serializedBy =
  (type: GraphQLScalarType): Quick =>
  (value) => {
    if (typeof value !== 'number' && typeof value !== 'string') return undefined;
    try {
      return string(type.serialize(value));
    } catch {
      return undefined;
    }
  };

const quickOf = (type: GraphQLLeafType): Quick => {
  if (type instanceof GraphQLEnumType) return namesOf(type);
  // A scalar that hands values on as they are may be given maps.
  return quickly.get(type.name) ?? (type.serialize === identityFunc ? strings : serializedBy(type));
};

const MAX_INT = 2 ** 31 - 1;

const quickly = new Map<string, Quick>([
  [GraphQLString.name, string],
  [GraphQLID.name, string],
  [GraphQLBoolean.name, (value) => (value === true ? 'true' : value === false ? 'false' : undefined)],
  [GraphQLFloat.name, (value) => (typeof value === 'number' && Number.isFinite(value) ? `${value}` : undefined)],
  [
    GraphQLInt.name,
    (value) =>
      typeof value === 'number' && Number.isInteger(value) && Math.abs(value) <= MAX_INT ? `${value}` : undefined,
  ],
]);

const namesOf = (type: GraphQLEnumType): Quick => {
  const names = new Map<unknown, string>();
  for (const { value } of type.getValues()) names.set(value, JSON.stringify(type.serialize(value)));
  return (value) => names.get(value);
};
