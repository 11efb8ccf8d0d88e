import {
  getNullableType,
  type GraphQLField,
  type GraphQLOutputType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { expect, test } from 'vitest';
import { servedSchema } from '../../src/schema/served.ts';

const schema = servedSchema({ subgraph: false });

const subscriptions = schema.getSubscriptionType();
const fields = Object.values(schema.getTypeMap())
  .filter(isObjectType)
  .filter((type) => type !== subscriptions && !type.name.startsWith('__'))
  .flatMap((type) => Object.values(type.getFields()).map((field) => ({ at: `${type.name}.${field.name}`, field })));

/** Without the context a resolver has no way to the REST API. */
const canMakeCalls = ({ resolve }: GraphQLField<unknown, unknown>) => resolve !== undefined && resolve.length > 2;

/** The type of the items of a list, which a list of look-ups nulls one by one. */
const itemType = (type: GraphQLOutputType): GraphQLOutputType => {
  const bare = getNullableType(type);
  return isListType(bare) ? bare.ofType : type;
};

test('every field whose resolver can make a REST call is declared as one that does', () => {
  const undeclared = fields.filter(
    ({ field }) => canMakeCalls(field) && !field.extensions.restCall && !field.extensions.configOnly,
  );

  expect(undeclared.map(({ at }) => at)).toEqual([]);
});

test('no field that costs a REST call of its own is non-null', () => {
  const declared = fields.filter(({ field }) => field.extensions.restCall);
  const nonNull = declared.filter(({ field }) => isNonNullType(field.type) && isNonNullType(itemType(field.type)));

  expect(declared.length).toBeGreaterThan(30);
  expect(nonNull.map(({ at }) => at)).toEqual([]);
});

test('every mutation and every connection costs a REST call of its own', () => {
  const calls = fields.filter(
    ({ at, field }) =>
      at.startsWith('Mutation.') || String(itemType(field.type)).replace('!', '').endsWith('Connection'),
  );

  expect(calls.filter(({ field }) => !field.extensions.restCall).map(({ at }) => at)).toEqual([]);
});
