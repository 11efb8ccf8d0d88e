import { readFileSync } from 'node:fs';
import {
  buildSchema,
  getNamedType,
  type GraphQLNamedType,
  isEnumType,
  isInputObjectType,
  isInputType,
  isInterfaceType,
  isObjectType,
  isOutputType,
  lexicographicSortSchema,
  printSchema,
  validateSchema,
} from 'graphql';
import { describe, expect, test } from 'vitest';
import { createSchema } from '../../src/schema/index.ts';
import { startFacade } from '../support/facade.ts';

const schema = createSchema();

// The specification's own types, and Federation's, say what they are elsewhere.
const types = Object.values(schema.getTypeMap()).filter(({ name }) => !/^_|^(Boolean|Float|ID|Int|String)$/.test(name));
const namesOf = (which: (type: GraphQLNamedType) => boolean) => types.filter(which).map(({ name }) => name);

const fieldsOf = (type: GraphQLNamedType) =>
  isObjectType(type) || isInterfaceType(type) ? Object.values(type.getFields()) : [];
const members = types.flatMap((type) => [
  ...fieldsOf(type).flatMap((field) => [
    { at: `${type.name}.${field.name}`, ...field },
    ...field.args.map((arg) => ({ ...arg, at: `${type.name}.${field.name}(${arg.name}:)` })),
  ]),
  ...(isInputObjectType(type) ? Object.values(type.getFields()) : []).map((field) => ({
    ...field,
    at: `${type.name}.${field.name}`,
  })),
]);
const values = types
  .filter(isEnumType)
  .flatMap((type) => type.getValues().map((value) => ({ ...value, at: type.name })));

test('the schema is valid', () => {
  expect(validateSchema(schema)).toEqual([]);
});

test('schema.graphql is what the code prints', () => {
  const file = readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8');

  expect(file).toBe(`${printSchema(lexicographicSortSchema(createSchema()))}\n`);
});

