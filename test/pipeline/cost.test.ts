import { describe, expect, test } from 'vitest';
import { readConfig } from '../../src/cli/config.ts';
import { costFunction } from '../../src/pipeline/cost.ts';
import { servedSchema } from '../../src/schema/served.ts';
import { message, pageOf, thread } from '../graph/fixtures.ts';
import { startFacade } from '../support/facade.ts';
import { costedDocuments } from './costedDocuments.ts';
import { transports } from './transports.ts';

const { maxCost, maxPageItems } = readConfig({});

test.each(costedDocuments)('$title costs less than half of the default limit', ({ document, operation, variables }) => {
  const schema = servedSchema({ subgraph: false });
  const cost = costFunction(schema, document, operation, { maxPageItems, defaultPageItems: 20 })(variables);

  expect(cost).toBeGreaterThan(0);
  expect(cost).toBeLessThan(maxCost / 2);
});

/** Of a thread: its messages, their thread, its messages, and so on. */
const selectionOf = (depth: number, page = ''): string =>
  `{ messages${page} { nodes ${depth === 1 ? '{ text }' : `{ thread ${selectionOf(depth - 1, page)} }`} } }`;

const bomb = (depth: number, page?: string) => `{ thread(threadId: "thread_1") ${selectionOf(depth, page)} }`;

/** Of a vector store: its files, their store, its files, and so on. */
const storesOf = (depth: number): string =>
  `{ files(first: 100) { nodes ${depth === 1 ? '{ status }' : `{ vectorStore ${storesOf(depth - 1)} }`} } }`;

const bombs = [
  ['four levels of 20', bomb(4)],
  ['five levels of 20', bomb(5)],
  ['six levels of 20', bomb(6)],
  ['three levels of 100', bomb(3, '(last: 100)')],
  ['two levels of 1,000', bomb(2, '(first: 1000)')],
  ['of an entity', `{ _entities(representations: [{}]) { ... on Thread ${selectionOf(4)} } }`],
  ['of a node', `{ node(id: "x") { ... on Thread ${selectionOf(4)} } }`],
  ['the files of vector stores', '{ vectorStores(first: 1000) { nodes { files(last: 1000) { nodes { status } } } } }'],
  [
    'files by way of their store',
    `{ files(first: 1000) { nodes { fileId } } vectorStores(first: 100) { nodes ${storesOf(2)} } }`,
  ],
] as const;

const bombInMutation = [
  'of what a mutation returns',
  `mutation { createThread(input: {}) { thread ${selectionOf(4)} } }`,
] as const;

describe.each(transports)('by %s', (name, send) => {
  test.each(name === 'GET' ? bombs : [...bombs, bombInMutation])(
    'nested messages are refused before anything is fetched: %s',
    async (_, query) => {
      const { url, upstream } = await startFacade({});
      const { errors } = await send(url, { query });

      expect(errors).toMatchObject([
        {
          message: expect.stringMatching(
            /^The operation costs \d+\. The maximum is 100000, as set by MAX_OPERATION_COST\./,
          ),
          extensions: { code: 'OPERATION_TOO_COSTLY', cost: expect.any(Number), limit: 100_000 },
        },
      ]);
      expect(errors?.[0]?.extensions?.['cost']).toBeGreaterThan(3 * maxCost);
      expect(upstream.calls).toEqual([]);
    },
  );

  test('what is requested, allowed and made is reported', async () => {
    const { url } = await startFacade({
      'GET /threads/thread_1': thread,
      'GET /threads/thread_1/messages': pageOf(message),
    });
    const query = '{ thread(threadId: "thread_1") { createdAt messages(first: 3) { nodes { text } } } }';

    expect(await send(url, { query, headers: { 'x-operation-cost': '1' } })).toMatchObject({
      extensions: { cost: { requested: 1 + 1 + 2 + 3 * 2, limit: 100_000, upstreamCalls: 2 } },
    });
  });
});

/** The cost of a query as the server computes it, which it says when it refuses one. */
const costOf = async (query: string, variables: Record<string, unknown> = {}) => {
  const facade = await startFacade({}, { maxCost: 1 });
  const { errors } = await facade.query(query, variables);
  return errors?.[0]?.extensions?.['cost'];
};

const page = (size: number, item: number) => 1 + 1 + size * (1 + item);

