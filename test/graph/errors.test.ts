import { describe, expect, test } from 'vitest';
import { startFacade, startFacadeOver } from '../support/facade.ts';
import { raw, refusal, reply, startUpstream } from '../support/upstream.ts';
import { assistant, run, thread } from './fixtures.ts';

const KEY = 'sk-top-secret-key';

const read = '{ assistant(assistantId: "asst_1") { name } }';
const write = 'mutation { createThread(input: {}) { thread { threadId } } }';

/** The error if the upstream sends this response to a read. */
const errorOf = async (result: unknown, options = {}) => {
  const { query } = await startFacade({ 'GET /assistants/asst_1': () => result }, options);
  const { data, errors } = await query(read);
  expect(data).toEqual({ assistant: null });
  expect(errors).toHaveLength(1);
  return errors?.[0];
};

describe('the HTTP status of an upstream error determines its code', () => {
  test.each([
    [400, 'BAD_USER_INPUT'],
    [401, 'UNAUTHENTICATED'],
    [403, 'FORBIDDEN'],
    [404, 'NOT_FOUND'],
    [409, 'CONFLICT'],
    [422, 'BAD_USER_INPUT'],
    [429, 'RATE_LIMITED'],
    [500, 'UPSTREAM_ERROR'],
    [502, 'UPSTREAM_ERROR'],
    [503, 'UPSTREAM_ERROR'],
    [504, 'UPSTREAM_TIMEOUT'],
    [418, 'UPSTREAM_ERROR'],
  ])('%i is %s', async (status, code) => {
    const { query } = await startFacade({ 'POST /threads': refusal(status, 'Not today.') });

    expect(await query(write)).toMatchObject({
      data: { createThread: null },
      errors: [{ message: 'Not today.', path: ['createThread'], extensions: { code, upstream: { status } } }],
    });
  });
});

describe('the details of an upstream error', () => {
  test('are passed on in full', async () => {
    const error = await errorOf(
      reply({
        status: 429,
        headers: { 'x-request-id': 'req_1', 'retry-after': '7' },
        json: { error: { message: 'Slower.', type: 'requests', code: 'rate_limit_exceeded', param: 'tools[0]' } },
      }),
      // Each retry would wait for 7 seconds.
      { maxRetries: 0 },
    );
    expect(error).toMatchObject({
      message: 'Slower.',
      extensions: {
        code: 'RATE_LIMITED',
        upstream: {
          status: 429,
          type: 'requests',
          code: 'rate_limit_exceeded',
          param: 'tools[0]',
          requestId: 'req_1',
          retryAfter: 7,
        },
      },
    });
  });

  test.each([
    ['Azure, without a message', { error: { code: 'model_not_found' } }, 'model_not_found', 'model_not_found'],
    [
      'Azure, with a number for a code',
      { error: { code: 404, message: 'Resource not found' } },
      '404',
      'Resource not found',
    ],
    ['nothing but an empty object', {}, null, '(Bad Request)'],
    ['JSON that is no object', 'no', null, '(Bad Request)'],
  ])('from %s still have a message', async (_, json, code, message) => {
    const error = await errorOf(reply({ status: 400, headers: { 'apim-request-id': 'apim_1' }, json }));

    expect(error?.message).toContain(message);
    expect(error?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', upstream: { code, requestId: 'apim_1' } });
  });

  test.each([
    ['a web page', '<html><h1>502 Bad Gateway</h1></html>'],
    ['nothing', ''],
  ])('are the status alone if the body of the response is %s', async (_, body) => {
    const error = await errorOf(reply({ status: 502, headers: { 'content-type': 'text/html' }, body }));

    expect(error?.message).not.toContain('<');
    expect(error?.extensions).toMatchObject({ code: 'UPSTREAM_ERROR', upstream: { status: 502 } });
  });
});

describe('an invalid upstream response', () => {
  test.each([
    ['a web page', reply({ headers: { 'content-type': 'text/html' }, body: '<!doctype html><h1>Hello</h1>' })],
    ['no body', reply({ body: '' })],
    ['no JSON', reply({ body: '{"id": "asst_1"' })],
    ['another shape', reply({ json: ['asst_1'] })],
    ['a field too few', reply({ json: { object: 'assistant' } })],
    ['a redirect', reply({ status: 302, headers: { location: 'https://example.org/' } })],
    [
      'half a body, its length announced',
      raw((response) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
        response.write('{"id": "asst');
        setTimeout(() => response.destroy(), 10);
      }),
    ],
    [
      'half a body, in chunks',
      raw((response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.write('{"id": "asst');
        setTimeout(() => response.destroy(), 10);
      }),
    ],
  ])('with %s is UPSTREAM_INVALID_RESPONSE', async (_, result) => {
    expect((await errorOf(result))?.extensions?.['code']).toBe('UPSTREAM_INVALID_RESPONSE');
  });

  test('by a closed connection is UPSTREAM_UNAVAILABLE', async () => {
    const error = await errorOf(raw((response) => void response.destroy()));

    expect(error?.extensions).toEqual({ code: 'UPSTREAM_UNAVAILABLE' });
  });

  test('by a server that does not listen is UPSTREAM_UNAVAILABLE', async () => {
    const gone = await startUpstream({});
    await gone.close();
    const { query } = await startFacadeOver(gone.url);

    expect(await query(read)).toMatchObject({
      data: { assistant: null },
      errors: [{ message: expect.stringContaining('could not reach'), extensions: { code: 'UPSTREAM_UNAVAILABLE' } }],
    });
  });

  test.each([
    ['not at all', raw(() => {})],
    [
      'and its body stops half-way',
      raw((response) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
        response.write('{"id": "asst');
      }),
    ],
  ])('that does not arrive in time, %s, is UPSTREAM_TIMEOUT', async (_, result) => {
    expect((await errorOf(result, { timeoutMs: 100 }))?.extensions).toEqual({ code: 'UPSTREAM_TIMEOUT' });
  });
});

