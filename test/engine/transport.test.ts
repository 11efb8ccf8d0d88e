import { expect, test } from 'vitest';
import type { RestAssistant } from '../../src/wire/assistant.ts';
import { requestTo, startClient } from './client.ts';

test('every response has a request id, the API version and its processing time', async () => {
  const { engine } = await startClient();
  for (const path of ['/assistants', '/nowhere']) {
    const { headers } = await engine.fetch(requestTo('GET', path));
    expect(headers.get('x-request-id')).toMatch(/^req_[0-9a-f]{32}$/u);
    expect(headers.get('openai-version')).toBe('2020-10-01');
    expect(headers.get('openai-processing-ms')).toMatch(/^\d+$/u);
    expect(headers.get('content-type')).toBe('application/json');
  }
});

test('each request has its own id', async () => {
  const { engine } = await startClient();
  const [one, other] = await Promise.all([0, 1].map(() => engine.fetch(requestTo('GET', '/assistants'))));
  expect(one?.headers.get('x-request-id')).not.toBe(other?.headers.get('x-request-id'));
});

test.each([
  ['no version', {}, "You must provide the 'OpenAI-Beta' header to access the Assistants API."],
  ['another beta', { 'openai-beta': 'realtime=v1' }, "You must provide the 'OpenAI-Beta' header"],
  ['the old version', { 'openai-beta': 'assistants=v1' }, 'The v1 Assistants API has been deprecated.'],
])('a request with %s in OpenAI-Beta is a 400 that names the required header', async (_, headers, text) => {
  const { engine } = await startClient();
  const response = await engine.fetch(new Request('http://engine.test/v1/assistants', { headers }));
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({
    error: { code: 'invalid_beta', type: 'invalid_request_error', message: expect.stringContaining(text) },
  });
});

test('OpenAI-Beta may list the version among others', async () => {
  const { engine } = await startClient();
  const response = await engine.fetch(
    requestTo('GET', '/assistants', undefined, { 'openai-beta': 'a=1, assistants=v2' }),
  );
  expect(response.status).toBe(200);
});

test('no API key is required, and any is accepted', async () => {
  const { engine } = await startClient();
  const response = await engine.fetch(
    requestTo('GET', '/assistants', undefined, { authorization: 'Bearer sk-anything' }),
  );
  expect(response.status).toBe(200);
});

test('a trailing slash is ignored', async () => {
  const client = await startClient();
  const assistant = await client.post<RestAssistant>('/assistants/', { model: 'm' });
  const thread = await client.thread('hello');
  expect(await client.get(`/assistants/${assistant.id}/`)).toEqual(assistant);
  for (const path of ['/assistants', `/threads/${thread.id}`, `/threads/${thread.id}/messages`]) {
    expect(await client.get(`${path}/`)).toEqual(await client.get(path));
  }
  expect(await client.errorOf('GET', '/assistants//')).toMatchObject({ status: 404 });
});

test.each(['/nowhere', '/assistants/asst_1/more', '/threads/runs/more', '/'])(
  'GET %s is a 404 or 405',
  async (path) => {
    const client = await startClient();
    const { status, type } = await client.errorOf('GET', path);
    expect([404, 405]).toContain(status);
    expect(type).toBe('invalid_request_error');
  },
);

test('a path outside the base paths is a 404', async () => {
  const { engine } = await startClient();
  const response = await engine.fetch(new Request('http://engine.test/assistants'));
  expect(response.status).toBe(404);
  expect(await response.json()).toMatchObject({ error: { message: 'Invalid URL (GET /assistants)' } });
});

test('a wrong method is a 405 that lists the allowed ones', async () => {
  const { engine } = await startClient();
  const response = await engine.fetch(requestTo('PUT', '/assistants/asst_1'));
  expect(response.status).toBe(405);
  expect(response.headers.get('allow')).toBe('GET, POST, DELETE');
  expect(await response.json()).toMatchObject({ error: { message: expect.stringContaining('PUT') } });
});

test.each([
  ['{"model": ', 400, 'We could not parse the JSON body'],
  ['<html>', 400, 'We could not parse the JSON body'],
  ['[]', 400, 'expected an object, but got an array instead'],
  ['"text"', 400, 'expected an object, but got a string instead'],
  ['null', 400, 'expected an object, but got null instead'],
  ['', 400, 'Missing request body'],
])('the body %j is a 400', async (body, status, text) => {
  const client = await startClient();
  const error = await client.errorOf('POST', '/assistants', body);
  expect(error).toMatchObject({ status, type: 'invalid_request_error' });
  expect(error.message).toContain(text);
});

