import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningServer, startServer } from '../support/server.ts';

let server: RunningServer;

beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

const headers = { 'content-type': 'application/json', 'openai-beta': 'assistants=v2' };

const json = async <Value>(response: Response): Promise<Value> => JSON.parse(await response.text());

const createThread = async (messages: readonly object[]) => {
  const body = JSON.stringify({ messages });
  const response = await fetch(`${server.url}/v1/threads`, { method: 'POST', headers, body });
  return { length: Buffer.byteLength(body), thread: await json<{ id: string }>(response) };
};

interface Messages {
  readonly data: readonly { readonly content: readonly [{ readonly text: { readonly value: string } }] }[];
}

// A long body is decoded in pieces: with paddings of up to three bytes, its characters are cut at each of their bytes.
test.each(
  ['é', '一', '😀', '\uFEFF'].flatMap((character) => [0, 1, 2, 3].map((padding) => [character, padding] as const)),
)('a body of several megabytes of %j, %d bytes later, is read as it was sent', async (character, padding) => {
  const content = 'a'.repeat(padding) + character.repeat(250_000);
  const sent = Array.from({ length: 16 }, () => ({ role: 'user', content }));
  const { length, thread } = await createThread(sent);
  expect(length).toBeGreaterThan(7_000_000);

  const read = await fetch(`${server.url}/v1/threads/${thread.id}/messages`, { headers });
  const { data } = await json<Messages>(read);
  expect(data.length).toBe(16);
  expect(data.every((message) => message.content[0].text.value === content)).toBe(true);
});

test('a body of several megabytes that is not UTF-8 is refused', async () => {
  const body = Buffer.from(`{"messages":[{"role":"user","content":"${'é'.repeat(3_000_000)}"}]}`);
  body[5_000_000] = 0xff;
  const response = await fetch(`${server.url}/v1/threads`, { method: 'POST', headers, body });
  expect(response.status).toBe(400);
  expect(await response.text()).toContain('not valid for encoding utf-8');
});
