import { type GraphQLField, isObjectType, parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { threadsList } from '../../src/resolvers/thread.ts';
import { assistantList } from '../../src/resolvers/assistant.ts';
import { encodeCursor } from '../../src/resolvers/cursor.ts';
import { encodeGlobalId } from '../../src/resolvers/globalId.ts';
import { messageList } from '../../src/resolvers/message.ts';
import { createSchema } from '../../src/schema/index.ts';
import { subscription, transports } from '../live/subscription.ts';
import { ALICE, type App, BOB, bearer, openApp, TOKENS } from './apps.ts';
import { type Ids, populate, snapshotOf, unknownIds, withoutIds } from './tenantWorld.ts';

let app: App;
let alices: Ids;
let bobs: Ids;
let before: string;

beforeAll(async () => {
  app = await openApp(TOKENS);
  alices = await populate(app, ALICE, 'alice');
  bobs = await populate(app, BOB, 'bob');
  before = await snapshotOf(app, ALICE, alices);
});
afterAll(() => app.close());

/** A document: `ids` are of somebody else, `own` are the caller's. */
type Attempt = readonly [what: string, document: (ids: Ids, own: Ids) => string];

const quoted = (value: unknown) => JSON.stringify(value);
const thread = (id: string) => `threadId: ${quoted(id)}`;
const run = (threadId: string, runId: string) => `${thread(threadId)}, runId: ${quoted(runId)}`;

const globalIdsOf = (ids: Ids) => [
  encodeGlobalId('Assistant', ids.assistant),
  encodeGlobalId('Thread', ids.thread),
  encodeGlobalId('Message', ids.thread, ids.message),
  encodeGlobalId('Run', ids.thread, ids.run),
  encodeGlobalId('RunStep', ids.thread, ids.run, ids.step),
];

const mixedIdsOf = (ids: Ids, own: Ids) => [
  encodeGlobalId('Message', own.thread, ids.message),
  encodeGlobalId('Run', own.thread, ids.run),
  encodeGlobalId('RunStep', own.thread, own.run, ids.step),
  encodeGlobalId('RunStep', own.thread, ids.run, ids.step),
];

const anything = `__typename ... on Assistant { name } ... on Thread { metadata messages { nodes { text } } }
  ... on Message { text } ... on Run { runStatus: status metadata } ... on RunStep { stepStatus: status }`;

const representationsOf = (ids: Ids) => `[
  { __typename: "Assistant", assistantId: ${quoted(ids.assistant)} }
  { __typename: "Thread", ${thread(ids.thread)} }
  { __typename: "Message", ${thread(ids.thread)}, messageId: ${quoted(ids.message)} }
  { __typename: "Run", ${run(ids.thread, ids.run)} }
  { __typename: "RunStep", ${run(ids.thread, ids.run)}, stepId: ${quoted(ids.step)} }
  ${globalIdsOf(ids)
    .map((id, n) => `{ __typename: "${['Assistant', 'Thread', 'Message', 'Run', 'RunStep'][n]}", id: ${quoted(id)} }`)
    .join(' ')}
]`;

const input = (fields: string) => `(input: { ${fields} })`;
const forged = 'metadata: { forged: "yes" }';

const reads: readonly Attempt[] = [
  ['an assistant', (ids) => `{ assistant(assistantId: ${quoted(ids.assistant)}) { name } }`],
  [
    'assistants after a cursor',
    (ids) => `{ assistants(after: ${quoted(encodeCursor(assistantList, ids.assistant))}) { nodes { name } } }`,
  ],
  [
    'threads after a cursor',
    (ids) => `{ threads(after: ${quoted(encodeCursor(threadsList, ids.thread))}) { nodes { metadata } } }`,
  ],
  [
    'a thread with all that hangs on it',
    (ids) =>
      `{ thread(${thread(ids.thread)}) { metadata messages { nodes { text } } runs { nodes { status steps { nodes { type } } } } } }`,
  ],
  ['a message', (ids) => `{ message(${thread(ids.thread)}, messageId: ${quoted(ids.message)}) { text } }`],
  [
    'a message in an own thread',
    (ids, own) => `{ message(${thread(own.thread)}, messageId: ${quoted(ids.message)}) { text } }`,
  ],
  ['a run', (ids) => `{ run(${run(ids.thread, ids.run)}) { status metadata thread { metadata } assistant { name } } }`],
  [
    'a run in an own thread',
    (ids, own) => `{ run(${run(own.thread, ids.run)}) { status metadata messages { nodes { text } } } }`,
  ],
  [
    'a run that is waited for',
    (ids) => `{ run(${run(ids.thread, ids.run)}) { requiredAction { type submitToolOutputs { toolCalls { id } } } } }`,
  ],
  ['a step', (ids) => `{ runStep(${run(ids.thread, ids.run)}, stepId: ${quoted(ids.step)}) { status } }`],
  [
    'a step in an own run',
    (ids, own) => `{ runStep(${run(own.thread, own.run)}, stepId: ${quoted(ids.step)}) { status } }`,
  ],
  ['nodes of every type', (ids) => `{ nodes(ids: ${quoted(globalIdsOf(ids))}) { ${anything} } }`],
  ['nodes in own threads', (ids, own) => `{ nodes(ids: ${quoted(mixedIdsOf(ids, own))}) { ${anything} } }`],
  ...[0, 1, 2, 3, 4].map(
    (n): Attempt => [`node number ${n}`, (ids) => `{ node(id: ${quoted(globalIdsOf(ids)[n])}) { ${anything} } }`],
  ),
  ['entities of every type', (ids) => `{ _entities(representations: ${representationsOf(ids)}) { ${anything} } }`],
  [
    'messages of an own thread after a cursor',
    (ids, own) =>
      `{ thread(${thread(own.thread)}) { messages(after: ${quoted(encodeCursor(messageList(own.thread), ids.message))}) { nodes { text } } } }`,
  ],
];

const writes: readonly Attempt[] = [
  [
    'modifyAssistant',
    (ids) => `${input(`assistantId: ${quoted(ids.assistant)}, name: "forged"`)} { assistant { name } }`,
  ],
  ['deleteAssistant', (ids) => `${input(`assistantId: ${quoted(ids.assistant)}`)} { deletedAssistantId }`],
  ['modifyThread', (ids) => `${input(`${thread(ids.thread)}, ${forged}`)} { thread { metadata } }`],
  ['deleteThread', (ids) => `${input(thread(ids.doneThread))} { deletedThreadId }`],
  [
    'createMessage',
    (ids) => `${input(`${thread(ids.doneThread)}, role: USER, content: [{ text: "forged" }]`)} { message { text } }`,
  ],
  [
    'modifyMessage',
    (ids) => `${input(`${thread(ids.thread)}, messageId: ${quoted(ids.message)}, ${forged}`)} { message { text } }`,
  ],
  [
    'modifyMessage',
    (ids, own) =>
      `${input(`${thread(own.thread)}, messageId: ${quoted(ids.message)}, ${forged}`)} { message { text } }`,
  ],
  [
    'deleteMessage',
    (ids) => `${input(`${thread(ids.thread)}, messageId: ${quoted(ids.message)}`)} { deletedMessageId }`,
  ],
  [
    'createRun',
    (ids, own) => `${input(`${thread(ids.doneThread)}, assistantId: ${quoted(own.assistant)}`)} { run { status } }`,
  ],
  [
    'createRun',
    (ids, own) => `${input(`${thread(own.doneThread)}, assistantId: ${quoted(ids.assistant)}`)} { run { status } }`,
  ],
  [
    'createRun',
    (ids, own) =>
      `${input(`${thread(ids.thread)}, assistantId: ${quoted(own.assistant)}, onActiveRun: CANCEL`)} { run { status } }`,
  ],
  ['createThreadAndRun', (ids) => `${input(`assistantId: ${quoted(ids.assistant)}`)} { run { status } }`],
  ['modifyRun', (ids) => `${input(`${run(ids.thread, ids.run)}, ${forged}`)} { run { metadata } }`],
  ['modifyRun', (ids, own) => `${input(`${run(own.thread, ids.run)}, ${forged}`)} { run { metadata } }`],
  ['cancelRun', (ids) => `${input(run(ids.thread, ids.run))} { run { status } }`],
  [
    'submitToolOutputsToRun',
    (ids) =>
      `${input(`${run(ids.thread, ids.run)}, toolOutputs: [{ toolCallId: ${quoted(ids.call)}, output: "forged" }]`)} { run { status } }`,
  ],
];

const follows: readonly Attempt[] = [
  ['runUpdates', (ids) => `(${run(ids.doneThread, ids.doneRun)}) { status metadata }`],
  ['runUpdates', (ids, own) => `(${run(own.doneThread, ids.doneRun)}) { status metadata }`],
  ['runEvents', (ids) => `(${run(ids.doneThread, ids.doneRun)}) { __typename }`],
  ['runEvents', (ids) => `(${run(ids.thread, ids.run)}, after: 0) { __typename }`],
  [
    'createRunStream',
    (ids, own) => `${input(`${thread(ids.doneThread)}, assistantId: ${quoted(own.assistant)}`)} { __typename }`,
  ],
  [
    'createRunStream',
    (ids, own) => `${input(`${thread(own.doneThread)}, assistantId: ${quoted(ids.assistant)}`)} { __typename }`,
  ],
  ['createThreadAndRunStream', (ids) => `${input(`assistantId: ${quoted(ids.assistant)}`)} { __typename }`],
  [
    'submitToolOutputsToRunStream',
    (ids) =>
      `${input(`${run(ids.thread, ids.run)}, toolOutputs: [{ toolCallId: ${quoted(ids.call)}, output: "forged" }]`)} { __typename }`,
  ],
];

const posted = async (query: string) => {
  const response = await fetch(app.graphqlUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...bearer(BOB) },
    body: JSON.stringify({ query }),
  });
  return JSON.parse(await response.text());
};

