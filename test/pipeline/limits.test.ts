import { once } from 'node:events';
import { getIntrospectionQuery } from 'graphql';
import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { type FacadeOptions, startFacade } from '../support/facade.ts';
import { type Sent, transports } from './transports.ts';

const refusal = (what: string, actual: number | undefined, limit: number) => ({
  errors: [
    {
      message: expect.stringContaining(`${what} is ${actual ?? `more than ${limit}`}. The maximum is ${limit}`),
      extensions: { code: 'BAD_USER_INPUT', ...(actual !== undefined && { actual }), limit },
    },
  ],
});

const nested = (open: string, close: string, depth: number) => `${open.repeat(depth)}${close.repeat(depth)}`;
const json = (depth: number): unknown => JSON.parse(nested('[', ']', depth));
const chain = (length: number, of: (next: string) => string) =>
  Array.from({ length }, (_, index) => `fragment f${index} on Query { ${of(`...f${index + 1}`)} }`).join(' ');

const fragments = (count: number, of: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => `fragment f${index} on Query { ${of(index)} }`).join(' ');
const spreads = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => `...f${from + index}`).join(' ');
const equalFields = (levels: number): string =>
  levels === 0 ? 'id' : `thread { messages { nodes { ${equalFields(levels - 1)} } } } `.repeat(3);
const tooManyPairs = refusal('The number of pairs of fields that have the same path', undefined, 20_000);

const byIds = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }';
const entities = 'query ($them: [_Any!]!) { _entities(representations: $them) { __typename } }';
const update =
  'mutation ($value: JSON!) { createAssistant(input: { model: "m", responseFormat: { jsonSchema: { name: "n", schema: $value } } }) { assistant { id } } }';

interface Case {
  readonly title: string;
  readonly sent: Sent;
  readonly result: object;
  readonly options?: FacadeOptions;
}

