import { GraphQLError, type ValidationRule } from 'graphql';
import { describe, expect, test } from 'vitest';
import type { OperationRule } from '../../src/pipeline/rule.ts';
import { type FacadeOptions, startFacade } from '../support/facade.ts';
import { assistant, run, thread } from '../graph/fixtures.ts';
import { type Received, type Sent, transports } from './transports.ts';

/** The same object by a look-up and as an entity of a supergraph: `_entities` has resolvers and limits like any field. */
const fields = [
  ['a look-up', (selection: string) => `query Watched { one: assistant(assistantId: "asst_1") ${selection} }`],
  [
    '_entities',
    (selection: string) =>
      `query Watched { one: _entities(representations: [{ __typename: "Assistant", assistantId: "asst_1" }]) { ... on Assistant ${selection} } }`,
  ],
] as const;

const fieldsByTransport = transports.flatMap(([transport, send]) =>
  fields.map(([field, query]) => ({ label: `${field} by ${transport}`, send, query })),
);

interface Rule {
  readonly rule: string;
  readonly options?: FacadeOptions;
  readonly headers?: Record<string, string>;
  /** What is selected of the assistant. */
  readonly selection?: string;
  /** What the client gets. */
  readonly result: object;
  /** REST calls made. */
  readonly calls: number;
  /** What the log has of it. */
  readonly logged: readonly object[];
}

const refused = (message: RegExp) => ({
  errors: [expect.objectContaining({ message: expect.stringMatching(message) })],
});

const sawNoName: ValidationRule = (context) => ({
  Field: (node) => {
    if (node.name.value === 'name') context.reportError(new GraphQLError('Names are not for everyone.'));
  },
});

const ended: string[] = [];
const observing: OperationRule = {
  observe:
    ({ name, kind, caller }) =>
    ({ errors, upstreamCalls }) =>
      ended.push(`${name} ${kind} ${caller.credentials.kind} ${errors.length} ${upstreamCalls}`),
  extensions: ({ context }) => ({ observed: context.cost.calls }),
};

const line = (fieldsOfLine: object) =>
  expect.objectContaining({ event: 'graphql', operation: 'Watched', ms: expect.any(Number), ...fieldsOfLine });