const firstOf = async (transport: (typeof transports)[number], query: string) => {
  const events = subscription(transport, app.graphqlUrl, { query }, bearer(BOB));
  const { value } = await events.next();
  await events.return();
  if (value === undefined) throw new Error('The subscription ended without a result.');
  return value;
};

/** Without what differs by the lengths of ids alone, and without the ids themselves. */
const comparable = (result: object, ids: Ids) =>
  withoutIds(JSON.stringify(result), ids)
    .replaceAll(/"requestId":"[^"]*"/g, '"requestId":…')
    .replaceAll(/"locations":\[[^\]]*\],?/g, '');

/** What the result for somebody else's object shows of it, or what the attempt changed; undefined if neither. */
const leakOf = async (ask: (ids: Ids) => Promise<object>) => {
  const theirs = comparable(await ask(alices), alices);
  const unknown = comparable(await ask(unknownIds), unknownIds);
  if (theirs !== unknown || theirs.includes('alice')) return { theirs, unknown };
  const after = await snapshotOf(app, ALICE, alices);
  return after === before ? undefined : { before, after };
};

describe("somebody else's object gets the result for one that does not exist", () => {
  test.each(reads)('to a query: %s', async (_, document) => {
    expect(await leakOf((ids) => posted(document(ids, bobs)))).toBeUndefined();
  });

  test.each(writes)('to a mutation: %s', async (field, rest) => {
    expect(await leakOf((ids) => posted(`mutation { ${field}${rest(ids, bobs)} }`))).toBeUndefined();
  });

  describe.each(transports)('to a subscription over %s', (transport) => {
    test.each(follows)('%s', async (field, rest) => {
      const ask = (ids: Ids) => firstOf(transport, `subscription { ${field}${rest(ids, bobs)} }`);
      expect(await leakOf(ask)).toBeUndefined();
    });
  });
});

