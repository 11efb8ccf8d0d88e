import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Engine } from '../../src/engine/engine.ts';
import { openEngine } from './openEngine.ts';
import { callsOf, clientOf, eventsIn, functionTool, requestTo, startClient } from './client.ts';

/** Sends a write under a key, and returns its status and its body as text. */
const sent = async (engine: Engine, key: string, method: string, path: string, body?: unknown) => {
  const response = await engine.fetch(requestTo(method, path, body, { 'idempotency-key': key }));
  return [response.status, await response.text()] as const;
};

test('each write under a key happens once, and its repetition returns the same response', async () => {
  const client = await startClient();
  const { engine } = client;
  const assistant = await client.assistant({ tools: [functionTool('get_weather')] });
  const thread = await client.thread('hello');
  const [message] = (await client.messages(thread.id)).data;
  const waiting = await client.until(await client.start(assistant, 'call get_weather'), 'requires_action');
  const toCancel = await client.until(await client.start(assistant, 'call get_weather'), 'requires_action');
  const outputs = callsOf(waiting).map(({ id }) => ({ tool_call_id: id, output: 'rain' }));
  const runPath = `/threads/${waiting.thread_id}/runs/${waiting.id}`;
  const writes: [method: string, path: string, body?: unknown][] = [
    ['POST', '/assistants', { model: 'test' }],
    ['POST', `/assistants/${assistant.id}`, { name: 'New' }],
    ['POST', '/threads', { metadata: { a: 'b' } }],
    ['POST', `/threads/${thread.id}`, { metadata: { a: 'b' } }],
    ['POST', `/threads/${thread.id}/messages`, { role: 'user', content: 'again' }],
    ['POST', `/threads/${thread.id}/messages/${message?.id}`, { metadata: { a: 'b' } }],
    ['POST', `/threads/${thread.id}/runs`, { assistant_id: assistant.id }],
    ['POST', '/threads/runs', { assistant_id: assistant.id }],
    ['POST', runPath, { metadata: { a: 'b' } }],
    ['POST', `${runPath}/submit_tool_outputs`, { tool_outputs: outputs }],
    ['POST', `/threads/${toCancel.thread_id}/runs/${toCancel.id}/cancel`],
    ['DELETE', `/threads/${thread.id}/messages/${message?.id}`],
    ['DELETE', `/threads/${thread.id}`],
    ['DELETE', `/assistants/${assistant.id}`],
  ];
  for (const [index, write] of writes.entries()) {
    const [first, second] = [
      await sent(engine, `key-${index}`, ...write),
      await sent(engine, `key-${index}`, ...write),
    ];
    expect([write, first[0]]).toEqual([write, 200]);
    expect([write, ...second]).toEqual([write, ...first]);
  }
  const { data } = await client.get<{ data: unknown[] }>('/assistants');
  expect(data).toHaveLength(1);
});

test('many requests with one key at a time are one write', async () => {
  const client = await startClient();
  const thread = await client.thread();
  const path = `/threads/${thread.id}/messages`;
  const requests = Array.from({ length: 20 }, () =>
    sent(client.engine, 'key', 'POST', path, { role: 'user', content: 'once' }),
  );

  expect(new Set((await Promise.all(requests)).map(([status, text]) => `${status} ${text}`)).size).toBe(1);
  expect((await client.messages(thread.id)).data).toHaveLength(1);
});

test('a key with another body or path is a 409, and nothing is written', async () => {
  const client = await startClient();
  await sent(client.engine, 'key', 'POST', '/assistants', { model: 'test' });

  for (const [path, body] of [
    ['/assistants', { model: 'other' }],
    ['/threads', {}],
  ] as const) {
    const [status, text] = await sent(client.engine, 'key', 'POST', path, body);
    expect([status, JSON.parse(text).error.code]).toEqual([409, 'idempotency_key_reused']);
  }
  expect((await client.get<{ data: unknown[] }>('/assistants')).data).toHaveLength(1);
});

test('a write that was rejected leaves its key unused', async () => {
  const client = await startClient();
  const { engine } = client;
  const run = await client.until(
    await client.start(await client.assistant({ tools: [functionTool('get_weather')] }), 'call get_weather'),
    'requires_action',
  );
  const path = `/threads/${run.thread_id}/messages`;
  const message = { role: 'user', content: 'hello' };

  expect((await sent(engine, 'key', 'POST', path, message))[0]).toBe(400);
  await client.post(`/threads/${run.thread_id}/runs/${run.id}/cancel`);
  await client.until(run, 'cancelled');
  expect((await sent(engine, 'key', 'POST', path, message))[0]).toBe(200);
});

test('a stream under a key is of the same run when it is requested again', async () => {
  const client = await startClient();
  const assistant = await client.assistant();
  const body = { assistant_id: assistant.id, thread: { messages: [{ role: 'user', content: 'hello' }] }, stream: true };
  const [first, second] = [
    await sent(client.engine, 'key', 'POST', '/threads/runs', body),
    await sent(client.engine, 'key', 'POST', '/threads/runs', body),
  ];

  expect(second).toEqual(first);
  expect(eventsIn(first[1]).at(-1)?.event).toBe('done');
});

test('a key is still known after a restart', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'engine-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const dataPath = join(directory, 'engine.db');
  const before = clientOf(await openEngine({ dataPath }));
  const first = await sent(before.engine, 'key', 'POST', '/threads', {});
  await before.engine.close();
  const after = await startClient({ dataPath });

  expect(await sent(after.engine, 'key', 'POST', '/threads', {})).toEqual(first);
});

test('two tenants can use the same key', async () => {
  const { engine } = await startClient();
  const created = async (tenant: string) => {
    const request = requestTo('POST', '/threads', {}, { 'idempotency-key': 'key' });
    const { id } = await (await engine.fetch(request, tenant)).json();
    return id;
  };

  expect(await created('one')).toBe(await created('one'));
  expect(await created('other')).not.toBe(await created('one'));
});

test('a key of more than 255 characters is a 400', async () => {
  const { engine } = await startClient();

  expect((await sent(engine, 'k'.repeat(256), 'POST', '/threads', {}))[0]).toBe(400);
});
