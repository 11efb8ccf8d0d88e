import { createHash } from 'node:crypto';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { SharedServerTimeouts } from '../../src/shared/sharedServer.ts';
import { assistant } from '../graph/fixtures.ts';
import { transports } from '../pipeline/transports.ts';
import { startFacadeOver } from '../support/facade.ts';
import { startUpstream } from '../support/upstream.ts';
import { replicaOf, startRedis } from './redisServer.ts';

const query = 'query Name($id: ID!) { assistant(assistantId: $id) { name } }';
const variables = { id: 'asst_1' };
const answered = { data: { assistant: { name: assistant.name } } };
const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');
const hashed = (hash: string) => ({ extensions: { persistedQuery: { version: 1, sha256Hash: hash } } });
const known = hashed(hashOf(query));
const notFound = { errors: [{ message: 'PersistedQueryNotFound', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }] };
const keyOf = (text: string) => `assistants-graphql:document:${hashOf(text)}`;

/** Two replicas in front of one upstream, which share the server at `url`. */
const startReplicas = async (url: string, timeouts?: SharedServerTimeouts) => {
  const upstream = await startUpstream({ 'GET /assistants/asst_1': assistant });
  onTestFinished(() => upstream.close());
  const start = async () => {
    const replica = await replicaOf(url, timeouts);
    return { ...(await startFacadeOver(upstream.url, { shared: replica.shared })), ...replica };
  };
  return { one: await start(), other: await start() };
};

const post = async (url: string, sent: object) => {
  const headers = { 'content-type': 'application/json', accept: 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(sent) });
  return JSON.parse(await response.text());
};

test.each(transports)(
  'by %s, a replica executes the hash of a document that only another one has seen',
  async (_, send) => {
    const { one, other } = await startReplicas((await startRedis()).url);

    expect(await send(one.url, { variables, ...known })).toEqual(notFound);
    expect(await send(one.url, { query, variables, ...known })).toEqual(answered);
    expect(await send(other.url, { variables, ...known })).toEqual(answered);
  },
);

test('a replica reads a document from the shared server once, and documents without a hash not at all', async () => {
  const { one, other } = await startReplicas((await startRedis()).url);
  for (let count = 0; count < 3; count += 1) await post(one.url, { query, variables, ...known });
  for (let count = 0; count < 3; count += 1) await post(other.url, { variables, ...known });
  for (let count = 0; count < 3; count += 1) await post(other.url, { query, variables });

  expect([one.commands(), other.commands()]).toEqual([1, 1]);
});

test('documents that are not valid, and hashes of another form, do not reach the shared server', async () => {
  const { one } = await startReplicas((await startRedis()).url);

  expect(await post(one.url, { query: '{ wages }', ...hashed(hashOf('{ wages }')) })).toMatchObject({
    errors: [{ extensions: { code: 'BAD_USER_INPUT' } }],
  });
  for (const hash of ['x', hashOf(query).toUpperCase(), `${hashOf(query)}\r\nFLUSHALL`]) {
    expect(await post(one.url, { variables, ...hashed(hash) })).toEqual(notFound);
  }
  expect(one.commands()).toBe(0);
});

test('what the shared server has under a hash that is not its own is not executed', async () => {
  const { one, other } = await startReplicas((await startRedis()).url);
  await one.shared.send('SET', keyOf(query), '{ assistants { nodes { id } } }');
  expect(await post(other.url, { variables, ...known })).toEqual(notFound);
  await one.shared.send('LPUSH', keyOf('{ __typename }'), 'a list');
  expect(await post(other.url, hashed(hashOf('{ __typename }')))).toEqual(notFound);
});

test('a document that is in use stays; each has a time to live', async () => {
  const { one, other } = await startReplicas((await startRedis()).url);
  await post(one.url, { query, variables, ...known });
  expect(await one.shared.send('TTL', keyOf(query))).toBe(86_400);
  await one.shared.send('EXPIRE', keyOf(query), '100');
  await post(other.url, { variables, ...known });
  expect(await one.shared.send('TTL', keyOf(query))).toBe(86_400);
});

test('while the shared server is gone, each replica has its own documents; loss and return are logged once each', async () => {
  const redis = await startRedis();
  const { one, other } = await startReplicas(redis.url);
  await redis.stop();

  expect(await post(one.url, { query, variables, ...known })).toEqual(answered);
  expect(await post(one.url, { variables, ...known })).toEqual(answered);
  for (let count = 0; count < 20; count += 1) expect(await post(other.url, { variables, ...known })).toEqual(notFound);
  await expect.poll(() => other.logged).toEqual([expect.stringContaining('REDIS_URL cannot be used')]);

  await redis.restart();
  await vi.waitFor(() => expect(other.logged).toHaveLength(2), { timeout: 10_000 });
  expect(other.logged[1]).toContain('REDIS_URL can be used again');
  const text = '{ __typename }';
  await vi.waitFor(() => expect(one.logged).toHaveLength(2), { timeout: 10_000 });
  await post(one.url, { query: text, ...hashed(hashOf(text)) });
  expect(await post(other.url, hashed(hashOf(text)))).toEqual({ data: { __typename: 'Query' } });
  expect([one.logged.length, other.logged.length]).toEqual([2, 2]);
});

test('a shared server that stops replying gets few commands, and every request is served all the same', async () => {
  const redis = await startRedis();
  const { one } = await startReplicas(redis.url, { replyMs: 250, startMs: 10_000 });
  redis.freeze();
  for (let index = 0; index < 100; index += 1) {
    expect(await post(one.url, hashed(hashOf(`{ a${index}: __typename }`)))).toEqual(notFound);
  }
  expect(one.logged).toEqual([expect.stringMatching(/REDIS_URL cannot be used.*no reply within 250 ms/)]);

  redis.thaw();
  await vi.waitFor(
    async () => {
      await post(one.url, hashed(hashOf('{ b: __typename }')));
      expect(one.logged).toHaveLength(2);
    },
    { timeout: 10_000, interval: 100 },
  );
  const statistics = String(await one.shared.send('INFO', 'commandstats'));
  expect(Number(/cmdstat_getex:calls=(\d+)/.exec(statistics)?.[1])).toBeLessThan(50);
});
