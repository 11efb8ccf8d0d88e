import { expect, test } from 'vitest';
import type { RestMessage } from '../../src/wire/message.ts';
import type { RestThread } from '../../src/wire/thread.ts';
import { requestTo, startClient, textOf } from './client.ts';

test('a thread can be created without a body', async () => {
  const client = await startClient();
  const thread = await client.post<RestThread>('/threads');
  expect(thread).toEqual({
    id: expect.stringMatching(/^thread_[A-Za-z0-9]{24}$/u),
    object: 'thread',
    created_at: expect.any(Number),
    tool_resources: {},
    metadata: {},
    usage: expect.objectContaining({ total_tokens: 0 }),
  });
  expect(await client.get(`/threads/${thread.id}`)).toEqual(thread);
});

test('a thread is created with its messages in order', async () => {
  const client = await startClient();
  const { id } = await client.thread('one', 'two', 'three');
  expect((await client.messages(id)).data.map(textOf)).toEqual(['one', 'two', 'three']);
});

test('modifying a thread merges metadata and replaces tool resources', async () => {
  const client = await startClient();
  const before = await client.post<RestThread>('/threads', { metadata: { a: '1' } });
  const toolResources = { code_interpreter: { file_ids: ['file-1'] } };
  const after = { ...before, metadata: { a: '1', b: '2' }, tool_resources: toolResources };
  expect(await client.post(`/threads/${before.id}`, { metadata: { b: '2' }, tool_resources: toolResources })).toEqual(
    after,
  );
  expect(await client.post(`/threads/${before.id}`, { tool_resources: null })).toEqual({
    ...after,
    tool_resources: {},
  });
});

test('a string content is returned as one text part with annotations', async () => {
  const client = await startClient();
  const { id } = await client.thread();
  const message = await client.post<RestMessage>(`/threads/${id}/messages`, { role: 'user', content: 'hello' });
  expect(message).toEqual({
    id: expect.stringMatching(/^msg_[A-Za-z0-9]{24}$/u),
    object: 'thread.message',
    created_at: expect.any(Number),
    thread_id: id,
    status: 'completed',
    incomplete_details: null,
    completed_at: expect.any(Number),
    incomplete_at: null,
    role: 'user',
    content: [{ type: 'text', text: { value: 'hello', annotations: [] } }],
    assistant_id: null,
    run_id: null,
    attachments: [],
    metadata: {},
  });
  expect(await client.get(`/threads/${id}/messages/${message.id}`)).toEqual(message);
});

test('content parts, attachments and unusual characters are kept as sent', async () => {
  const client = await startClient();
  const { id } = await client.thread();
  const images = [
    { type: 'image_url', image_url: { url: 'https://example.com/a.png', detail: 'low' } },
    { type: 'image_file', image_file: { file_id: 'file-1' } },
  ];
  const odd = 'nul \u0000, half a pair \ud83d, \u2028, "quotes"';
  const attachments = [{ file_id: 'file-1', tools: [{ type: 'code_interpreter' }] }];
  const message = await client.post<RestMessage>(`/threads/${id}/messages`, {
    role: 'assistant',
    content: [{ type: 'text', text: odd }, ...images],
    attachments,
  });
  expect(message).toMatchObject({ role: 'assistant', attachments });
  expect(message.content).toEqual([{ type: 'text', text: { value: odd, annotations: [] } }, ...images]);
});

test('only the metadata of a message can be modified', async () => {
  const client = await startClient();
  const { id } = await client.thread('hello');
  const [before] = (await client.messages(id)).data;
  const path = `/threads/${id}/messages/${before?.id}`;
  expect(await client.post(path, { metadata: { seen: 'yes' } })).toEqual({ ...before, metadata: { seen: 'yes' } });
  expect(await client.get(path)).toEqual({ ...before, metadata: { seen: 'yes' } });
});

test('a deleted message is no longer listed', async () => {
  const client = await startClient();
  const { id } = await client.thread('one', 'two');
  const [one] = (await client.messages(id)).data;
  const path = `/threads/${id}/messages/${one?.id}`;
  expect(await client.remove(path)).toEqual({ id: one?.id, object: 'thread.message.deleted', deleted: true });
  expect(await client.errorOf('DELETE', path)).toMatchObject({
    status: 404,
    message: `No message found with id '${one?.id}'.`,
  });
  expect((await client.messages(id)).data.map(textOf)).toEqual(['two']);
});

test('deleting a thread deletes its messages, runs and steps', async () => {
  const client = await startClient();
  const run = await client.until(await client.start(await client.assistant(), 'hello'), 'completed');
  const path = `/threads/${run.thread_id}`;
  expect(await client.remove(path)).toEqual({ id: run.thread_id, object: 'thread.deleted', deleted: true });
  for (const below of ['', '/messages', '/runs', `/runs/${run.id}`, `/runs/${run.id}/steps`]) {
    expect(await client.errorOf('GET', path + below)).toMatchObject({
      status: 404,
      message: `No thread found with id '${run.thread_id}'.`,
    });
  }
});

test('deleting a thread ends its run and its streams', async () => {
  const client = await startClient();
  const run = await client.start(await client.assistant(), 'take 60 seconds');
  const stream = await client.engine.fetch(requestTo('GET', `/threads/${run.thread_id}/runs/${run.id}/events`));
  await client.until(run, 'in_progress');
  await client.remove(`/threads/${run.thread_id}`);
  expect(await stream.text()).not.toContain('event: done');
});

test('a write that fails does not affect writes at the same time', async () => {
  const client = await startClient();
  const { id } = await client.thread();
  const texts = Array.from({ length: 20 }, (_, index) => String(index));
  await Promise.all(
    texts.flatMap((content) => [
      client.post(`/threads/${id}/messages`, { role: 'user', content }),
      client.errorOf('POST', '/threads/thread_none/messages', { role: 'user', content }),
    ]),
  );
  const written = (await client.messages(id, 'order=asc&limit=100')).data.map(textOf);
  expect(written.toSorted((one, other) => Number(one) - Number(other))).toEqual(texts);
});

test('a run that cannot be created adds none of its messages', async () => {
  const client = await startClient();
  const { id } = await client.thread('one');
  const body = { assistant_id: 'asst_none', additional_messages: [{ role: 'user', content: 'two' }] };
  expect(await client.errorOf('POST', `/threads/${id}/runs`, body)).toMatchObject({ status: 404 });
  expect((await client.messages(id)).data.map(textOf)).toEqual(['one']);
});
