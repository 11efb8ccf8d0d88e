import { expect, test } from 'vitest';
import { raw, reply, startUpstream } from '../support/upstream.ts';
import { failureOf } from './failureOf.ts';
import { restOver } from './restOver.ts';

test('consecutive calls use at most two connections', async () => {
  const { rest, upstream } = await restOver(() => ({ id: 't1' }));

  for (let count = 0; count < 20; count += 1) await rest.threads.retrieve('t1');

  // undici releases a connection shortly after the response, and so may open a second one, but no third.
  expect(upstream.connections.opened).toBeLessThanOrEqual(2);
});

test('40 parallel calls share the three connections that are allowed', async () => {
  const { rest, upstream } = await restOver(() => reply({ json: { id: 't1' }, delayMs: 2 }), { maxSockets: 3 });

  await Promise.all(Array.from({ length: 40 }, () => rest.threads.retrieve('t1')));

  expect(upstream.calls).toHaveLength(40);
  expect(upstream.connections).toEqual({ opened: 3, most: 3 });
});

test('errors and invalid responses leave the connection usable', async () => {
  const { rest, upstream } = await restOver({
    'GET /threads/refused': reply({ status: 500, body: 'x'.repeat(100_000) }),
    'GET /threads/html': reply({ body: '<html>' }),
    'GET /threads/t1': { id: 't1' },
  });

  await failureOf(rest.threads.retrieve('refused'));
  await failureOf(rest.threads.retrieve('html'));
  for (let count = 0; count < 5; count += 1) await rest.threads.retrieve('t1');

  expect(upstream.connections.opened).toBeLessThanOrEqual(2);
});

test('an error thrown by onCall prevents the call', async () => {
  const { rest, upstream } = await restOver(() => ({ id: 't1' }), {
    onCall: () => {
      throw new RangeError('No more calls.');
    },
  });

  expect(await failureOf(rest.threads.retrieve('t1'))).toEqual(new RangeError('No more calls.'));
  expect(upstream.calls).toEqual([]);
});

test('early hints are not taken for the response', async () => {
  const hints = { link: '</style.css>; rel=preload' };
  const { rest } = await restOver({
    'GET /threads/t1': raw((response) => {
      response.writeEarlyHints(hints);
      response.writeHead(200).end('{"id": "t1"}');
    }),
    'DELETE /threads/t1': raw((response) => {
      response.writeEarlyHints(hints, () => response.socket?.destroy());
    }),
  });

  expect(await rest.threads.retrieve('t1')).toEqual({ id: 't1' });
  expect((await failureOf(rest.threads.delete('t1'))).name).toBe('UnavailableError');
});

test('the error for an unreachable upstream names its host and port', async () => {
  const gone = await startUpstream({});
  await gone.close();
  const { rest } = await restOver({}, { baseUrl: `${gone.url}/v1` });
  const { host } = new URL(gone.url);

  expect(await failureOf(rest.threads.retrieve('t1'))).toMatchObject({
    name: 'UnavailableError',
    code: 'ECONNREFUSED',
    host,
    message: `GET /threads/t1: could not reach the upstream at ${host} (ECONNREFUSED)`,
  });
});

test('an unknown host is an UnavailableError', async () => {
  const { rest } = await restOver({}, { baseUrl: 'https://api.invalid/v1' });

  expect(await failureOf(rest.threads.retrieve('t1'))).toMatchObject({
    name: 'UnavailableError',
    host: 'api.invalid:443',
  });
});
