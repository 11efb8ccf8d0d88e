import { describe, expect, test } from 'vitest';
import { startFacade } from '../support/facade.ts';
import { startServer } from '../support/server.ts';
import { refusal, reply, type UpstreamCall } from '../support/upstream.ts';
import { run, thread } from './fixtures.ts';

type Server = (call: UpstreamCall) => unknown;

const page = { object: 'list', data: [], first_id: null, last_id: null, has_more: false };

/** A 404 of the hosted API: for an object, or for a path. */
const noObject = (id: string) => refusal(404, `No object found with id '${id}'.`);
const invalidUrl = ({ method, path }: UpstreamCall) => refusal(404, `Invalid URL (${method} /v1${path})`);

/** Responds as `server` does to an object that is missing if a path of `known` matches, and as to an unknown path otherwise. */
const withPaths =
  (known: RegExp, found: Server, unknownPath: Server): Server =>
  (call) =>
    known.test(call.path) ? found(call) : unknownPath(call);

/** FastAPI's response to an unknown path, and of some servers to a missing object. */
const bareNotFound = reply({ status: 404, json: { detail: 'Not Found' } });

const hosted = withPaths(
  /^\/(assistants|threads|files|vector_stores)(\/|$)/,
  ({ method, path }) => {
    if (method === 'GET' && /\/(cancel|submit_tool_outputs)$|^\/threads\/runs$/.test(path))
      return refusal(405, 'Not allowed');
    if (path === '/threads') return refusal(401, 'Missing scopes: api.threads.read', { code: 'missing_scope' });
    return /^\/(assistants|files|vector_stores)$/.test(path) ? page : noObject(path);
  },
  invalidUrl,
);

const chatOnly: Server = invalidUrl;

const express = withPaths(
  /^\/(assistants|threads)(?!.*\/(cancel|steps|submit_tool_outputs))(?!\/runs$)(\/|$)/,
  ({ method, path }) => {
    if (path === '/threads' && method === 'GET') return reply({ status: 404, body: `<pre>Cannot GET ${path}</pre>` });
    return path === '/assistants' ? page : reply({ status: 404, json: { error: `${path} does not exist` } });
  },
  ({ method, path }) => reply({ status: 404, body: `<pre>Cannot ${method} ${path}</pre>` }),
);

const fastApi = withPaths(
  /^\/(assistants|threads)(?!.*\/cancel)(?!\/runs$)(\/|$)/,
  ({ method, path }) => {
    const isOther = method === 'OPTIONS' || (path === '/threads' && method === 'GET');
    if (isOther) return reply({ status: 405, json: { detail: 'Method Not Allowed' } });
    return path === '/assistants' ? page : bareNotFound;
  },
  () => bareNotFound,
);

/** As `fastApi`, behind a gateway that responds to every `OPTIONS` itself. */
const fastApiBehindGateway: Server = (call) =>
  call.method === 'OPTIONS' ? reply({ status: 204, body: '' }) : fastApi(call);

const locked: Server = () => refusal(401, 'Incorrect API key provided.');

const capabilitiesOver = async (server: Server) => {
  const calls: UpstreamCall[] = [];
  const { query } = await startFacade((call) => {
    calls.push(call);
    return server(call);
  });
  const { data, errors } = await query<{
    upstream: { kind: string; capabilities: { operation: string; supported: boolean | null }[] };
  }>('{ upstream { kind capabilities { operation supported } } }');
  expect(errors).toBeUndefined();
  if (!data) throw new Error('the result has no data');
  const { kind, capabilities } = data.upstream;
  const named = (supported: boolean | null) =>
    capabilities.filter((one) => one.supported === supported).map(({ operation }) => operation);
  return { kind, supported: named(true), missing: named(false), unknown: named(null), calls };
};