test('a field that fails affects neither its siblings nor its parent', async () => {
  const { query } = await startFacade({
    'GET /threads/thread_1/runs/run_1': run,
    'GET /assistants/asst_1': refusal(500, 'The cellar is flooded.'),
    'GET /threads/thread_1': thread,
  });

  const result = await query(`{
    run(threadId: "thread_1", runId: "run_1") { status assistant { name } thread { metadata } }
  }`);
  expect(result).toMatchObject({
    data: { run: { status: 'REQUIRES_ACTION', assistant: null, thread: { metadata: { customer: '42' } } } },
    errors: [{ message: 'The cellar is flooded.', path: ['run', 'assistant'] }],
  });
});

test('an internal error is masked and logged with the errorId that the client gets', async () => {
  const { query, logged } = await startFacadeOver('http://127.0.0.1', {
    fetch: () => Promise.resolve({ status: 200, headers: { get: broken }, body: null, text: async () => '{}' }),
  });

  const { errors } = await query(read);
  const [error] = errors ?? [];
  expect(error?.extensions).toEqual({ code: 'INTERNAL_SERVER_ERROR', errorId: expect.any(String) });
  expect(JSON.stringify(errors)).not.toContain('gearbox');
  const line = logged.find((text) => text.includes(String(error?.extensions?.['errorId'])));
  expect(JSON.parse(line ?? '{}')).toMatchObject({ level: 'error', message: 'the gearbox is broken' });
});

test('an API key that the upstream repeats is in no error and no log line', async () => {
  const { query, logged } = await startFacade(
    {
      'GET /assistants/asst_1': ({ headers }) => refusal(401, `Incorrect API key provided: ${headers.authorization}.`),
    },
    { headers: { authorization: `Bearer ${KEY}` } },
  );

  const configured = await query(read);
  const own = await query(read, {}, { authorization: `Bearer ${KEY}-of-mine` });
  for (const result of [configured, own]) {
    expect(result.errors?.[0]?.extensions?.['code']).toBe('UNAUTHENTICATED');
    expect(JSON.stringify(result)).not.toContain(KEY);
  }
  expect(logged.join('')).not.toContain(KEY);
});

describe('a document that is invalid GraphQL is BAD_USER_INPUT', () => {
  test.each([
    ['no GraphQL', '{ assistant('],
    ['a field that there is not', '{ assistants { wings } }'],
    ['an argument that is missing', '{ assistant { name } }'],
    ['an argument of another type', '{ assistants(first: "many") { nodes { name } } }'],
  ])('%s', async (_, document) => {
    const { query, upstream } = await startFacade({ 'GET /assistants/asst_1': assistant });

    const { errors } = await query(document);
    expect(errors?.[0]?.extensions?.['code']).toBe('BAD_USER_INPUT');
    expect(upstream.calls).toEqual([]);
  });

  test('a variable of another type', async () => {
    const { query } = await startFacade({});

    const { errors } = await query('query ($n: Int) { assistants(first: $n) { nodes { name } } }', { n: 'many' });
    expect(errors?.[0]?.extensions?.['code']).toBe('BAD_USER_INPUT');
  });
});

function broken(): string {
  throw new TypeError('the gearbox is broken');
}