const rules: readonly Rule[] = [
  {
    rule: 'an operation is answered and logged by its name, with what it cost',
    result: { data: { one: expect.anything() } },
    calls: 1,
    logged: [line({ upstreamCalls: 1, errors: 0 })],
  },
  {
    rule: 'a page of another origin is refused',
    headers: { origin: 'https://evil.example' },
    result: refused(/Origin https:\/\/evil\.example is not allowed|closed with 4403/),
    calls: 0,
    logged: [],
  },
  {
    rule: 'a public host name that is not listed is refused',
    headers: { host: 'evil.example' },
    result: refused(/Host evil\.example is not allowed|closed with 4403/),
    calls: 0,
    logged: [],
  },
  {
    rule: 'a request without the secret of the router is refused',
    options: { routerSecret: 'shared' },
    result: refused(/router-authorization|closed with 4403/),
    calls: 0,
    logged: [],
  },
  {
    rule: 'a request without the token of a client is refused',
    options: { access: 'server', accessTokens: [{ name: 'alice', token: 'token-of-alice-0123456789' }] },
    headers: { authorization: 'Bearer another' },
    result: refused(/token is not valid|closed with 4403/),
    calls: 0,
    logged: [],
  },
  {
    rule: 'a document of too many tokens is refused',
    options: { maxTokens: 5 },
    result: refused(/number of tokens of the document is more than 5\. The maximum is 5, as set by MAX_QUERY_TOKENS/),
    calls: 0,
    logged: [],
  },
  {
    rule: 'a document that nests too deeply is refused',
    options: { maxDepth: 1 },
    selection: '{ tools { type } }',
    result: refused(/depth of the selections is 3\. The maximum is 1, as set by MAX_QUERY_DEPTH/),
    calls: 0,
    logged: [],
  },
  {
    rule: 'a document of too many bytes is refused',
    options: { maxQueryBytes: 50 },
    result: refused(/size of the document in bytes is \d+\. The maximum is 50, as set by MAX_QUERY_BYTES/),
    calls: 0,
    logged: [],
  },
  {
    rule: 'a document with too many aliases is refused',
    options: { maxAliases: 2 },
    selection: '{ a: name b: name }',
    result: refused(/number of aliases is 3\. The maximum is 2, as set by MAX_ALIASES/),
    calls: 0,
    logged: [],
  },
  {
    rule: 'a document with too many directives is refused',
    options: { maxDirectives: 1 },
    selection: '{ name @include(if: true) @skip(if: false) }',
    result: refused(/number of directives is 2\. The maximum is 1, as set by MAX_DIRECTIVES/),
    calls: 0,
    logged: [],
  },
  {
    rule: 'an operation with too many fields at its root is refused',
    options: { maxRootFields: 0 },
    result: refused(/number of root fields is 1\. The maximum is 0, as set by MAX_ROOT_FIELDS/),
    calls: 0,
    logged: [],
  },
  {
    rule: 'an operation that costs too much is refused with its cost and the limit',
    options: { maxCost: 1 },
    result: {
      errors: [
        expect.objectContaining({
          message: expect.stringMatching(/costs [23]\. The maximum is 1, as set by MAX_OPERATION_COST/),
          extensions: { code: 'OPERATION_TOO_COSTLY', cost: expect.any(Number), limit: 1 },
        }),
      ],
    },
    calls: 0,
    logged: [],
  },
  {
    rule: 'an invalid document is refused',
    selection: '{ wages }',
    result: { errors: [expect.objectContaining({ extensions: { code: 'BAD_USER_INPUT' } })] },
    calls: 0,
    logged: [],
  },
  {
    rule: 'an operation over its budget of REST calls fails',
    options: { maxUpstreamCalls: 0 },
    result: { errors: [expect.objectContaining({ message: expect.stringContaining('0 REST calls') })] },
    calls: 0,
    logged: [line({ errors: 1 })],
  },
  {
    rule: 'an unforeseen error is masked, and logged under an id',
    options: { fetch: () => Promise.resolve(Object.freeze({ status: 200 }) as never) },
    result: {
      errors: [expect.objectContaining({ extensions: expect.objectContaining({ code: 'INTERNAL_SERVER_ERROR' }) })],
    },
    calls: 0,
    logged: [expect.objectContaining({ event: 'internal error', errorId: expect.any(String) }), line({ errors: 1 })],
  },
  {
    rule: 'an operation whose result grows too large is stopped',
    options: { maxResponseBytes: 20 },
    selection: '{ instructions }',
    result: {
      data: null,
      errors: [
        expect.objectContaining({
          message: expect.stringContaining('larger than the limit of 20 bytes'),
          extensions: { code: 'OPERATION_TOO_COSTLY', limit: 20, unit: 'bytes' },
        }),
      ],
    },
    calls: 1,
    logged: [line({ errors: 1 })],
  },
  {
    rule: 'an operation is refused while there is no capacity for it',
    options: { maxConcurrentOperations: 0 },
    result: { errors: [expect.objectContaining({ extensions: { code: 'OVERLOADED', retryAfter: 1 } })] },
    calls: 0,
    logged: [],
  },
  {
    rule: 'a header asks how the REST calls were made',
    headers: { 'x-upstream-stats': '1' },
    result: { extensions: { upstream: expect.objectContaining({ calls: 1 }) } },
    calls: 1,
    logged: [line({ upstreamCalls: 1, errors: 0 })],
  },
  {
    rule: 'a header asks for what the operation could have cost, next to what it did',
    headers: { 'x-operation-cost': '1' },
    result: { extensions: { cost: { requested: expect.any(Number), limit: 100_000, upstreamCalls: 1 } } },
    calls: 1,
    logged: [line({ upstreamCalls: 1, errors: 0 })],
  },
  {
    rule: 'a setting reports the cost of every operation',
    options: { reportCost: true },
    result: { extensions: { cost: expect.objectContaining({ upstreamCalls: 1 }) } },
    calls: 1,
    logged: [line({ upstreamCalls: 1, errors: 0 })],
  },
];