describe('the capabilities of an upstream', () => {
  test('are found by reads of paths that exist on no server, one for each path', async () => {
    const { kind, calls } = await capabilitiesOver(hosted);

    expect(kind).toBe('EXTERNAL');
    expect(calls.map(({ method }) => method)).toEqual(calls.map(() => 'GET'));
    expect(new Set(calls.map(({ path }) => path)).size).toBe(calls.length);
    expect(calls).toHaveLength(18);
  });

  test('of a server with the whole API are all but the list of threads, which is not for API keys', async () => {
    const { supported, missing, unknown } = await capabilitiesOver(hosted);

    expect(supported).toContain('createThreadAndRun');
    expect(supported).toContain('cancelRun');
    expect({ missing, unknown }).toEqual({ missing: ['listThreads'], unknown: [] });
  });

  test('of a server without the API are none', async () => {
    const { supported, unknown } = await capabilitiesOver(chatOnly);

    expect({ supported, unknown }).toEqual({ supported: [], unknown: [] });
  });

  test('of a server built with Express that lacks some are the others', async () => {
    const { supported, missing } = await capabilitiesOver(express);

    expect(supported).toContain('createRun');
    expect(missing).toEqual([
      'listThreads',
      'createThread',
      'createThreadAndRun',
      'cancelRun',
      'submitToolOutputsToRun',
      'listRunSteps',
      'getRunStep',
      'listFiles',
      'createFile',
      'getFile',
      'deleteFile',
      'listVectorStores',
      'createVectorStore',
      'getVectorStore',
      'modifyVectorStore',
      'deleteVectorStore',
      'listVectorStoreFiles',
      'createVectorStoreFile',
    ]);
  });

  test('of a server built with FastAPI are known, although its response is the same for a missing object', async () => {
    const { supported, missing, unknown, calls } = await capabilitiesOver(fastApi);

    expect(supported).toEqual(
      expect.arrayContaining(['createThread', 'getThread', 'createRun', 'submitToolOutputsToRun']),
    );
    expect(missing).toEqual(
      expect.arrayContaining(['listThreads', 'cancelRun', 'listFiles', 'getFile', 'deleteFile', 'getVectorStore']),
    );
    // The path of createThreadAndRun is also that of a thread with the id `runs`.
    expect(unknown).toEqual([]);
    expect(new Set(calls.map(({ method }) => method))).toEqual(new Set(['GET', 'OPTIONS']));
  });

  test('of a server built with FastAPI are unknown behind a gateway that responds to `OPTIONS` itself', async () => {
    const { supported, missing, unknown } = await capabilitiesOver(fastApiBehindGateway);

    expect(supported).toEqual(['listAssistants', 'createAssistant', 'createThread']);
    expect(missing).toEqual(['listThreads', 'listFiles', 'createFile', 'listVectorStores', 'createVectorStore']);
    expect(unknown).toContain('cancelRun');
  });

  test('of a server that does not accept the key are unknown', async () => {
    const { supported, missing } = await capabilitiesOver(locked);

    expect({ supported, missing }).toEqual({ supported: [], missing: [] });
  });

  test('of the embedded engine are all', async () => {
    const { graphql } = await startServer();

    const { data } = await graphql('{ upstream { kind capabilities { operation supported } } }');
    expect(data).toMatchObject({ upstream: { kind: 'EMBEDDED' } });
    expect(JSON.stringify(data)).toContain('createThreadAndRun');
    expect(JSON.stringify(data)).not.toMatch(/false|null/);
  });
});

describe('an operation that the upstream does not have', () => {
  test.each([
    ['a path that the server does not know', invalidUrl],
    ['a method that the path does not have', () => refusal(405, 'Method Not Allowed')],
    ['an operation that the server has not implemented', () => refusal(501, 'Not implemented')],
  ])('is NOT_SUPPORTED if the response is for %s, and names the operation', async (_, respond) => {
    const { query } = await startFacade(respond);

    const { data, errors } = await query(
      'mutation { cancelRun(input: { threadId: "thread_1", runId: "run_1" }) { run { runId } } }',
    );
    expect(data).toEqual({ cancelRun: null });
    expect(errors).toMatchObject([
      {
        message: expect.stringContaining('POST /threads/{id}/runs/{id}/cancel'),
        extensions: { code: 'NOT_SUPPORTED' },
      },
    ]);
  });

  test('is no object that is missing: a look-up is an error, and not null alone', async () => {
    const { query } = await startFacade(invalidUrl);

    expect(await query('{ thread(threadId: "thread_1") { createdAt } }')).toMatchObject({
      data: { thread: null },
      errors: [{ path: ['thread'], extensions: { code: 'NOT_SUPPORTED' } }],
    });
  });
});

