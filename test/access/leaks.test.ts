import { describe, expect, test } from 'vitest';
import { transports as streams, subscription } from '../live/subscription.ts';
import { transports } from '../pipeline/transports.ts';
import { ALICE, BOB, startApp, TOKENS } from './apps.ts';
import { keyOf, owners, startKeyedUpstream } from './keyedUpstream.ts';

interface Client {
  readonly who: string;
  readonly headers: Record<string, string>;
  /** The key that its REST calls carry. */
  readonly key: string | null;
}

const KEYS = [...owners.keys()].filter((key) => key !== null);

const ann: Client = { who: 'ann', headers: { authorization: `Bearer ${KEYS[0]}` }, key: KEYS[0] ?? '' };
const bob: Client = { who: 'bob', headers: { 'api-key': KEYS[1] ?? '' }, key: KEYS[1] ?? '' };
const SERVER_KEY = KEYS[2] ?? '';

const modes: readonly { mode: string; env: Record<string, string>; clients: readonly Client[] }[] = [
  {
    mode: 'forward',
    env: { ACCESS: 'forward' },
    clients: [
      ann,
      bob,
      { who: 'nobody', headers: {}, key: null },
      { who: 'empty', headers: { authorization: '' }, key: '' },
    ],
  },
  {
    mode: 'open',
    env: { ACCESS: 'open', ASSISTANTS_API_KEY: SERVER_KEY },
    clients: [
      ann,
      bob,
      { who: 'nobody', headers: {}, key: SERVER_KEY },
      { who: 'empty', headers: { 'api-key': '' }, key: '' },
    ],
  },
  {
    mode: 'server',
    env: { ...TOKENS, ASSISTANTS_API_KEY: SERVER_KEY },
    clients: [
      { who: 'alice', headers: { authorization: `Bearer ${ALICE}` }, key: SERVER_KEY },
      { who: 'bob', headers: { 'api-key': BOB }, key: SERVER_KEY },
    ],
  },
];

const operations: Record<string, string> = {
  'a look-up': '{ assistant(assistantId: "asst_1") { metadata } }',
  'the same look-up twice':
    '{ a: assistant(assistantId: "asst_1") { metadata } b: assistant(assistantId: "asst_1") { metadata } }',
  'look-ups of one list': `{ ${[1, 2, 3, 4, 5, 6].map((n) => `a${n}: assistant(assistantId: "asst_${n}") { metadata }`).join(' ')} }`,
  'a tree': `{ thread(threadId: "thread_1") { metadata
    messages { nodes { metadata } } runs { nodes { metadata assistant { metadata } steps { nodes { metadata } } } } } }`,
  'a page': '{ assistants(first: 1) { nodes { metadata } } }',
  'an entity':
    '{ _entities(representations: [{ __typename: "Thread", threadId: "thread_1" }]) { ... on Thread { metadata } } }',
  'a refused look-up': '{ assistant(assistantId: "asst_forbidden") { metadata } }',
  'a limited look-up': '{ thread(threadId: "thread_limited") { metadata } }',
};

const mutation =
  'mutation { modifyThread(input: { threadId: "thread_1", metadata: { a: "1" } }) { thread { metadata } } }';
const following = 'subscription { runUpdates(threadId: "thread_1", runId: "run_1") { metadata } }';

/** The owners that a result names. */
const namesIn = (result: unknown) => new Set(JSON.stringify(result).match(/ANN|BOB|SERVER/g));

const secretsOf = (clients: readonly Client[]) => [...KEYS, ALICE, BOB, ...clients.flatMap(({ key }) => key || [])];

const started = async (env: Record<string, string>) => {
  const upstream = await startKeyedUpstream();
  return { ...(await startApp({ ASSISTANTS_BASE_URL: upstream.url, ...env })), upstream };
};

/** The REST calls for look-ups of a client, on a server that did the same for others before. */
const pathsOf = async (env: Record<string, string>, { headers }: Client, before: readonly Client[]) => {
  const { graphqlUrl, upstream } = await started(env);
  const query = operations['look-ups of one list'] ?? '';
  const post = (own: Client['headers']) =>
    fetch(graphqlUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...own },
      body: JSON.stringify({ query }),
    });
  for (const other of before) await post(other.headers);
  const known = upstream.calls.length;
  await post(headers);
  return upstream.paths().slice(known);
};

describe.each(modes)('with ACCESS=$mode', ({ env, clients }) => {
  const expectOwn = (results: readonly (readonly [client: Client, result: unknown])[], logged: readonly string[]) => {
    const seen = JSON.stringify(results.map(([, result]) => result)) + logged.join('');
    for (const secret of secretsOf(clients)) expect(seen).not.toContain(secret);
    for (const [{ who, key }, result] of results) {
      const owner = owners.get(key);
      const isRefused = JSON.stringify(result).includes('"errors"');
      expect([who, ...namesIn(result)]).toEqual(owner === undefined || isRefused ? [who] : [who, owner]);
    }
  };

  test.each(transports)(
    'clients that send at the same time by %s see what their own key reads, many times',
    async (name, send) => {
      const { graphqlUrl, upstream, logged } = await started(env);
      const documents = [...Object.values(operations), ...(name === 'GET' ? [] : [mutation])];

      for (let round = 0; round < 8; round += 1) {
        const sent = documents.flatMap((query) =>
          clients.map((client) => [client, { query, headers: client.headers }] as const),
        );
        const results = await Promise.all(
          sent.map(async ([client, one]) => [client, await send(graphqlUrl, one)] as const),
        );
        expectOwn(results, logged);
      }
      const keys = clients.map(({ key }) => key);
      expect(new Set(upstream.calls.map(keyOf))).toEqual(new Set(keys));
    },
  );

  test.each(streams)('clients that follow the same run over %s do not share what is read of it', async (transport) => {
    const { graphqlUrl, upstream, logged } = await started(env);

    for (let round = 0; round < 10; round += 1) {
      const results = await Promise.all(
        clients.map(async (client) => {
          const events = subscription(transport, graphqlUrl, { query: following }, client.headers);
          const { value } = await events.next();
          await events.return();
          return [client, value] as const;
        }),
      );
      expectOwn(results, logged);
    }
    expect(upstream.calls).toHaveLength(10 * clients.length);
  });

  test('each client costs the calls that it would cost alone, whatever others have read before', async () => {
    for (const client of clients) {
      const others = clients.filter((one) => one !== client);
      expect(await pathsOf(env, client, [...others, ...others])).toEqual(await pathsOf(env, client, []));
    }
  });
});
