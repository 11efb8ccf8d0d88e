import { expect, test } from 'vitest';
import type { RestAssistant } from '../../src/wire/assistant.ts';
import { functionTool, startClient } from './client.ts';

test('an assistant created with only a model has the default settings', async () => {
  const client = await startClient();
  const assistant = await client.assistant();
  expect(assistant).toEqual({
    id: expect.stringMatching(/^asst_[A-Za-z0-9]{24}$/u),
    object: 'assistant',
    created_at: expect.closeTo(Date.now() / 1000, -1),
    name: null,
    description: null,
    model: 'test',
    instructions: null,
    tools: [],
    tool_resources: {},
    metadata: {},
    temperature: 1,
    top_p: 1,
    response_format: 'auto',
  });
  expect(await client.get(`/assistants/${assistant.id}`)).toEqual(assistant);
});

test('an assistant is returned as it was created', async () => {
  const client = await startClient();
  const body = {
    model: 'gpt-4o',
    name: 'Ünïcode 😀',
    description: '',
    instructions: 'Be brief.',
    tools: [
      { type: 'code_interpreter' },
      {
        type: 'file_search',
        file_search: { max_num_results: 5, ranking_options: { ranker: 'auto', score_threshold: 0.5 } },
      },
      {
        type: 'function',
        function: { name: 'f', description: 'd', parameters: { type: 'object', x: [null] }, strict: true },
      },
    ],
    tool_resources: { code_interpreter: { file_ids: ['file-1'] }, file_search: { vector_store_ids: ['vs_1'] } },
    metadata: { team: 'blue' },
    temperature: 0,
    top_p: 0.25,
    response_format: { type: 'json_schema', json_schema: { name: 'answer', schema: { type: 'object' }, strict: null } },
  };
  expect(await client.post('/assistants', { ...body, reasoning_effort: 'low' })).toEqual({
    id: expect.any(String),
    object: 'assistant',
    created_at: expect.any(Number),
    ...body,
  });
});

test('a vector store to create is returned as an id', async () => {
  const client = await startClient();
  const { tool_resources } = await client.assistant({
    tool_resources: { file_search: { vector_stores: [{ chunking_strategy: { type: 'auto' }, metadata: { a: '1' } }] } },
  });
  expect(tool_resources).toEqual({
    file_search: { vector_store_ids: [expect.stringMatching(/^vs_[A-Za-z0-9]{24}$/u)] },
  });
  const [id] = tool_resources?.file_search?.vector_store_ids ?? [];
  expect(await client.get(`/vector_stores/${id}`)).toMatchObject({ id, metadata: { a: '1' }, expires_at: null });
});

test('a modification keeps members that it omits', async () => {
  const client = await startClient();
  const before = await client.assistant({ name: 'One', instructions: 'Be brief.', tools: [functionTool('f')] });
  const after = await client.post<RestAssistant>(`/assistants/${before.id}`, { name: 'Two' });
  expect(after).toEqual({ ...before, name: 'Two' });
  expect(await client.get(`/assistants/${before.id}`)).toEqual(after);
});

test('null clears a setting, and an empty string is kept', async () => {
  const client = await startClient();
  const before = await client.assistant({ name: 'One', description: 'd', instructions: 'i', temperature: 0.5 });
  const after = await client.post<RestAssistant>(`/assistants/${before.id}`, {
    name: null,
    description: '',
    instructions: null,
    temperature: null,
  });
  expect(after).toEqual({ ...before, name: null, description: '', instructions: null, temperature: 1 });
});

test('tools and the ids of tool resources are replaced as a whole', async () => {
  const client = await startClient();
  const { id } = await client.assistant({
    tools: [functionTool('f'), functionTool('g')],
    tool_resources: { code_interpreter: { file_ids: ['file-1'] } },
  });
  const after = await client.post<RestAssistant>(`/assistants/${id}`, {
    tools: [functionTool('h')],
    tool_resources: { file_search: { vector_store_ids: ['vs_2'] } },
  });
  expect(after.tools).toEqual([functionTool('h')]);
  expect(after.tool_resources).toEqual({ file_search: { vector_store_ids: ['vs_2'] } });
});

test('metadata is merged by key, and only null removes all of it', async () => {
  const client = await startClient();
  const { id } = await client.assistant({ metadata: { a: '1', b: '2' } });
  const modified = async (metadata: object | null) =>
    (await client.post<RestAssistant>(`/assistants/${id}`, { metadata })).metadata;
  expect(await modified({ b: 'new', c: '' })).toEqual({ a: '1', b: 'new', c: '' });
  expect(await modified({})).toEqual({ a: '1', b: 'new', c: '' });
  expect(await modified(null)).toEqual({});
});

test('a modification that would merge to too much metadata is a 400', async () => {
  const client = await startClient();
  const pairs = Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`a${index}`, 'v']));
  const others = Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`b${index}`, 'v']));
  const { id } = await client.assistant({ metadata: pairs });
  expect(await client.errorOf('POST', `/assistants/${id}`, { metadata: others })).toMatchObject({
    status: 400,
    code: 'object_above_max_properties',
    param: 'metadata',
  });
  expect((await client.get<RestAssistant>(`/assistants/${id}`)).metadata).toEqual(pairs);
});

test('a deleted assistant is no longer found', async () => {
  const client = await startClient();
  const { id } = await client.assistant();
  expect(await client.remove(`/assistants/${id}`)).toEqual({ id, object: 'assistant.deleted', deleted: true });
  expect(await client.errorOf('GET', `/assistants/${id}`)).toMatchObject({ status: 404 });
  expect(await client.errorOf('DELETE', `/assistants/${id}`)).toMatchObject({ status: 404 });
});

test('the runs of a deleted assistant remain, and no new one can be created', async () => {
  const client = await startClient();
  const assistant = await client.assistant();
  const run = await client.until(await client.start(assistant, 'hello'), 'completed');
  await client.remove(`/assistants/${assistant.id}`);
  expect(await client.run(run)).toEqual(run);
  expect(await client.errorOf('POST', `/threads/${run.thread_id}/runs`, { assistant_id: assistant.id })).toEqual({
    status: 404,
    type: 'invalid_request_error',
    code: null,
    param: null,
    message: `No assistant found with id '${assistant.id}'.`,
  });
});
