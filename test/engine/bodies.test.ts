import { afterEach, expect, test } from 'vitest';
import type { RestAssistant } from '../../src/wire/assistant.ts';
import type { RestMessage } from '../../src/wire/message.ts';
import type { RestThread } from '../../src/wire/thread.ts';
import { type RunningServer, startServer } from '../support/server.ts';
import { requestTo, startClient, textOf } from './client.ts';

let server: RunningServer | undefined;

afterEach(async () => {
  await server?.stop();
  server = undefined;
});

/** JSON as clients write it that escape whatever is not ASCII: an emoji takes 12 bytes. */
const escapedJson = (value: unknown) =>
  JSON.stringify(value).replaceAll(/[^\0-\x7f]/gu, (character) =>
    Array.from({ length: character.length }, (_, index) => `\\u${character.charCodeAt(index).toString(16)}`).join(''),
  );

test('two messages of 256,000 escaped emoji fit into the body of one request', async () => {
  const content = '😀'.repeat(256_000);
  const body = escapedJson({ messages: [content, content].map((each) => ({ role: 'user', content: each })) });
  expect(body.length).toBeGreaterThan(6_000_000);

  const client = await startClient();
  const { id } = await client.post<RestThread>('/threads', body);
  for (const message of (await client.messages(id)).data) expect(textOf(message) === content).toBe(true);

  server = await startServer();
  expect((await server.rest('/threads', { method: 'POST', body })).status).toBe(200);
});

/** `metadata`, or another free-form object, with a key that names the prototype in sloppy copies. */
const proto = '{"__proto__":"x","constructor":"y"}';
const expected = new Map([
  ['__proto__', 'x'],
  ['constructor', 'y'],
]);
const entriesOf = (value: unknown) => new Map(Object.entries(Object(value)));

test('metadata keeps the key __proto__ in every operation that takes metadata', async () => {
  const client = await startClient();
  const created = {
    assistant: await client.post<RestAssistant>('/assistants', `{"model":"m","metadata":${proto}}`),
    thread: await client.post<RestThread>(
      '/threads',
      `{"metadata":${proto},"messages":[{"role":"user","content":"hello","metadata":${proto}}]}`,
    ),
  };
  const thread = `/threads/${created.thread.id}`;
  const [first] = (await client.messages(created.thread.id)).data;
  const message = await client.post<RestMessage>(
    `${thread}/messages`,
    `{"role":"user","content":"hello","metadata":${proto}}`,
  );
  const run = await client.until(
    await client.post(`${thread}/runs`, `{"assistant_id":"${created.assistant.id}","metadata":${proto}}`),
    'completed',
  );
  for (const object of [created.assistant, created.thread, first, message, run]) {
    expect(entriesOf(object?.metadata)).toEqual(expected);
  }
  expect(entriesOf((await client.get<RestThread>(thread)).metadata)).toEqual(expected);

  for (const path of [
    `/assistants/${created.assistant.id}`,
    thread,
    `${thread}/messages/${message.id}`,
    `${thread}/runs/${run.id}`,
  ]) {
    await client.post(path, '{"metadata":{"__proto__":"changed"}}');
    const { metadata } = await client.get<RestThread>(path);
    expect(entriesOf(metadata)).toEqual(new Map([...expected, ['__proto__', 'changed']]));
  }
});

test('JSON Schemas keep the key __proto__', async () => {
  const client = await startClient();
  const schema = '{"type":"object","__proto__":{"a":1},"properties":{"__proto__":{"type":"string"}}}';
  const { tools, response_format: format } = await client.post<RestAssistant>(
    '/assistants',
    `{"model":"m","tools":[{"type":"function","function":{"name":"f","parameters":${schema}}}],
      "response_format":{"type":"json_schema","json_schema":{"name":"s","schema":${schema}}}}`,
  );
  expect(tools.map((tool) => JSON.stringify(tool.type === 'function' && tool.function.parameters))).toEqual([schema]);
  expect(JSON.stringify(format)).toContain(schema);
});

test.each([
  ['/threads', '{"__proto__":{}}', '__proto__'],
  ['/threads', '{"messages":[{"role":"user","content":"hi","__proto__":1}]}', 'messages[0].__proto__'],
  ['/assistants', '{"model":"m","tool_resources":{"__proto__":1}}', 'tool_resources.__proto__'],
])('POST %s with an unknown parameter %s is a 400', async (path, body, param) => {
  const client = await startClient();
  expect(await client.errorOf('POST', path, body)).toMatchObject({
    status: 400,
    code: 'unknown_parameter',
    param,
    message: `Unknown parameter: '${param}'.`,
  });
});

const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;

const schemaBody = (json: string) =>
  `{"model":"m","tools":[{"type":"function","function":{"name":"f","parameters":{"a":${json}}}}]}`;

test.each([
  ['metadata', '/assistants', (json: string) => `{"model":"m","metadata":{"a":${json}}}`],
  ['a JSON Schema', '/assistants', schemaBody],
  ['the list of messages', '/threads', (json: string) => `{"messages":${json}}`],
  ['the body itself', '/threads', (json: string) => json],
])('JSON nested 100,000 levels deep is a 400: %s', async (_, path, bodyOf) => {
  const client = await startClient();
  expect(await client.errorOf('POST', path, bodyOf(nested(100_000)))).toMatchObject({
    status: 400,
    type: 'invalid_request_error',
  });
});

test('the limit of JSON nesting is named in the error', async () => {
  const client = await startClient();
  expect((await client.engine.fetch(requestTo('POST', '/assistants', schemaBody(nested(251))))).status).toBe(200);
  expect(await client.errorOf('POST', '/assistants', schemaBody(nested(252)))).toMatchObject({
    status: 400,
    message:
      'We could not parse the JSON body of your request: it is nested more than 256 levels deep. Expected a JSON object.',
  });
});
