import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { readConfig } from '../../src/cli/config.ts';
import { createApp } from '../../src/server/app.ts';
import { serve } from '../../src/server/serve.ts';
import { createLog } from '../../src/observability/log.ts';
import { openUpstream } from '../../src/server/upstream.ts';
import { raw, refusal, reply, startUpstream } from '../support/upstream.ts';

const opened: (() => Promise<void>)[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((close) => close()));
});

test('/ready is 200 while the upstream answers, even if it refuses the key', async () => {
  const upstream = await playing({ 'GET /assistants': refusal(401, 'Incorrect API key provided: sk-x.') });
  const url = await inFrontOf(upstream.url);
  expect(await ready(url)).toEqual([
    200,
    {
      status: 'ready',
      upstream: {
        kind: 'external',
        baseUrl: upstream.url,
        status: 401,
        problem: 'answered with status 401',
        breaker: 'closed',
        missingOperations: null,
      },
      model: null,
      capabilities: null,
    },
  ]);
});

test('/ready asks the upstream as any call does, with the key and the extra query parameters', async () => {
  const upstream = await playing({ 'GET /assistants': emptyList });
  const url = await inFrontOf(upstream.url, {
    ASSISTANTS_API_KEY: 'sk-0123456789',
    ASSISTANTS_QUERY: 'api-version=v1',
  });
  expect(await ready(url)).toMatchObject([200, { upstream: { status: 200, problem: null } }]);
  expect(upstream.paths()).toContain('GET /assistants?api-version=v1&limit=1');
  expect(upstream.calls[0]?.headers.authorization).toBe('Bearer sk-0123456789');
});

test('/ready is 503 while the upstream fails', async () => {
  const upstream = await playing({ 'GET /assistants': reply({ status: 502, body: '<h1>Bad gateway</h1>' }) });
  const url = await inFrontOf(upstream.url);
  expect(await ready(url)).toMatchObject([503, { status: 'unavailable', upstream: { status: 502 } }]);
});

test('/ready is 503 while nobody is there, and /health is still 200', async () => {
  const upstream = await startUpstream({});
  await upstream.close();
  const url = await inFrontOf(upstream.url);
  expect(await ready(url)).toMatchObject([
    503,
    { status: 'unavailable', upstream: { status: null, problem: expect.stringContaining('ECONNREFUSED') } },
  ]);
  expect((await fetch(`${url}/health`)).status).toBe(200);
});

test('/ready does not wait for ever for an upstream that says nothing', async () => {
  const upstream = await playing(() => raw(() => {}));
  const url = await inFrontOf(upstream.url);
  expect(await ready(url)).toMatchObject([
    503,
    { upstream: { status: null, problem: expect.stringContaining('2000 ms') } },
  ]);
});

test('/ready reports the circuit breaker, which opens after consecutive failures and closes after a probe', async () => {
  let isBroken = true;
  const upstream = await playing(() => (isBroken ? reply({ status: 500 }) : { id: 'thread_1' }));
  const url = await inFrontOf(upstream.url, {
    ASSISTANTS_BREAKER_FAILURES: '3',
    ASSISTANTS_BREAKER_FAILING_MS: '0',
    ASSISTANTS_BREAKER_OPEN_MS: '200',
    ASSISTANTS_MAX_RETRIES: '0',
  });
  const lookUp = async () => {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ thread(threadId: "thread_1") { createdAt } }' }),
    });
    const { errors = [] } = await response.json();
    return errors.map(({ extensions }: { extensions: { code: string } }) => extensions.code);
  };

  for (let count = 0; count < 3; count += 1) expect(await lookUp()).toEqual(['UPSTREAM_ERROR']);
  expect(await lookUp()).toEqual(['UPSTREAM_UNAVAILABLE']);
  expect(upstream.calls).toHaveLength(3);
  expect(await ready(url)).toMatchObject([503, { upstream: { breaker: 'open' } }]);

  isBroken = false;
  await expect.poll(lookUp).toEqual([]);
  await expect.poll(() => ready(url)).toMatchObject([200, { upstream: { breaker: 'closed' } }]);
});

test('many who ask /ready at once are no load for the upstream', async () => {
  const upstream = await playing({ 'GET /assistants': emptyList });
  const url = await inFrontOf(upstream.url);

  const answers = await Promise.all(Array.from({ length: 50 }, () => ready(url)));

  expect(answers.every(([status]) => status === 200)).toBe(true);
  expect(upstream.paths().filter((path) => path === 'GET /assistants?limit=1').length).toBeLessThan(5);
});

test('/ready lists the operations that the upstream does not have, once reads have shown it', async () => {
  const upstream = await playing(({ method, path }) => {
    if (path === '/assistants') return emptyList;
    const isMissing = path.endsWith('/cancel') || path.startsWith('/files') || path.startsWith('/vector_stores');
    return refusal(404, isMissing ? `Invalid URL (${method} ${path})` : `No object found with id '${path}'.`);
  });
  const url = await inFrontOf(upstream.url);

  expect(await ready(url)).toMatchObject([200, { upstream: { missingOperations: null } }]);
  await expect
    .poll(() => ready(url))
    .toMatchObject([
      200,
      { upstream: { missingOperations: expect.arrayContaining(['cancelRun', 'createFile', 'listVectorStores']) } },
    ]);
  expect(upstream.calls.every(({ method }) => method === 'GET')).toBe(true);
});

test('/ready does not look for missing operations each time over an upstream that refuses the key', async () => {
  const upstream = await playing(() => refusal(401, 'Incorrect API key provided.'));
  const url = await inFrontOf(upstream.url);

  await ready(url);
  await expect.poll(() => upstream.paths()).toContain('GET /vector_stores');
  await pause(1100); // until the upstream is asked again
  await ready(url);
  await pause(100);
  expect(upstream.paths().filter((path) => path === 'GET /assistants?limit=1')).toHaveLength(2);
  expect(upstream.paths().filter((path) => path === 'GET /vector_stores')).toHaveLength(1);
});

const emptyList = { object: 'list', data: [], first_id: null, last_id: null, has_more: false };

const playing = async (routes: Parameters<typeof startUpstream>[0]) => {
  const upstream = await startUpstream(routes);
  opened.push(() => upstream.close());
  return upstream;
};

/** The server in front of an upstream. Returns where it listens. */
const inFrontOf = async (baseUrl: string, env: Record<string, string> = {}) => {
  const config = readConfig({ ASSISTANTS_BASE_URL: baseUrl, ...env });
  const log = createLog({ level: 'silent' });
  const { listener } = createApp({ config, upstream: await openUpstream(config, log), log });
  const serving = await serve({ port: 0, host: config.host, listener, stalledClientMs: 30_000 });
  opened.push(() => serving.stop(0));
  return serving.url;
};

const ready = async (url: string): Promise<[number, unknown]> => {
  const answer = await fetch(`${url}/ready`);
  return [answer.status, await answer.json()];
};