describe('an operation costs one for each field and each item that its result may have', () => {
  test.each([
    ['a page of the default size', '{ assistants { nodes { id } } }', {}, page(20, 1)],
    ['a page of a size', '{ assistants(first: 7) { nodes { id } } }', {}, page(7, 1)],
    ['a page from the end', '{ assistants(last: 7) { nodes { id } } }', {}, page(7, 1)],
    ['no items', '{ assistants(first: 0) { nodes { id name } } }', {}, page(0, 2)],
    ['more items than a page may have', '{ assistants(first: 2000000000) { nodes { id } } }', {}, page(1000, 1)],
    ['a size in a variable', 'query ($n: Int) { assistants(first: $n) { nodes { id } } }', { n: 9 }, page(9, 1)],
    ['the default of a variable', 'query ($n: Int = 5) { assistants(first: $n) { nodes { id } } }', {}, page(5, 1)],
    ['null for a size', 'query ($n: Int) { assistants(first: $n) { nodes { id } } }', { n: null }, page(20, 1)],
    [
      'edges and nodes, each',
      '{ assistants(first: 3) { edges { node { id } } nodes { id } pageInfo { endCursor } } }',
      {},
      1 + 1 + 3 * 3 + 1 + 3 * 2 + 2,
    ],
    [
      'a page of pages',
      '{ thread(threadId: "t") { runs(first: 3) { nodes { steps(first: 4) { nodes { id } } } } } }',
      {},
      1 + page(3, page(4, 1)),
    ],
    ['a list without a size', '{ assistant(assistantId: "a") { tools { type } } }', {}, 1 + 1 + 2 * 2],
    ['a list of scalars', '{ assistant(assistantId: "a") { name tools { __typename } } }', {}, 1 + 1 + 1 + 2 * 2],
    ['ids', '{ nodes(ids: ["a", "b", "c"]) { id } }', {}, 1 + 3 * 2],
    ['one id in place of a list', '{ nodes(ids: "a") { id } }', {}, 1 + 2],
    ['ids in a variable', 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids: ['a', 'b'] }, 1 + 2 * 2],
    ['an id in a variable in a list', 'query ($id: ID!) { nodes(ids: [$id, $id]) { id } }', { id: 'a' }, 1 + 2 * 2],
    [
      'representations',
      'query ($them: [_Any!]!) { _entities(representations: $them) { __typename } }',
      { them: [{}, {}] },
      1 + 2 * 2,
    ],
    ['aliases', '{ a: assistants { nodes { id } } b: assistants { nodes { id } } }', {}, 2 * page(20, 1)],
    [
      'the most expensive type',
      '{ node(id: "x") { id ... on Run { status } ... on Thread { messages(first: 5) { nodes { id } } } } }',
      {},
      1 + 1 + page(5, 1),
    ],
    [
      'a fragment wherever it is spread',
      '{ a: node(id: "x") { ...f } b: node(id: "y") { ...f ...f } } fragment f on Node { id }',
      {},
      2 + 2,
    ],
    [
      'a fragment of a page',
      '{ assistants(first: 2) { ...f } } fragment f on AssistantConnection { nodes { id } }',
      {},
      page(2, 1),
    ],
    [
      'what is not skipped',
      'query ($no: Boolean!) { a: node(id: "x") { id } assistants @include(if: $no) { nodes { id } } }',
      { no: false },
      2,
    ],
    [
      'what is included',
      'query ($yes: Boolean!) { a: node(id: "x") { id ... @skip(if: $yes) { __typename } ... @include(if: $yes) { __typename } } }',
      { yes: true },
      3,
    ],
  ])('%s', async (_, query, variables, cost) => {
    expect(await costOf(query, variables)).toBe(cost);
  });

  test('for each set of variables of its own, even if the document is known already', async () => {
    const facade = await startFacade({}, { maxCost: 1 });
    const query =
      'query ($n: Int, $no: Boolean!) { assistants(first: $n) @skip(if: $no) { nodes { id } } a: __typename b: __typename }';
    const costs = [];
    for (const [n, no] of [
      [1, false],
      [2, false],
      [1, true],
      [1, false],
    ] as const) {
      const { errors } = await facade.query(query, { n, no });
      costs.push(errors?.[0]?.extensions?.['cost']);
    }

    expect(costs).toEqual([page(1, 1) + 2, page(2, 1) + 2, 2, page(1, 1) + 2]);
  });
});

test('fragments that double the result with each level are counted, however many levels there are', async () => {
  const fragments = Array.from(
    { length: 150 },
    (_, index) =>
      `fragment f${index} on Thread { ${['a', 'b'].map((alias) => `${alias}: messages { nodes { thread { ...f${index + 1} } } }`).join(' ')} }`,
  );
  const query = `{ thread(threadId: "t") { ...f0 } } ${fragments.join(' ')} fragment f150 on Thread { id }`;
  const { query: ask, upstream } = await startFacade({}, { maxDepth: 200, maxTokens: 100_000 });

  const deep = fragments.slice(0, 45).join(' ');
  expect(await ask(`{ thread(threadId: "t") { ...f0 } } ${deep} fragment f45 on Thread { id }`)).toMatchObject({
    errors: [{ extensions: { code: 'OPERATION_TOO_COSTLY', cost: Number.MAX_SAFE_INTEGER } }],
  });
  expect(await ask(query)).toMatchObject({
    errors: [{ message: expect.stringContaining('depth of the selections is 452') }],
  });
  expect(upstream.calls).toEqual([]);
});

test('a document whose fragments spread each other twice costs as much as it returns', async () => {
  const fragments = Array.from(
    { length: 200 },
    (_, index) => `fragment f${index} on Query { ...f${index + 1} ...f${index + 1} }`,
  );
  const { query } = await startFacade({});

  expect(await query(`{ ...f0 } ${fragments.join(' ')} fragment f200 on Query { __typename }`)).toEqual({
    data: { __typename: 'Query' },
  });
});