const noStore = () => refusal(404, "No vector store found with id 'vs_1'.");

describe('createThreadAndRun over a server that has no such operation', () => {
  const document = `mutation ($input: CreateThreadAndRunInput!) { createThreadAndRun(input: $input) { run { runId threadId } } }`;
  const input = {
    assistantId: 'asst_1',
    thread: { messages: [{ role: 'USER', content: [{ text: 'Hi' }] }] },
    instructions: 'Be brief.',
  };

  const over = async (both: Server, created: Server = () => run) => {
    const calls: UpstreamCall[] = [];
    const { query } = await startFacade((call) => {
      calls.push(call);
      const { method, path } = call;
      if (path === '/threads/runs') return both(call);
      if (method === 'POST' && path === '/threads') return thread;
      if (method === 'POST' && path === '/threads/thread_1/runs') return created(call);
      if (method === 'DELETE') return { id: 'thread_1', object: 'thread.deleted', deleted: true };
      return invalidUrl(call);
    });
    return { calls, query };
  };

  test.each([
    ['the hosted API for an unknown path', invalidUrl],
    ['a server that takes `runs` for a thread', () => refusal(404, "No thread found with id 'runs'.")],
    ['a server built with FastAPI', () => reply({ status: 404, json: { detail: 'Not Found' } })],
    ['a server built with Express', () => reply({ status: 404, body: '<pre>Cannot POST /threads/runs</pre>' })],
    ['a server that knows the path for other methods only', () => refusal(405, 'Method Not Allowed')],
  ])('is a call for each, if it responds as %s', async (_, both) => {
    const { calls, query } = await over(both);

    expect(await query(document, { input })).toEqual({
      data: { createThreadAndRun: { run: { runId: 'run_1', threadId: 'thread_1' } } },
    });
    const writes = calls.filter(({ method }) => method === 'POST');
    expect(writes.map(({ method, path, body }) => [method, path, body]).slice(1)).toEqual([
      ['POST', '/threads', { messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }] }],
      ['POST', '/threads/thread_1/runs', { assistant_id: 'asst_1', instructions: 'Be brief.' }],
    ]);
  });

  test('is not tried again for a while', async () => {
    const { calls, query } = await over(invalidUrl);

    for (let time = 0; time < 3; time += 1) expect((await query(document, { input })).errors).toBeUndefined();
    expect(calls.filter(({ path }) => path === '/threads/runs')).toHaveLength(1);
    expect(calls.filter(({ path }) => path === '/threads/thread_1/runs')).toHaveLength(3);
  });

  test('is tried again if the 404 was that of an object', async () => {
    const { calls, query } = await over(noStore, noStore);

    for (let time = 0; time < 2; time += 1) expect((await query(document, { input })).errors).toHaveLength(1);
    expect(calls.filter(({ path }) => path === '/threads/runs')).toHaveLength(2);
  });

  test('deletes the thread again if the server rejects the run', async () => {
    const { calls, query } = await over(invalidUrl, () => refusal(404, "No assistant found with id 'asst_1'."));

    expect(await query(document, { input })).toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] });
    expect(calls.at(-1)).toMatchObject({ method: 'DELETE', path: '/threads/thread_1' });
  });

  test('has idempotency keys of its own for each call, and keeps the thread for a retry', async () => {
    const { calls, query } = await over(invalidUrl, () => refusal(400, 'Invalid instructions.'));

    await query(document, { input: { ...input, idempotencyKey: 'key-1' } });
    expect(calls.map(({ headers }) => headers['idempotency-key'])).toEqual(['key-1', 'key-1-thread', 'key-1-run']);
  });

  test('is one call if the assistant is missing', async () => {
    const { calls, query } = await over(() => refusal(404, "No assistant found with id 'asst_1'."));

    expect(await query(document, { input })).toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] });
    expect(calls).toHaveLength(1);
  });
});
