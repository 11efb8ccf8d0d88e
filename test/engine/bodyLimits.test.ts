import { expect, test } from 'vitest';
import type { RestThread } from '../../src/wire/thread.ts';
import { startClient } from './client.ts';

const refused = (text: string) => ({
  status: 400,
  type: 'invalid_request_error',
  code: null,
  param: null,
  message: `We could not parse the JSON body of your request: ${text}. Expected a JSON object.`,
});

const tooMany = refused('it has more than 20000 names or 20000 values');
const listOf = (item: string, count: number) => `[${Array(count).fill(item).join()}]`;

test.each([
  ['lists', '/threads', `{"messages":${listOf('[]', 330_000)}}`],
  ['objects', '/threads', `{"messages":${listOf('{}', 330_000)}}`],
  ['numbers', '/threads', `{"messages":${listOf('1', 330_000)}}`],
  ['pairs', '/threads', `{"metadata":{${Array.from({ length: 20_001 }, (_, index) => `"k${index}":"v"`).join()}}}`],
  [
    'properties of a schema',
    '/assistants',
    `{"model":"m","tools":[{"type":"function","function":{"name":"f","parameters":{"properties":{${Array(200_000).fill('"k":{}').join()}}}}}]}`,
  ],
])('a body of more than 20,000 names or values is refused before it is parsed: %s', async (_what, path, body) => {
  const client = await startClient();
  expect(await client.errorOf('POST', path, body)).toEqual(tooMany);
});

test('commas and brackets within texts are no values', async () => {
  const client = await startClient();
  const content = '[{,:\\"'.repeat(30_000);
  const thread = await client.post<RestThread>('/threads', { messages: [{ role: 'user', content }] });
  expect((await client.messages(thread.id)).data).toMatchObject([{ content: [{ text: { value: content } }] }]);
});

test('a list has at most 1,000 items, and a longer one is refused by its length alone', async () => {
  const client = await startClient();
  const message = { role: 'user', content: 'hello' };
  const thread = await client.post<RestThread>('/threads', {
    messages: Array.from({ length: 1000 }, () => message),
  });
  expect((await client.messages(thread.id, 'order=asc&limit=100')).has_more).toBe(true);
  for (const item of [message, {}]) {
    expect(await client.errorOf('POST', '/threads', { messages: Array.from({ length: 1001 }, () => item) })).toEqual({
      status: 400,
      type: 'invalid_request_error',
      code: 'array_above_max_length',
      param: 'messages',
      message:
        "Invalid 'messages': array too long. Expected an array with maximum length 1000, but got an array with length 1001 instead.",
    });
  }
});
