import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { startServer } from '../support/server.ts';

const ask = (url: string, origin: string, body = '{"query":"{ __typename }"}', type = 'application/json') =>
  fetch(`${url}/graphql`, { method: 'POST', body, headers: { 'content-type': type, origin } });

const opened = (url: string, origin: string) =>
  new Promise<boolean>((resolve) => {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', { origin });
    socket.on('open', () => socket.send('{"type":"connection_init"}'));
    socket.on('message', (data: Buffer) => {
      resolve(data.toString().includes('connection_ack'));
      socket.close();
    });
    socket.on('close', () => resolve(false));
    socket.on('error', () => resolve(false));
  });

test('pages of this machine may ask, those of other sites may not, by whatever way', async () => {
  const server = await startServer({});
  onTestFinished(async () => void (await server.stop()));
  const local = await ask(server.url, 'http://localhost:5173');
  expect(local.status).toBe(200);
  expect(local.headers.get('access-control-allow-origin')).toBe('http://localhost:5173');

  const foreign = await ask(server.url, 'https://evil.example');
  expect(foreign.status).toBe(403);
  expect(await foreign.json()).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] });
  const form = 'query=mutation{createThread(input:{}){clientMutationId}}';
  expect((await ask(server.url, 'https://evil.example', form, 'application/x-www-form-urlencoded')).status).toBe(403);
  expect((await ask(server.url, 'null')).status).toBe(403);

  expect(await opened(server.url, 'http://localhost:5173')).toBe(true);
  expect(await opened(server.url, 'https://evil.example')).toBe(false);
});

test('ALLOWED_ORIGINS lists whose pages may ask as well', async () => {
  const server = await startServer({ ALLOWED_ORIGINS: 'https://app.example, https://admin.example:8443' });
  onTestFinished(async () => void (await server.stop()));
  expect((await ask(server.url, 'https://app.example')).status).toBe(200);
  expect((await ask(server.url, 'https://admin.example:8443')).status).toBe(200);
  expect((await ask(server.url, 'https://admin.example')).status).toBe(403);
});
