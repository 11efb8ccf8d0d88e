import { expect, test } from 'vitest';
import { startServer } from '../support/server.ts';
import { completion, textChunk } from './chatStream.ts';
import { startModel } from './engineOver.ts';
import { type Play, whole } from './rawServer.ts';

const env = {
  MODEL_API_KEY: 'sk-the-key-of-the-model',
  MODEL_HEADERS: '{"x-tenant-token":"header-token-value"}',
  MODEL_QUERY: 'api-version=2024-10-21&signature=query-signature-value',
  LOG_LEVEL: 'debug',
};
const secrets = ['sk-the-key-of-the-model', 'header-token-value', 'query-signature-value'];

/** What an endpoint says that echoes all that it was sent with a request. */
const echoOf: (request: Parameters<Play>[1]) => string = ({ path, headers }) => `${path} ${JSON.stringify(headers)}`;
const echoed =
  (status: number): Play =>
  (socket, request) =>
    whole({ error: { message: `unexpected: ${echoOf(request)}`, code: echoOf(request) } }, { status })(socket, request);

const inText: Play = (socket, request) =>
  completion(
    echoOf(request)
      .split('')
      .map((letter) => textChunk(letter)),
    'stop',
  )(socket, request);

test('an endpoint that echoes the secrets of the model gets them into no output, log or error of the server', async () => {
  const { server: endpoint } = await startModel([inText, echoed(400), echoed(401), echoed(429)], {
    list: (socket, request) =>
      whole({ object: 'list', data: [{ id: echoOf(request), owned_by: echoOf(request) }] })(socket, request),
  });
  const server = await startServer({ ...env, MODEL_BASE_URL: endpoint.url, MODEL_MAX_RETRIES: '0' });

  const seen: string[] = [];
  const ask = async (path: string, init?: RequestInit) => {
    const text = await (await server.rest(path, init)).text();
    seen.push(text);
    return text;
  };
  const post = (path: string, body: object) => ask(path, { method: 'POST', body: JSON.stringify(body) });
  seen.push(await (await fetch(`${server.url}/ready`)).text());
  await ask('/models');
  await post('/assistants', { model: 'unknown' });
  const { data } = JSON.parse(await ask('/models')) as { data: { id: string }[] };
  const { id } = JSON.parse(await post('/assistants', { model: data[0]?.id ?? '' })) as { id: string };
  for (let count = 0; count < 4; count += 1) {
    const thread = { messages: [{ role: 'user', content: 'Hi' }] };
    await post('/threads/runs', { assistant_id: id, thread, stream: true });
  }
  const ended = seen.flatMap((text) => text.match(/event: thread\.run\.(completed|failed)/g) ?? []);
  expect(ended.map((line) => line.split('.').at(-1))).toEqual(['completed', 'failed', 'failed', 'failed']);
  const [threadId] = /thread_\w+/.exec(seen.at(-4) ?? '') ?? [];
  const graph = `{ thread(threadId: "${threadId}") { messages { nodes { text } } runs { nodes { lastError { message } } } } }`;
  seen.push(JSON.stringify(await server.graphql(graph)));
  await server.stop();
  seen.push(server.output());

  const all = seen.join('\n');
  expect(all).toContain('[redacted]');
  expect(secrets.filter((secret) => all.includes(secret))).toEqual([]);
  // They were sent: the test would pass without.
  expect(JSON.stringify(endpoint.requests)).toContain(secrets[0]);
  expect(JSON.stringify(endpoint.requests)).toContain(secrets[2]);
});
