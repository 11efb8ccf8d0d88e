import { buildSchema, getOperationAST, getVariableValues, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { variableCoercion } from '../../src/pipeline/variables.ts';

const schema = buildSchema(`
  enum Order { ASC DESC }
  input Filter { order: Order = ASC, ids: [ID!] }
  type Query {
    field(id: ID, required: ID!, count: Int, ratio: Float, on: Boolean, order: Order, text: String, ids: [ID!], filter: Filter): Int
  }
`);

const options = { maxErrors: 100, hideSuggestions: false };

const types = [
  'ID',
  'ID!',
  'Int',
  'Int!',
  'Float',
  'Boolean!',
  'Order',
  'Order!',
  'String',
  '[ID!]',
  'Filter',
  'Int = 3',
];

const values: unknown[] = [
  null,
  undefined,
  '',
  'asst_1',
  'ASC',
  'asc',
  'constructor',
  0,
  -0,
  1,
  1.5,
  2 ** 31,
  Number.MAX_SAFE_INTEGER,
  true,
  false,
  [],
  ['a'],
  [null],
  {},
  { order: 'DESC' },
  { order: 'up' },
  { unknown: 1 },
];

const coercionsOf = (declared: string, given: Record<string, unknown>) => {
  const definition = getOperationAST(parse(`query Q(${declared}) { __typename }`));
  if (!definition) throw new Error('the document has an operation');
  const expected = getVariableValues(schema, definition.variableDefinitions ?? [], given, options);
  return { expected, actual: variableCoercion(schema, definition, options)(given) };
};

const plain = ({ coerced, errors = [] }: ReturnType<typeof coercionsOf>['actual']) => ({
  coerced,
  errors: errors.map((error) => error.toJSON()),
});

describe('variables are coerced as by graphql-js', () => {
  it.each(types)('if their type is %s', (type) => {
    for (const value of values) {
      const { expected, actual } = coercionsOf(`$value: ${type}`, { value });
      expect(plain(actual), `value ${JSON.stringify(value)}`).toEqual(plain(expected));
    }
    const { expected, actual } = coercionsOf(`$value: ${type}`, {});
    expect(plain(actual), 'absent').toEqual(plain(expected));
  });

  it.each(['constructor', 'toString', '__proto__', 'hasOwnProperty'])('if one is named %s', (name) => {
    for (const given of [{}, { [name]: 'asst_1' }]) {
      for (const type of ['ID', 'ID!', 'String = "default"']) {
        const { expected, actual } = coercionsOf(`$${name}: ${type}, $other: Int`, given);
        expect(plain(actual)).toEqual(plain(expected));
      }
    }
  });

  it('if one of several is invalid, and reports each that is', () => {
    const declared = '$first: Int!, $second: Order!, $third: ID';
    const { expected, actual } = coercionsOf(declared, { first: 'one', second: 'up', third: 'asst_1' });
    expect(plain(actual)).toEqual(plain(expected));
    expect(actual.errors).toHaveLength(2);
  });
});
