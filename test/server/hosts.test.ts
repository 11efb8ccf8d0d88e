import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { json } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { type ServerEnv, startServer } from '../support/server.ts';

const started = async (env: ServerEnv) => {
  const server = await startServer(env);
  onTestFinished(async () => void (await server.stop()));
  const port = new URL(server.url).port;
  return { url: `http://127.0.0.1:${port}`, port };
};

/** Sends what a page does whose own name leads to this server: `fetch` cannot choose the `Host`. */
const asked = async (url: string, host: string, body?: string) => {
  const headers = { host, 'content-type': 'application/json', 'openai-beta': 'assistants=v2' };
  const asking = request(url, { method: body === undefined ? 'GET' : 'POST', headers });
  const [answer] = (await once(asking.end(body), 'response')) as [IncomingMessage];
  return { status: answer.statusCode, body: await json(answer) };
};

const query = '{"query":"{ __typename }"}';

const opened = async (url: string, host: string) => {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', { headers: { host } });
  socket.on('open', () => socket.send('{"type":"connection_init"}'));
  const acknowledged = await Promise.race([
    once(socket, 'message').then(() => true),
    once(socket, 'close').then(() => false),
  ]);
  socket.terminate();
  return acknowledged;
};

test('a server of this machine alone is asked by no public name, by whatever way', async () => {
  const { url, port } = await started({});
  const evil = `evil.example:${port}`;

  const message = expect.stringMatching(/evil\.example:\d+ is not allowed\. Add it to ALLOWED_HOSTS/);
  expect(await asked(`${url}/graphql`, evil, query)).toMatchObject({
    status: 403,
    body: { errors: [{ message, extensions: { code: 'FORBIDDEN' } }] },
  });
  expect((await asked(`${url}/graphql?query={__typename}`, evil)).status).toBe(403);
  expect(await asked(`${url}/v1/threads`, evil, '{}')).toMatchObject({ status: 403, body: { error: { message } } });
  expect(await opened(url, evil)).toBe(false);

  for (const own of [
    'localhost',
    `LOCALHOST:${port}`,
    'tab.localhost',
    'assistants:80',
    'host.docker.internal',
    '10.1.2.3:80',
    '[::1]:80',
  ]) {
    expect(await asked(`${url}/graphql`, own, query)).toMatchObject({ status: 200 });
    expect(await asked(`${url}/v1/threads`, own, '{}')).toMatchObject({ status: 200 });
  }
  expect(await opened(url, `localhost:${port}`)).toBe(true);
});

test('ALLOWED_HOSTS lists more names, and holds wherever it listens', async () => {
  const { url } = await started({
    HOST: '0.0.0.0',
    ACCESS_OPEN_TO_NETWORK: 'on',
    ALLOWED_HOSTS: 'Graph.example, other.example',
  });

  expect((await asked(`${url}/graphql`, 'graph.example', query)).status).toBe(200);
  expect((await asked(`${url}/graphql`, 'graph.example:8443', query)).status).toBe(200);
  expect((await asked(`${url}/graphql`, 'sub.graph.example', query)).status).toBe(403);
});

test.each([{ HOST: '0.0.0.0', ACCESS_OPEN_TO_NETWORK: 'on' }, { ALLOWED_HOSTS: '*' }])(
  'with %o it may be asked by any name',
  async (env) => {
    const { url } = await started(env);

    expect((await asked(`${url}/graphql`, 'any.example', query)).status).toBe(200);
    expect((await asked(`${url}/v1/threads`, 'any.example', '{}')).status).toBe(200);
  },
);
