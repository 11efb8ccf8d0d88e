import { expect, test } from 'vitest';
import { startServer } from '../support/server.ts';
import { completion, textChunk } from './chatStream.ts';
import { startModel } from './engineOver.ts';
import { type Play, whole } from './rawServer.ts';

const listOf = (...ids: string[]) => whole({ object: 'list', data: ids.map((id) => ({ id, owned_by: 'us' })) });
const hello = completion([textChunk('Hello')], 'stop');

const startOver = async (list: Play, plays: [Play, ...Play[]] = [hello], env = {}) => {
  const { server: endpoint } = await startModel(plays, { list });
  const server = await startServer({ MODEL_BASE_URL: endpoint.url, ...env });
  const json = async (path: string, init?: RequestInit) => {
    const response = await server.rest(path, init);
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const create = (model: string) => json('/assistants', { method: 'POST', body: JSON.stringify({ model }) });
  const ready = async () => {
    const response = await fetch(`${server.url}/ready`);
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  return { endpoint, server, json, create, ready };
};

test('the start says which endpoint, API and models complete the runs', async () => {
  const { endpoint, server } = await startOver(listOf('a', 'b', 'c', 'd', 'e', 'f', 'g'));
  expect(server.output()).toMatch(
    new RegExp(`Model +${endpoint.url} \\(chat_completions\\); models a, b, c, d, e and 2 more\n`),
  );
});

test('the start says that the list of models cannot be read, and that the offline model needs no key', async () => {
  const { endpoint, server } = await startOver(whole({ error: { message: 'no' } }, { status: 401 }), [hello], {
    MODEL_API: 'responses',
  });
  expect(server.output()).toContain(`${endpoint.url} (responses); its list of models cannot be read now\n`);
  expect((await startServer()).output()).toMatch(/Model +offline \(offline model: no key, no network needed/);
});

test('/ready reads the list of models, and spends no tokens', async () => {
  const { endpoint, ready } = await startOver(listOf('a'));
  const { host } = new URL(endpoint.url);
  expect(await ready()).toMatchObject({
    status: 200,
    body: { status: 'ready', model: { name: `${host} (Chat Completions)`, offline: false, problem: null } },
  });
  expect(new Set(endpoint.requests.map(({ method, path }) => `${method} ${path}`))).toEqual(
    new Set(['GET /v1/models']),
  );
});

test.each([
  ['rejects the key', 401, 200, 'ready', 'rejected the credentials'],
  ['fails', 503, 503, 'unavailable', 'The model endpoint failed (status 503)'],
])('/ready says so if the model endpoint %s', async (_what, status, expected, state, problem) => {
  const { ready } = await startOver(whole({ error: { message: 'internal words' } }, { status }));
  const response = await ready();
  expect(response).toMatchObject({
    status: expected,
    body: { status: state, model: { problem: expect.stringContaining(problem) } },
  });
  expect(JSON.stringify(response)).not.toContain('internal words');
});

test('GET /v1/models lists the names that may be asked for, without the beta header', async () => {
  const { server } = await startOver(listOf('qwen', 'llama'), [hello], { MODEL_NAMES: 'gpt-4o=qwen' });
  const response = await fetch(`${server.url}/v1/models`);
  expect(await response.json()).toEqual({
    object: 'list',
    data: ['gpt-4o', 'qwen', 'llama'].map((id) => ({ id, object: 'model', created: 0, owned_by: 'us' })),
  });
});

test('GET /v1/models says why the list cannot be read', async () => {
  const { json } = await startOver(whole({ error: { message: 'no' } }, { status: 401 }));
  expect(await json('/models')).toMatchObject({
    status: 502,
    body: { error: { type: 'server_error', message: expect.stringContaining('rejected the credentials') } },
  });
});

test('a model that the endpoint is known not to have is rejected at creation', async () => {
  const { create, server } = await startOver(listOf('qwen:7b', 'llama'), [hello], { MODEL_NAMES: 'gpt-4o=llama' });
  expect((await create('gpt-4o')).status).toBe(200);
  expect((await create('qwen')).status).toBe(200);
  const rejected = {
    param: 'model',
    code: 'model_not_found',
    message: "The requested model 'gpt-5' does not exist. Expected one of gpt-4o, qwen:7b, llama.",
  };
  expect(await create('gpt-5')).toMatchObject({ status: 400, body: { error: rejected } });
  expect(
    await server.graphql('mutation { createAssistant(input: { model: "gpt-5" }) { assistant { assistantId } } }'),
  ).toMatchObject({ errors: [{ message: rejected.message, extensions: { code: 'BAD_USER_INPUT' } }] });
});

test.each<[string, Play, Record<string, string>]>([
  ['lists nothing', whole({}, { status: 404 }), {}],
  ['cannot be reached', (socket) => void socket.destroy(), {}],
  ['has a model for every name', listOf('llama'), { MODEL_NAMES: '*=llama' }],
])('any model is accepted at creation if the endpoint %s', async (_what, list, env) => {
  const { create } = await startOver(list, [hello], env);
  expect((await create('gpt-5')).status).toBe(200);
});
