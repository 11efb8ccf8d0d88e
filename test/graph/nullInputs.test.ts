import {
  getNullableType,
  type GraphQLInputType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql';
import { describe, expect, test } from 'vitest';
import { createSchema } from '../../src/schema/index.ts';
import { startFacade } from '../support/facade.ts';
import { refusal } from '../support/upstream.ts';
import { assistant, message, run, thread, vectorStore, vectorStoreFile } from './fixtures.ts';

const schema = createSchema();

const scalars: Record<string, unknown> = {
  Boolean: true,
  Float: 0.5,
  ID: 'id_1',
  Int: 1,
  JSON: { type: 'object' },
  Metadata: { a: 'b' },
  String: 'text',
};

const configuration = [
  'name',
  'description',
  'instructions',
  'reasoningEffort',
  'tools[].function.strict',
  'toolResources',
  'metadata',
  'temperature',
  'topP',
  'responseFormat',
  'responseFormat.jsonSchema.strict',
];
const runOptions = [
  'model',
  'instructions',
  'tools',
  'tools[].function.strict',
  'metadata',
  'temperature',
  'topP',
  'maxPromptTokens',
  'maxCompletionTokens',
  'truncationStrategy',
  'truncationStrategy.lastMessages',
  'toolChoice',
  'responseFormat',
  'responseFormat.jsonSchema.strict',
];
const newThread = [
  'messages[].attachments',
  'messages[].metadata',
  'toolResources',
  'toolResources.fileSearch.vectorStores[].metadata',
  'metadata',
];

/** The REST call of each mutation, and the fields of its body that have a null in the REST contract. */
const writes = [
  {
    name: 'createAssistant',
    line: 'POST /assistants',
    object: assistant,
    nullInRest: [...configuration, 'toolResources.fileSearch.vectorStores[].metadata'],
  },
  { name: 'modifyAssistant', line: 'POST /assistants/id_1', object: assistant, nullInRest: configuration },
  { name: 'createThread', line: 'POST /threads', object: thread, nullInRest: newThread },
  { name: 'modifyThread', line: 'POST /threads/id_1', object: thread, nullInRest: ['toolResources', 'metadata'] },
  {
    name: 'createMessage',
    line: 'POST /threads/id_1/messages',
    object: message,
    nullInRest: ['attachments', 'metadata'],
  },
  { name: 'modifyMessage', line: 'POST /threads/id_1/messages/id_1', object: message, nullInRest: ['metadata'] },
  {
    name: 'createRun',
    line: 'POST /threads/id_1/runs',
    object: run,
    nullInRest: [
      ...runOptions,
      'reasoningEffort',
      'additionalInstructions',
      'additionalMessages',
      'additionalMessages[].attachments',
      'additionalMessages[].metadata',
    ],
  },
  {
    name: 'createThreadAndRun',
    line: 'POST /threads/runs',
    object: run,
    nullInRest: [...runOptions, 'toolResources', ...newThread.map((path) => `thread.${path}`)],
  },
  { name: 'modifyRun', line: 'POST /threads/id_1/runs/id_1', object: run, nullInRest: ['metadata'] },
  {
    name: 'submitToolOutputsToRun',
    line: 'POST /threads/id_1/runs/id_1/submit_tool_outputs',
    object: run,
    nullInRest: [],
  },
  { name: 'createVectorStore', line: 'POST /vector_stores', object: vectorStore, nullInRest: ['metadata'] },
  {
    name: 'modifyVectorStore',
    line: 'POST /vector_stores/id_1',
    object: vectorStore,
    nullInRest: ['name', 'expiresAfter', 'metadata'],
  },
  {
    name: 'createVectorStoreFile',
    line: 'POST /vector_stores/id_1/files',
    object: vectorStoreFile,
    nullInRest: ['attributes'],
  },
  {
    name: 'createVectorStoreFileBatch',
    line: 'POST /vector_stores/id_1/file_batches',
    object: { id: 'vsfb_1' },
    nullInRest: ['attributes', 'files[].attributes'],
  },
];

test('every mutation that has a body is in the table', () => {
  const names = Object.keys(schema.getMutationType()?.getFields() ?? {});

  expect(names.filter((name) => !/^(delete|cancel|createFile)/.test(name)).toSorted()).toEqual(
    writes.map(({ name }) => name).toSorted(),
  );
});

describe.each(writes)('$name', ({ name, line, object, nullInRest }) => {
  const typeName = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
  const type = inputType(typeName);
  const places = placesIn(type, fullOf(type));

  test('sends null for fields that have a null in the REST contract, and treats it as absent for all others', async () => {
    const { query, upstream } = await startFacade({ [line]: object });
    const bodyWith = async (value: null | undefined, place: Place) => {
      const document = `mutation ($input: ${typeName}!) { ${name}(input: $input) { clientMutationId } }`;
      const { errors } = await query(document, { input: place.with(value) });
      expect(errors, `${String(value)} for ${place.path}`).toBeUndefined();
      return upstream.calls.at(-1)?.body;
    };

    expect(places.map(({ path }) => path)).toEqual(expect.arrayContaining(nullInRest));
    for (const place of places) {
      const ofNull = await bodyWith(null, place);
      const ofAbsent = await bodyWith(undefined, place);
      const isSent = nullInRest.includes(place.path);
      expect(nullsIn(ofAbsent), `${place.path} left out`).toEqual([]);
      expect(nullsIn(ofNull), `null for ${place.path}`).toEqual(isSent ? [snake(place.path)] : []);
      expect(isSent ? ofAbsent : ofNull, `null for ${place.path}`).toEqual(ofAbsent);
    }
  });
});

test.each([
  ['tools[0].file_search.max_num_results', 'tools[0].fileSearch.maxNumResults'],
  ['tools[1].function.parameters.some_key', 'tools[1].function.parameters.some_key'],
  ['metadata.some_key', 'metadata.some_key'],
  ['model', 'model'],
])("an error of REST about '%s' names '%s' of the graph, and keeps the REST name as param", async (param, named) => {
  const { query } = await startFacade({
    'POST /assistants': refusal(400, `Invalid value for '${param}': expected another.`, { param }),
  });

  expect(await query('mutation { createAssistant(input: { model: "m" }) { assistant { id } } }')).toMatchObject({
    data: { createAssistant: null },
    errors: [
      { message: `Invalid value for '${named}': expected another.`, extensions: { upstream: { status: 400, param } } },
    ],
  });
});

/** A field of an input that may be null, and the whole input with another value there; undefined leaves it out. */
interface Place {
  path: string;
  with: (value: null | undefined) => unknown;
}

function inputType(typeName: string): GraphQLInputType {
  const type = schema.getType(typeName);
  if (!isInputObjectType(type)) throw new Error(`The schema has no input ${typeName}.`);
  return type;
}

/** A value that has everything the type takes; of a `@oneOf` input the member that holds most, or in a list one item for each member. */
function fullOf(type: GraphQLInputType): unknown {
  const bare = getNullableType(type);
  if (isListType(bare)) {
    const item = getNullableType(bare.ofType);
    if (!isInputObjectType(item) || !item.isOneOf) return [fullOf(item)];
    return Object.values(item.getFields()).map((field) => ({ [field.name]: fullOf(field.type) }));
  }
  if (isEnumType(bare)) return bare.getValues()[0]?.name;
  if (!isInputObjectType(bare)) return scalars[bare.name];
  const fields = Object.values(bare.getFields());
  const [first] = fields.toSorted((a, b) => Number(isInputObjectType(b.type)) - Number(isInputObjectType(a.type)));
  const filled = bare.isOneOf && first ? [first] : fields;
  return Object.fromEntries(filled.map((field) => [field.name, fullOf(field.type)]));
}

function placesIn(type: GraphQLInputType, value: unknown): Place[] {
  const bare = getNullableType(type);
  if (isListType(bare) && Array.isArray(value)) {
    return value.flatMap((item: unknown, index) =>
      placesIn(bare.ofType, item).map((place) => ({
        path: `[]${place.path.startsWith('[') ? '' : '.'}${place.path}`,
        with: (other: null | undefined) => value.with(index, place.with(other)),
      })),
    );
  }
  if (!isInputObjectType(bare) || !isObject(value)) return [];
  return Object.values(bare.getFields()).flatMap((field) => {
    if (!(field.name in value)) return [];
    const replaced = (other: unknown) => ({ ...value, [field.name]: other });
    const own = isNonNullType(field.type) || bare.isOneOf ? [] : [{ path: field.name, with: replaced }];
    const inside = placesIn(field.type, value[field.name]).map((place) => ({
      path: `${field.name}${place.path.startsWith('[') ? '' : '.'}${place.path}`,
      with: (other: null | undefined) => replaced(place.with(other)),
    }));
    return [...own, ...inside];
  });
}

/** Where a body holds null. */
function nullsIn(body: unknown): string[] {
  if (Array.isArray(body))
    return body.flatMap((item) => nullsIn(item).map((path) => (path === '' ? '[]' : `[].${path}`)));
  if (!isObject(body)) return body === null ? [''] : [];
  return Object.entries(body).flatMap(([name, value]) =>
    nullsIn(value).map((path) => (path === '' || path.startsWith('[') ? name + path : `${name}.${path}`)),
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function snake(path: string) {
  return path.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
