import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { transport } from '../support/transport.ts';
import type { Fetch } from '../../src/rest/fetch.ts';
import { raw } from '../support/upstream.ts';
import { failureOf } from './failureOf.ts';
import { restOver } from './restOver.ts';

const never: Fetch = () =>
  Promise.resolve({ status: 200, headers: new Headers(), body: null, text: () => new Promise<string>(() => {}) });
const silence = raw(() => {});

test('an upstream that never responds is a TimeoutError', async () => {
  const { rest } = await restOver(() => silence, { timeoutMs: 50 });

  expect(await failureOf(rest.threads.retrieve('t1'))).toMatchObject({
    name: 'TimeoutError',
    timeoutMs: 50,
    message: 'GET /threads/t1: no response from the upstream within 50 ms',
  });
});

test('a body that stalls is a TimeoutError, and its connection is closed', async () => {
  const closed: Promise<unknown>[] = [];
  const { rest } = await restOver(
    () =>
      raw((response) => {
        closed.push(once(response, 'close'));
        response.writeHead(200, { 'content-length': 100 }).write('{"id": ');
      }),
    { timeoutMs: 50 },
  );

  expect((await failureOf(rest.threads.retrieve('t1'))).name).toBe('TimeoutError');
  expect(closed).toHaveLength(1);
  await Promise.all(closed);
});

test('a call ends at its deadline even if the HTTP client never settles', async () => {
  const { rest } = await restOver({}, { fetch: never, timeoutMs: 50 });

  expect((await failureOf(rest.threads.retrieve('t1'))).name).toBe('TimeoutError');
});

test("the caller's abort before the body is read ends the call", async () => {
  const caller = new AbortController();
  const send = transport({ maxSockets: 1 });
  const abortedBeforeReading: Fetch = async (url, init) => {
    const responding = send(url, init);
    await Promise.race([responding, delay(50)]); // undici's settles with the last byte of the body
    caller.abort();
    return responding;
  };
  const { rest } = await restOver(
    () =>
      raw((response) => {
        response.writeHead(200).write('{');
      }),
    { fetch: abortedBeforeReading, signal: caller.signal },
  );

  expect((await failureOf(rest.threads.retrieve('t1'))).name).toBe('AbortedError');
});

test("the caller's abort before the response is an AbortedError and closes the connection", async () => {
  const caller = new AbortController();
  const closed: Promise<unknown>[] = [];
  const { rest } = await restOver(
    () =>
      raw((response) => {
        closed.push(once(response, 'close'));
        caller.abort(new Error('a reason of its own'));
      }),
    { signal: caller.signal },
  );

  expect(await failureOf(rest.threads.retrieve('t1'))).toMatchObject({
    name: 'AbortedError',
    message: 'GET /threads/t1: cancelled by the caller',
  });
  await Promise.all(closed);
});

test('a cancelled caller sends nothing', async () => {
  const { rest, upstream } = await restOver(() => ({ id: 't1' }), { signal: AbortSignal.abort() });

  expect((await failureOf(rest.threads.retrieve('t1'))).name).toBe('AbortedError');
  expect(upstream.calls).toEqual([]);
});

test('many parallel calls of one caller cause no listener warning', async () => {
  const warnings: Error[] = [];
  const note = (warning: Error) => warnings.push(warning);
  process.on('warning', note);
  const { rest } = await restOver(() => ({ id: 't1' }), { signal: new AbortController().signal });

  await Promise.all(Array.from({ length: 50 }, () => rest.threads.retrieve('t1')));
  await new Promise(setImmediate);

  process.off('warning', note);
  expect(warnings).toEqual([]);
});
