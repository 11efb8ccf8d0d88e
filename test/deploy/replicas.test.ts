import { createHash } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { createFile, formOf, send } from '../graph/uploading.ts';
import { assistantOf, startRun } from '../live/engineObjects.ts';
import { subscription, transports as streams } from '../live/subscription.ts';
import { transports } from '../pipeline/transports.ts';
import { startRedis } from '../shared/redisServer.ts';
import { type RunningServer, startServer } from '../support/server.ts';
import { startNginx } from './nginx.ts';

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');

/** Three replicas of the graph behind nginx, over one server with the engine. They share a Redis server. */
const startReplicas = async () => {
  const redis = await startRedis();
  const engine = await startServer();
  onTestFinished(() => engine.kill9());
  const env = { ASSISTANTS_BASE_URL: `${engine.url}/v1`, REDIS_URL: redis.url, METRICS: 'on' };
  const replicas = await Promise.all([1, 2, 3].map(() => startServer(env)));
  onTestFinished(async () => {
    for (const replica of replicas) await replica.kill9();
  });
  return { engine, replicas, url: await startNginx(replicas.map(({ url }) => url)) };
};

/** How many operations a replica has logged. */
const operationsOf = (replica: RunningServer) => replica.output().match(/"event":"graphql"/g)?.length ?? 0;

const post = async (url: string, query: string, variables: object = {}) => {
  const headers = { 'content-type': 'application/json', accept: 'application/json' };
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ query, variables }),
  });
  return JSON.parse(await response.text());
};

test('by every transport, nginx passes operations to replicas in turn, and each knows the documents of the others', async () => {
  const { engine, replicas, url } = await startReplicas();
  const id = await assistantOf(engine, 'get_weather');
  const query = 'query Model($id: ID!) { assistant(assistantId: $id) { model } }';
  const persisted = { extensions: { persistedQuery: { version: 1, sha256Hash: hashOf(query) } } };
  const { data } = await post(url, query, { id });

  expect(data.assistant.model).toBeTypeOf('string');
  expect(await transports[0]?.[1](`${url}/graphql`, { query, variables: { id }, ...persisted })).toEqual({ data });
  for (const [, sendBy] of transports) {
    for (let count = 0; count < 3; count += 1) {
      expect(await sendBy(`${url}/graphql`, { variables: { id }, ...persisted })).toEqual({ data });
    }
  }
  expect(Math.min(...replicas.map(operationsOf))).toBeGreaterThanOrEqual(4);
});

test.each(streams)('over %s, events pass nginx while the run is still in progress', async (transport) => {
  const { engine, url } = await startReplicas();
  const key = await startRun(engine, await assistantOf(engine, 'get_weather'), 'take 3 seconds for these many words');
  const query = `subscription ($threadId: ID!, $runId: ID!) {
    runEvents(threadId: $threadId, runId: $runId) { __typename }
  }`;
  const statusNow = async () => {
    const run = await engine.rest(`/threads/${key.threadId}/runs/${key.runId}`);
    return (await run.json()).status;
  };
  const seen: string[] = [];
  for await (const { errors } of subscription(transport, `${url}/graphql`, { query, variables: { ...key } })) {
    expect(errors).toBeUndefined();
    if (seen.length < 10) seen.push(await statusNow());
  }
  expect(seen).toHaveLength(10);
  expect(seen[0]).not.toBe('completed');
  expect(seen[9]).not.toBe('completed');
});

test('nginx limits no upload, and passes no metrics', async () => {
  const { replicas, url } = await startReplicas();
  const operations = { query: createFile('bytes'), variables: { file: null } };
  const bytes = 20 * 1024 ** 2;
  const form = formOf(operations, { 0: ['variables.file'] }, { 0: ['large.txt', Buffer.alloc(bytes, 'x')] });
  const response = await send(`${url}/graphql`, form);

  expect(JSON.parse(await response.text())).toEqual({ data: { createFile: { file: { bytes } } } });
  expect((await fetch(`${url}/metrics`)).status).toBe(404);
  expect((await fetch(`${replicas[0]?.url}/metrics`)).status).toBe(200);
});

test('after the death of a replica, no further request fails', async () => {
  const { replicas, url } = await startReplicas();
  await replicas[0]?.kill9();

  for (let count = 0; count < 60; count += 1) {
    expect(await post(url, '{ __typename }')).toEqual({ data: { __typename: 'Query' } });
  }
});
