import { GraphQLEnumType, type GraphQLSchema } from 'graphql';
import { userInputError } from '../context/errors.ts';

/**
 * Stands where the upstream sent a value that this schema does not know, or none. No code may take it for a value of the
 * REST API, nor send it: `never` makes the compiler see to that.
 */
export const UNKNOWN = 'UNKNOWN' as never;

/** The value that every enum of the graph has beside the REST API's own. */
export const unknownValue = {
  UNKNOWN: {
    value: UNKNOWN,
    description:
      'A value that this schema does not know, sent by a newer upstream. It is output only: using it as input is an error.',
  },
} as const;

/**
 * Makes every enum with an UNKNOWN open: a value that it does not know is read as UNKNOWN instead of being an error, and
 * UNKNOWN itself is refused where it is sent.
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
    throw userInputError(`UNKNOWN of ${type.name} is only ever read. Allowed here: ${allowed}.`);
  };
  const parseValue = type.parseValue.bind(type);
  const parseLiteral = type.parseLiteral.bind(type);
  type.serialize = (value) => known.get(value) ?? UNKNOWN;
  type.parseValue = (value) => sendable(parseValue(value));
  type.parseLiteral = (node, variables) => sendable(parseLiteral(node, variables));
};