/** `depth` is what the transport can carry: the URL of a GET request has 16 kB. */
const casesOf = (depth: number): readonly Case[] => [
  {
    title: `a literal nested ${depth} deep`,
    sent: { query: `{ nodes(ids: ${nested('[', ']', depth)}) { id } }` },
    result: refusal('The nesting depth of a value', depth, 100),
  },
  {
    title: `a default value nested ${depth} deep`,
    sent: { query: `query ($x: [ID!] = ${nested('[', ']', depth)}) { nodes(ids: $x) { id } }` },
    result: refusal('The nesting depth of a value', depth, 100),
  },
  {
    title: `a type nested ${depth} deep`,
    sent: { query: `query ($x: ${'['.repeat(depth)}ID${']'.repeat(depth)}) { __typename }` },
    result: refusal('The nesting depth of a value', depth, 100),
  },
  {
    title: `objects nested ${depth / 2} deep in a literal`,
    sent: { query: `{ nodes(ids: ${'{a:'.repeat(depth / 2)}1${'}'.repeat(depth / 2)}) { id } }` },
    result: refusal('The nesting depth of a value', depth / 2, 100),
  },
  {
    title: `selections nested ${depth / 2} deep`,
    sent: { query: `{ ${'a{'.repeat(depth / 2)}b${'}'.repeat(depth / 2)} }` },
    result: refusal('The nesting depth of the braces', depth / 2 + 1, 41),
  },
  {
    title: '11 introspections',
    sent: { query: `{ ${Array.from({ length: 11 }, (_, n) => `a${n}: __type(name: "Run") { name }`).join(' ')} }` },
    result: refusal('The number of fields `__schema` and `__type`', 11, 10),
  },
  {
    title: `inline fragments nested ${depth / 2} deep`,
    sent: { query: `{ ${'...{'.repeat(depth / 2)}__typename${'}'.repeat(depth / 2)} }` },
    result: refusal('The nesting depth of the braces', depth / 2 + 1, 41),
  },
  {
    title: `selections that fragments nest ${depth / 16} deep`,
    sent: {
      query: `{ ...f0 } ${chain(depth / 16, (next) => `a { ${next} }`)} fragment f${depth / 16} on Query { a }`,
    },
    result: refusal('The depth of the selections', depth / 16 + 1, 20),
  },
  {
    title: 'a name of 300 characters',
    sent: { query: `{ ${'a'.repeat(300)}: __typename }` },
    result: refusal('The length of a name', 300, 256),
  },
  {
    title: '300 fields at the root, by a fragment',
    sent: { query: `{ ...all } fragment all on Query { ${'__typename '.repeat(300)} }` },
    result: refusal('The number of root fields', 300, 200),
  },
  {
    title: 'a field selected 201 times',
    sent: {
      query: `{ assistants { nodes { ${'name '.repeat(100)} ...f ... { ${'name '.repeat(100)} } } } } fragment f on Assistant { name }`,
    },
    result: tooManyPairs,
  },
  {
    title: 'a field selected 50 times with 20 arguments',
    sent: { query: `{ ${`assistants(${'first: 1 '.repeat(20)}) { nodes { id } } `.repeat(50)} }` },
    result: tooManyPairs,
  },
  {
    title: '150 equal selections of five levels, by inline fragments',
    sent: {
      query: `{ node(id: "x") { ${'... on Message { thread { messages { nodes { id text } } } } '.repeat(150)} } }`,
    },
    result: tooManyPairs,
  },
  {
    title: '101 operations',
    sent: { query: Array.from({ length: 101 }, (_, n) => `query q${n} { __typename }`).join(' '), operationName: 'q0' },
    result: refusal('The number of operations of the document', 101, 100),
  },
  {
    title: '142 fragments in one selection',
    sent: { query: `{ ${spreads(0, 142)} } ${fragments(142, () => '__typename')}` },
    result: refusal('The number of pairs of spreads in one selection', 10_011, 10_000),
  },
  {
    title: '150 fragments that spread three others each',
    sent: { query: `{ ...f0 } ${fragments(150, (n) => `__typename ${spreads(n + 1, Math.min(150, n + 4))}`)}` },
    result: refusal('The number of fragments times that of their spreads', 66_750, 50_000),
  },
  {
    title: '301 fragments',
    sent: { query: `{ ...f0 } ${chain(300, (next) => next)} fragment f300 on Query { __typename }` },
    result: refusal('The number of fragments', 301, 300),
  },
  {
    title: 'a directive repeated 300 times',
    sent: { query: `{ __typename ${'@skip(if: false) '.repeat(300)} }` },
    result: refusal('The number of directives', 300, 200),
  },
  {
    title: 'a list in a literal that is longer than MAX_LIST_ITEMS',
    sent: { query: `{ nodes(ids: [${'"x" '.repeat(11)}]) { id } }` },
    options: { maxListItems: 10 },
    result: refusal('The number of items of a list', 11, 10),
  },
];

describe.each(transports)('by %s', (name, send) => {
  test.each(casesOf(name === 'GET' ? 800 : 4000))(
    '$title is refused before anything is fetched',
    async ({ sent, result, options }) => {
      const { url, upstream, logged } = await startFacade({}, options);

      expect(await send(url, sent)).toMatchObject(result);
      expect(upstream.calls).toEqual([]);
      expect(logged.join('')).not.toContain('internal error');
    },
  );

  test('introspection as GraphiQL, Relay and graphql-codegen send it is answered at any MAX_QUERY_DEPTH', async () => {
    const { url } = await startFacade({}, { maxDepth: 3 });
    const everything = { inputValueDeprecation: true, specifiedByUrl: true, schemaDescription: true, oneOf: true };

    for (const query of [getIntrospectionQuery(), getIntrospectionQuery(everything)]) {
      expect(await send(url, { query })).toMatchObject({ data: { __schema: { queryType: { name: 'Query' } } } });
    }
  });

  test('introspection can be switched off, and names are then not suggested either', async () => {
    const { url } = await startFacade({}, { introspection: false });

    for (const query of ['{ __schema { types { name } } }', '{ __type(name: "Run") { name } }']) {
      expect(await send(url, { query })).toMatchObject({
        errors: expect.arrayContaining([
          expect.objectContaining({
            message: expect.stringContaining('introspection has been disabled'),
            extensions: { code: 'BAD_USER_INPUT' },
          }),
        ]),
      });
    }
    const misspelt = await send(url, { query: '{ assistnts { nodes { id } } }' });
    expect(misspelt.errors?.map(({ message }) => message)).toEqual(['Cannot query field "assistnts" on type "Query".']);
    expect(await send(url, { query: '{ __typename _service { sdl } }' })).toMatchObject({
      data: { __typename: 'Query' },
    });
  });
});

