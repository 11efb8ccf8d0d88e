import { expect, test } from 'vitest';
import { chatCompletionsModel } from '../../src/engine/models/chatCompletions/model.ts';
import type { EndpointOptions } from '../../src/engine/models/endpoint/endpoint.ts';
import { outcomeOf, requestFor } from './asking.ts';
import { type Play, startRawServer, whole } from './rawServer.ts';

const open = async (plays: [Play, ...Play[]], options: Partial<EndpointOptions> = {}) => {
  const server = await startRawServer(...plays);
  const model = chatCompletionsModel({ baseUrl: server.url, ...options });
  return { server, model, list: () => model.listModels(new AbortController().signal) };
};
const two = whole({
  object: 'list',
  data: [
    { id: 'qwen', object: 'model', created: 1, owned_by: 'us', max_model_len: 32_768 },
    { id: 'llama', meta: { n_ctx_train: 8192 } },
  ],
});
const qwen = { id: 'qwen', created: 1, ownedBy: 'us', contextTokens: 32_768 };
const llama = { id: 'llama', created: null, ownedBy: null, contextTokens: 8192 };

test('the models are those that the endpoint lists, with their context sizes', async () => {
  const { server, model, list } = await open([two]);
  expect(model.contextTokensOf('qwen')).toBeUndefined();
  expect(await list()).toEqual({ models: [qwen, llama], isComplete: true });
  expect(server.requests).toMatchObject([{ method: 'GET', path: '/v1/models' }]);
  expect([model.contextTokensOf('qwen'), model.contextTokensOf('llama'), model.contextTokensOf('other')]).toEqual([
    32_768,
    8192,
    undefined,
  ]);
});

test('the list is read once for many requests', async () => {
  const { server, list } = await open([two]);
  await list();
  await list();
  expect(server.requests).toHaveLength(1);
});

test('names that are mapped to a listed model are listed too, and with * any name is accepted', async () => {
  const names = new Map([
    ['gpt-4o', 'qwen'],
    ['gpt-3', 'gone'],
  ]);
  const { list } = await open([two], { names });
  expect(await list()).toEqual({ models: [{ ...qwen, id: 'gpt-4o' }, qwen, llama], isComplete: true });
  const { list: listAny } = await open([two], { names: new Map([...names, ['*', 'llama']]) });
  expect(await listAny()).toMatchObject({ isComplete: false });
});

test.each([
  ['a bare array', whole([{ id: 'qwen' }])],
  ['models by name', whole({ models: [{ name: 'qwen' }] })],
])('a list in the form of %s is read', async (_form, play) => {
  expect((await (await open([play])).list()).models.map(({ id }) => id)).toEqual(['qwen']);
});

test('an endpoint without a list accepts any name', async () => {
  expect(await (await open([whole('not found', { status: 404 })])).list()).toEqual({ models: [], isComplete: false });
});

test.each([
  ['a wrong key', whole('{}', { status: 401 }), /rejected the credentials/],
  ['a web page', whole('<html>'), /no list of models/],
])('%s is an error', async (_what, play, message) => {
  await expect((await open([play])).list()).rejects.toThrow(message);
});

test('a context size is learnt from the error of a prompt that is too long, and configured ones go before it', async () => {
  const error = whole(
    { error: { message: "This model's maximum context length is 4096 tokens.", code: 'context_length_exceeded' } },
    { status: 400 },
  );
  const { model } = await open([error], {
    contextTokens: new Map([
      ['small', 1024],
      ['*', 2048],
    ]),
  });
  expect([model.contextTokensOf('qwen'), model.contextTokensOf('small')]).toEqual([2048, 1024]);
  for (const name of ['qwen', 'small']) await outcomeOf(model, requestFor('Hi', { model: name }));
  expect([model.contextTokensOf('qwen'), model.contextTokensOf('small')]).toEqual([4096, 1024]);
});
