import { GraphQLEnumType, type GraphQLSchema } from 'graphql';
import { userInputError } from '../context/errors.ts';

/**
 * The value of an enum if the upstream sent one that this schema does not know, or none. The type `never` keeps code from
 * comparing it with values of the REST API and from sending it.
 */
export const UNKNOWN = 'UNKNOWN' as never;

/** The value that every enum that is read has in addition to those of the REST API. */
export const unknownValue = {
  UNKNOWN: {
    value: UNKNOWN,
    description:
      'A value that this schema does not know, sent by a newer upstream. It is output only: using it as input is an error.',
  },
} as const;

/**
 * Makes every enum with an UNKNOWN open: an unknown value is read as UNKNOWN instead of being an error. As input, UNKNOWN is an
 * error.
 */
export const openEnums = (schema: GraphQLSchema): GraphQLSchema => {
  for (const type of Object.values(schema.getTypeMap())) {
    if (type instanceof GraphQLEnumType && type.getValue(UNKNOWN)) open(type);
  }
  return schema;
};

const open = (type: GraphQLEnumType) => {
  const known = new Map(type.getValues().map(({ name, value }) => [value, name]));
  const allowed = [...known.values()].filter((name) => name !== UNKNOWN).join(', ');
  const sendable = (value: unknown) => {
    if (value !== UNKNOWN) return value;
    throw userInputError(`${type.name} cannot be UNKNOWN in an input. Allowed: ${allowed}.`);
  };
  const parseValue = type.parseValue.bind(type);
  const parseLiteral = type.parseLiteral.bind(type);
  type.serialize = (value) => known.get(value) ?? UNKNOWN;
  type.parseValue = (value) => sendable(parseValue(value));
  type.parseLiteral = (node, variables) => sendable(parseLiteral(node, variables));
};