test('a body that is not UTF-8 is a 400', async () => {
  const { engine } = await startClient();
  const request = new Request('http://engine.test/v1/threads', {
    method: 'POST',
    headers: { 'openai-beta': 'assistants=v2' },
    body: new Uint8Array([0x7b, 0xff, 0x7d]),
  });
  expect((await engine.fetch(request)).status).toBe(400);
});

test('a body that is too large is a 413 before it is read completely', async () => {
  const { engine } = await startClient();
  let sent = 0;
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      sent += 1;
      controller.enqueue(new Uint8Array(1024 * 1024).fill(0x20));
    },
  });
  const init: RequestInit & { duplex: 'half' } = {
    method: 'POST',
    headers: { 'openai-beta': 'assistants=v2' },
    body: endless,
    duplex: 'half',
  };
  const response = await engine.fetch(new Request('http://engine.test/v1/threads', init));
  expect(response.status).toBe(413);
  expect(sent).toBeLessThan(32);
});

test.each([
  [
    'GET',
    '/assistants/undefined',
    'assistant_id',
    "Invalid 'assistant_id': 'undefined'. Expected an ID that begins with 'asst'.",
  ],
  [
    'GET',
    '/threads/undefined',
    'thread_id',
    "Invalid 'thread_id': 'undefined'. Expected an ID that begins with 'thread'.",
  ],
  [
    'DELETE',
    '/threads/asst_1',
    'thread_id',
    "Invalid 'thread_id': 'asst_1'. Expected an ID that begins with 'thread'.",
  ],
  [
    'GET',
    '/threads/thread_1/messages/run_1',
    'message_id',
    "Invalid 'message_id': 'run_1'. Expected an ID that begins with 'msg'.",
  ],
  ['GET', '/threads/thread_1/runs/x', 'run_id', "Invalid 'run_id': 'x'. Expected an ID that begins with 'run'."],
  [
    'GET',
    '/threads/thread_1/runs/run_1/steps/x',
    'step_id',
    "Invalid 'step_id': 'x'. Expected an ID that begins with 'step'.",
  ],
  [
    'GET',
    '/assistants/..%2Fthreads',
    'assistant_id',
    "Invalid 'assistant_id': '../threads'. Expected an ID that begins with 'asst'.",
  ],
])('%s %s is a 400 because of the prefix of its id', async (method, path, param, message) => {
  const client = await startClient();
  expect(await client.errorOf(method, path)).toMatchObject({ status: 400, code: 'invalid_value', param, message });
});

test.each([
  ['GET', '/assistants/asst_none', "No assistant found with id 'asst_none'."],
  ['POST', '/assistants/asst_none', "No assistant found with id 'asst_none'."],
  ['DELETE', '/assistants/asst_none', "No assistant found with id 'asst_none'."],
  ['GET', '/threads/thread_none', "No thread found with id 'thread_none'."],
  ['POST', '/threads/thread_none', "No thread found with id 'thread_none'."],
  ['DELETE', '/threads/thread_none', "No thread found with id 'thread_none'."],
  ['GET', '/threads/thread_none/messages', "No thread found with id 'thread_none'."],
  ['GET', '/threads/thread_none/runs', "No thread found with id 'thread_none'."],
  ['GET', '/threads/thread_none/messages/msg_none', "No thread found with id 'thread_none'."],
  ['GET', '/threads/thread_none/runs/run_none', "No thread found with id 'thread_none'."],
])('%s %s is a 404', async (method, path, message) => {
  const client = await startClient();
  const body = method === 'POST' ? {} : undefined;
  expect(await client.errorOf(method, path, body)).toEqual({
    status: 404,
    type: 'invalid_request_error',
    code: null,
    param: null,
    message,
  });
});

test('objects of a thread are found under that thread only', async () => {
  const client = await startClient();
  const [one, other] = [await client.thread('hello'), await client.thread()];
  const [message] = (await client.messages(one.id)).data;
  expect(await client.errorOf('GET', `/threads/${other.id}/messages/${message?.id}`)).toMatchObject({
    status: 404,
    message: `No message found with id '${message?.id}'.`,
  });
  expect(await client.errorOf('GET', `/threads/${one.id}/runs/run_none`)).toMatchObject({
    status: 404,
    message: "No run found with id 'run_none'.",
  });
});

test('a closed engine responds with 503', async () => {
  const client = await startClient();
  await client.engine.close();
  expect(await client.errorOf('GET', '/assistants')).toMatchObject({ status: 503, type: 'server_error' });
});