describe('the same documents', () => {
  test.each(reads)('are valid, and their owner gets data: %s', async (_, document) => {
    const response = await fetch(app.graphqlUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...bearer(ALICE) },
      body: JSON.stringify({ query: document(alices, alices) }),
    });
    const { data } = await response.json();
    expect(Object.values(data ?? { none: null })).not.toContain(null);
  });

  test.each([...writes, ...follows])('are refused for the object and not for their form: %s', async (field, rest) => {
    const kind = writes.some(([name]) => name === field) ? 'mutation' : 'subscription';
    const document = `${kind} { ${field}${rest(alices, bobs)} }`;
    const { errors } = kind === 'mutation' ? await posted(document) : await firstOf(transports[0], document);
    expect(errors).toEqual([expect.objectContaining({ extensions: expect.objectContaining({ code: 'NOT_FOUND' }) })]);
  });
});

test.each(transports)(
  'a run that its owner follows at the same time over %s is not found for others',
  async (transport) => {
    const query = `subscription { runUpdates(${run(alices.thread, alices.run)}) { status } }`;
    const owners = subscription(transport, app.graphqlUrl, { query }, bearer(ALICE));
    expect(await owners.next()).toMatchObject({ value: { data: { runUpdates: { status: 'REQUIRES_ACTION' } } } });

    for (let n = 0; n < 5; n += 1) {
      expect(await firstOf(transport, query)).toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] });
    }
    await owners.return();
  },
);

test('lists hold what the tenant has, and nothing else', async () => {
  expect(await posted('{ assistants(first: 100) { nodes { name assistantId } } }')).toEqual({
    data: { assistants: { nodes: [{ name: 'bob', assistantId: bobs.assistant }] } },
  });
});

const takesId = ({ args }: GraphQLField<unknown, unknown>) =>
  args.some(({ type }) => /ID|Input!$|after/.test(String(type)));

test('the attempts cover every field of the root types that takes an id', () => {
  const schema = createSchema();
  const fieldsOf = (name: string) => {
    const type = schema.getType(name);
    return isObjectType(type)
      ? Object.values(type.getFields())
          .filter(takesId)
          .map((field) => field.name)
      : [];
  };
  const tried = new Set([
    ...reads.flatMap(([, document]) =>
      parse(document(unknownIds, unknownIds)).definitions.flatMap((one) =>
        'selectionSet' in one
          ? one.selectionSet.selections.flatMap((field) => ('name' in field ? field.name.value : []))
          : [],
      ),
    ),
    ...[...writes, ...follows].map(([field]) => field),
  ]);
  const withoutIdsInThem = ['createAssistant', 'createThread'];
  const all = ['Query', 'Mutation', 'Subscription']
    .flatMap(fieldsOf)
    .filter((name) => !withoutIdsInThem.includes(name));
  expect(all.length).toBeGreaterThan(20);
  expect(all.filter((name) => !tried.has(name))).toEqual([]);
});