describe('a description', () => {
  const described = [
    ...types.map(({ name, description }) => ({ at: name, description })),
    ...members.map(({ at, description }) => ({ at, description })),
    ...values.map(({ at, name, description }) => ({ at: `${at}.${name}`, description })),
  ];

  test('is on every type, field, argument, member of an input and value of an enum', () => {
    expect(described.filter(({ description }) => !description?.trim()).map(({ at }) => at)).toEqual([]);
  });

  test('is a sentence', () => {
    const odd = described.filter(
      ({ description }) => !/^[A-Z`].*\./s.test(description ?? '') || /\bA [AEIOU]/.test(description ?? ''),
    );

    expect(odd).toEqual([]);
  });
});

describe('names', () => {
  test('of types are in PascalCase, of members in camelCase, of values in CAPITALS', () => {
    expect(namesOf(({ name }) => !/^[A-Z][a-zA-Z]*$/.test(name))).toEqual([]);
    expect(members.filter(({ name }) => !/^[a-z][a-zA-Z]*$/.test(name)).map(({ at }) => at)).toEqual([]);
    expect(values.filter(({ name }) => !/^[A-Z][A-Z0-9_]*$/.test(name)).map(({ name }) => name)).toEqual([]);
  });

  test('of types do not end in Object, those of inputs end in Input', () => {
    expect(namesOf(({ name }) => name.endsWith('Object') && name !== 'ResponseFormatJsonObject')).toEqual([]);
    expect(namesOf((type) => isInputObjectType(type) !== type.name.endsWith('Input'))).toEqual([]);
  });

  test('of types are not those that a generator makes from the path in the REST schemas', () => {
    expect(
      namesOf(({ name }) => /TypeOnly|Inner|TextAnnotations|StepDetailsToolCalls[A-Z]|DeltaStepDetails/.test(name)),
    ).toEqual([]);
  });

  test('of times end in At, those of bounds in After or Before, and nothing else does', () => {
    const times = members.filter(({ name }) => name.endsWith('At'));

    expect(times.filter(({ type }) => getNamedType(type).name !== 'DateTime').map(({ at }) => at)).toEqual([]);
    expect(
      members
        .filter(({ type, name }) => getNamedType(type).name === 'DateTime' && !/At$|^[a-z]+(After|Before)$/.test(name))
        .map(({ at }) => at),
    ).toEqual([]);
  });
});

test('every enum in the output has UNKNOWN, for values of a newer upstream, and input-only enums do not', () => {
  const read = new Set(types.flatMap(fieldsOf).map(({ type }) => getNamedType(type)));
  const isRead = (type: GraphQLNamedType) => isOutputType(type) && read.has(type);
  const enums = types.filter(isEnumType);

  expect(enums.filter((type) => isRead(type) !== (type.getValue('UNKNOWN') !== undefined)).map(String)).toEqual([]);
});

test('every interface for a REST union has an Unknown… type, with its type and raw JSON', () => {
  const unions = types.filter(isInterfaceType).filter(({ name }) => !/^(Node|RunStreamEvent)$/.test(name));

  expect(unions.length).toBeGreaterThan(8);
  for (const union of unions) {
    const unknown = schema.getPossibleTypes(union).find(({ name }) => name === `Unknown${union.name}`);
    expect(Object.keys(unknown?.getFields() ?? {}), `in ${union.name}`).toEqual(
      expect.arrayContaining(['type', 'raw']),
    );
  }
});

describe('each of the mutations', () => {
  const mutations = Object.values(schema.getMutationType()?.getFields() ?? {});

  test('is a mutation named like the REST operation', () => {
    expect(mutations.map(({ name }) => name).toSorted()).toEqual(
      [
        'createAssistant',
        'modifyAssistant',
        'deleteAssistant',
        'createThread',
        'modifyThread',
        'deleteThread',
        'createMessage',
        'modifyMessage',
        'deleteMessage',
        'createRun',
        'modifyRun',
        'cancelRun',
        'submitToolOutputsToRun',
        'createThreadAndRun',
        'createFile',
        'deleteFile',
        'createVectorStore',
        'modifyVectorStore',
        'deleteVectorStore',
        'createVectorStoreFile',
        'createVectorStoreFileBatch',
        'deleteVectorStoreFile',
      ].toSorted(),
    );
  });

  test.each(mutations)(
    '$name takes one input and returns a nullable payload, both named for it',
    ({ name, args, type }) => {
      const pascal = name.charAt(0).toUpperCase() + name.slice(1);

      expect(args.map((arg) => `${arg.name}: ${String(arg.type)}`)).toEqual([`input: ${pascal}Input!`]);
      expect(String(type)).toBe(`${pascal}Payload`);
      for (const [member, its] of Object.entries(membersOf(`${pascal}Payload`))) {
        const isOptional = member === 'clientMutationId' || `${name}.${member}` === 'createThreadAndRun.thread';
        expect(its.endsWith('!'), `${member} of the payload`).toBe(!isOptional);
      }
      for (const half of [`${pascal}Input`, `${pascal}Payload`]) {
        expect(Object.keys(membersOf(half)), `in ${half}`).toContain('clientMutationId');
      }
    },
  );
});

test('every connection follows the Relay specification and also has nodes', () => {
  const connections = types.filter(({ name }) => name.endsWith('Connection'));

  expect(connections.map(({ name }) => name).toSorted()).toEqual([
    'AssistantConnection',
    'FileConnection',
    'MessageConnection',
    'RunConnection',
    'RunStepConnection',
    'ThreadConnection',
    'VectorStoreConnection',
    'VectorStoreFileConnection',
  ]);
  for (const { name } of connections) {
    const node = name.replace('Connection', '');
    expect(membersOf(name)).toEqual({ edges: `[${node}Edge!]!`, nodes: `[${node}!]!`, pageInfo: 'PageInfo!' });
    expect(membersOf(`${node}Edge`)).toEqual({ cursor: 'String!', node: `${node}!` });
  }
  expect(membersOf('PageInfo')).toEqual({
    hasNextPage: 'Boolean!',
    hasPreviousPage: 'Boolean!',
    startCursor: 'String',
    endCursor: 'String',
  });
});

test('every field of a connection type takes first, after, last, before and order', () => {
  const lists = types.flatMap(fieldsOf).filter(({ type }) => getNamedType(type).name.endsWith('Connection'));

  expect(lists).toHaveLength(9);
  for (const { args } of lists) {
    const taken = Object.fromEntries(args.map(({ name, type }) => [name, String(type)]));
    expect(taken).toMatchObject({
      first: 'Int',
      after: 'String',
      last: 'Int',
      before: 'String',
      order: 'SortOrder',
    });
  }
});

test('the schema that a client introspects is the one that the code prints', async () => {
  const { query } = await startFacade({});
  const { data } = await query<{ it: { types: { name: string }[] } }>('{ it: __schema { types { name } } }');
  const printed = buildSchema(readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8'));

  const names = data?.it.types.map(({ name }) => name).filter((name) => !name.startsWith('_'));
  expect(names?.toSorted()).toEqual(
    Object.keys(printed.getTypeMap())
      .filter((name) => !name.startsWith('_'))
      .toSorted(),
  );
});

/** The members of a type, each with its own type. */
function membersOf(name: string): Record<string, string> {
  const type = schema.getType(name);
  const fields = type && (isInputType(type) || isOutputType(type)) && 'getFields' in type ? type.getFields() : {};
  return Object.fromEntries(Object.values(fields).map((field) => [field.name, String(field.type)]));
}