describe.each(rules)('$rule', ({ options = {}, headers = {}, selection = '{ name }', result, calls, logged }) => {
  test.each(fieldsByTransport)('$label', async ({ send, query }) => {
    const facade = await startFacade({ 'GET /assistants/asst_1': assistant }, options);

    expect(await send(facade.url, { query: query(selection), headers })).toMatchObject(result);
    expect(facade.upstream.calls).toHaveLength(calls);
    expect(facade.logged.map((one): unknown => JSON.parse(one))).toEqual(logged);
  });
});

describe.each(fieldsByTransport)('a rule that is added holds for $label', ({ send, query }) => {
  test('before the operation, at its end and in its extensions', async () => {
    const { url } = await startFacade({ 'GET /assistants/asst_1': assistant }, { rules: [observing] });
    ended.length = 0;

    const received = await send(url, { query: query('{ name }'), headers: { authorization: 'Bearer mine' } });
    expect(received).toMatchObject({ extensions: { observed: 1 } });
    expect(ended).toEqual(['Watched query client 0 1']);
  });

  test('when its document is validated', async () => {
    const { url } = await startFacade({}, { rules: [{ validation: [sawNoName] }] });

    expect(await send(url, { query: query('{ name }') })).toMatchObject({
      errors: [{ message: 'Names are not for everyone.' }],
    });
  });
});

describe.each(fieldsByTransport)('credentials of $label', ({ send, query }) => {
  const sentUpstream = async (headers: Record<string, string>) => {
    const { url, upstream } = await startFacade(
      { 'GET /assistants/asst_1': assistant },
      { headers: { authorization: 'Bearer server' } },
    );
    await send(url, { query: query('{ name }'), headers });
    return upstream.calls.map((call) => call.headers.authorization);
  };

  test("the caller's own go upstream, and only absent ones are replaced by the server's", async () => {
    expect(await sentUpstream({ authorization: 'Bearer mine' })).toEqual(['Bearer mine']);
    expect(await sentUpstream({})).toEqual(['Bearer server']);
    expect(await sentUpstream({ authorization: '' })).toEqual(['']);
  });
});

describe.each(transports.slice(3))('a subscription over %s', (_, send) => {
  const query =
    'subscription Watched { runUpdates(threadId: "thread_1", runId: "run_1") { status thread { createdAt } } }';
  const sent = (headers: Record<string, string> = {}): Sent => ({ query, headers });
  const routes = {
    'GET /threads/thread_1/runs/run_1': { ...run, status: 'completed' },
    'GET /threads/thread_1': thread,
  };
  const firstOf = async (options: FacadeOptions, headers?: Record<string, string>): Promise<Received> =>
    send((await startFacade(routes, options)).url, sent(headers));

  test('is subject to the same rules', async () => {
    expect(await firstOf({})).toMatchObject({ data: { runUpdates: { status: 'COMPLETED' } } });
    expect(await firstOf({}, { origin: 'https://evil.example' })).toMatchObject(refused(/not allowed|4403/));
    expect(await firstOf({ maxTokens: 5 })).toMatchObject(refused(/number of tokens/));
    expect(await firstOf({ maxDepth: 1 })).toMatchObject(refused(/depth of the selections is 3/));
    expect(await firstOf({ maxCost: 1 })).toMatchObject(refused(/costs 4/));
    expect(await firstOf({ maxUpstreamCalls: 0 })).toMatchObject(refused(/0 REST calls/));
    expect(await firstOf({ rules: [{ validation: [sawNoName] }] })).toMatchObject({ data: {} });
  });

  test('is observed by a rule that is added, until it has ended', async () => {
    ended.length = 0;
    await firstOf({ rules: [observing] });
    await expect.poll(() => ended).toEqual(['Watched subscription server 0 1']);
  });
});