/** Larger than the URL of a GET request may be. */
const inBodies = transports.filter(([name]) => name !== 'GET');

const largeCases: readonly Case[] = [
  {
    title: '100,000 ids',
    sent: { query: byIds, variables: { ids: Array.from({ length: 100_000 }, () => 'x') } },
    result: refusal('The number of items of a list', 100_000, 10_000),
  },
  {
    title: '2,000 ids',
    sent: { query: byIds, variables: { ids: Array.from({ length: 2000 }, () => 'x') } },
    result: refusal('The number of `ids`', 2000, 1000),
  },
  {
    title: '20,000 bad representations',
    sent: { query: entities, variables: { them: Array.from({ length: 20_000 }, () => ({})) } },
    result: refusal('The number of items of a list', 20_000, 10_000),
  },
  {
    title: '1,001 representations',
    sent: { query: entities, variables: { them: Array.from({ length: 1001 }, () => ({ __typename: 'Thread' })) } },
    result: refusal('The number of `representations`', 1001, 1000),
  },
  {
    title: 'an id for each of 100,000 tokens',
    sent: { query: `{ nodes(ids: [${'"x" '.repeat(100_000)}]) { id } }` },
    result: refusal('The number of tokens of the document', undefined, 10_000),
  },
  {
    title: 'three equal fields on each of five levels',
    sent: { query: `{ node(id: "x") { ... on Message { ${equalFields(5)} } } }` },
    result: tooManyPairs,
  },
  {
    title: 'comments of 50,000 lines',
    sent: { query: `{ __typename } ${'#\n'.repeat(50_001)}` },
    result: refusal('The number of lines of the document', undefined, 50_000),
  },
  {
    title: 'a block string of 50,000 lines',
    sent: { query: `{ nodes(ids: """${'\r '.repeat(50_001)}""") { id } }` },
    result: refusal('The number of lines of the document', undefined, 50_000),
  },
  {
    title: '100,000 escapes in a string',
    sent: { query: `{ nodes(ids: "${'\\n'.repeat(100_001)}") { id } }` },
    result: refusal('The number of backslashes of the document', undefined, 100_000),
  },
];

describe.each(inBodies)('by %s', (_, send) => {
  test.each(largeCases)('$title are refused before anything is fetched', async ({ sent, result }) => {
    const { url, upstream } = await startFacade({});

    expect(await send(url, sent)).toMatchObject(result);
    expect(upstream.calls).toEqual([]);
  });

  test('a variable nested 2,000 deep is refused', async () => {
    const { url } = await startFacade({});

    expect(await send(url, { query: update, variables: { value: json(2000) } })).toMatchObject(
      refusal('The nesting depth of a value', undefined, 100),
    );
  });

  test('9,000 invalid values are reported in a hundred errors, none of which repeats a long one', async () => {
    const { url } = await startFacade({});
    const long = 'x'.repeat(100_000);
    const { errors = [] } = await send(url, {
      query: byIds,
      variables: { ids: [{ long }, ...Array.from({ length: 8999 }, () => ({}))] },
    });

    expect(errors.length).toBeLessThanOrEqual(101);
    expect(JSON.stringify(errors).length).toBeLessThan(140_000);
    expect(errors.every(({ extensions }) => extensions?.['code'] === 'BAD_USER_INPUT')).toBe(true);
  });
});

const post = async (url: string, body: string) => {
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  return { status: response.status, body: JSON.parse(await response.text()) };
};

describe('over HTTP', () => {
  const deep = nested('[', ']', 100_000);

  test.each([
    [
      'in variables',
      `{"query":${JSON.stringify(update)},"variables":{"value":${deep}}}`,
      /nesting depth of a value is more than 100/,
    ],
    ['as variables', `{"query":"{ __typename }","variables":${deep}}`, /`variables` must be an object/],
    ['as the body', deep, /Batches are not supported/],
    ['in a member that is not known', `{"query":"{ __typename }","other":${deep}}`, /Unknown member `other`/],
    ['that is cut off', `{"query":"{ __typename }","variables":{"value":${'['.repeat(100_000)}}`, /must be JSON/],
    [
      'of objects in variables',
      `{"query":"{ __typename }","variables":${'{"a":'.repeat(15_000)}1${'}'.repeat(15_000)}}`,
      /nesting depth of a value is more than 100/,
    ],
  ])('JSON nested 100,000 deep %s is refused, not an internal error', async (_, body, message) => {
    const { url, logged } = await startFacade({});

    expect((await post(url, body)).body).toMatchObject({
      errors: [{ message: expect.stringMatching(message), extensions: { code: 'BAD_USER_INPUT' } }],
    });
    expect(logged).toEqual([]);
  });

  test.each([
    ['names', `{${Array.from({ length: 20_001 }, (_, index) => `"k${index}":1`).join()}}`],
    ['values', `{"list":[${Array(200_001).fill('1').join()}]}`],
  ])(
    'variables of too many %s are refused before they are parsed, over HTTP and over a WebSocket',
    async (_, variables) => {
      const { url, logged } = await startFacade({});
      const body = `{"query":"{ __typename }","variables":${variables}}`;
      expect(await post(url, body)).toMatchObject({
        status: 400,
        body: {
          errors: [
            {
              message: 'The body of the request has more than 20000 names or 200000 values.',
              extensions: { code: 'BAD_USER_INPUT' },
            },
          ],
        },
      });
      const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws');
      socket.on('open', () => socket.send(`{"type":"connection_init","payload":${variables}}`));
      const [code, reason] = (await once(socket, 'close')) as [number, Buffer];
      expect([code, String(reason)]).toEqual([4400, 'The message has more than 20000 names or 200000 values.']);
      expect(logged).toEqual([]);
    },
  );

  test('JSON nested 100,000 deep in extensions is ignored, as extensions of other servers are', async () => {
    const { url } = await startFacade({});

    expect(await post(url, `{"query":"{ __typename }","extensions":{"other":${deep}}}`)).toEqual({
      status: 200,
      body: { data: { __typename: 'Query' } },
    });
  });

  test('GET with variables that are no JSON is refused with status 400', async () => {
    const { url } = await startFacade({});
    const response = await fetch(`${url}?query={__typename}&variables=x`);

    expect(response.status).toBe(400);
    expect(JSON.parse(await response.text())).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
  });

  test('a limit is status 400 for a client that accepts application/graphql-response+json', async () => {
    const { url } = await startFacade({});
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
      body: JSON.stringify(casesOf(4000)[0]?.sent),
    });

    expect(response.status).toBe(400);
  });

  test('operation names and members of any length are not repeated in full', async () => {
    const { url } = await startFacade({});
    const long = 'x'.repeat(100_000);
    const named = await post(url, JSON.stringify({ query: '{ __typename }', operationName: long }));
    const member = await post(url, JSON.stringify({ query: '{ __typename }', [long]: 1 }));

    expect(named.body.errors[0].message).toMatch(/no operation with the name x{80}…/);
    expect(member.body.errors[0].message).toMatch(/Unknown member `x{80}…`/);
  });
});
