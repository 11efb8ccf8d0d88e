import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { transport } from '../support/transport.ts';
import type { Fetch } from '../../src/rest/transport.ts';
import { raw } from '../support/upstream.ts';
import { failureOf } from './failureOf.ts';
import { restOver } from './restOver.ts';

const never: Fetch = () =>
  Promise.resolve({ status: 200, headers: new Headers(), body: null, text: () => new Promise<string>(() => {}) });
const silence = raw(() => {});

test('an upstream that never answers is a timeout', async () => {
  const { rest } = await restOver(() => silence, { timeoutMs: 50 });

  expect(await failureOf(rest.threads.retrieve('t1'))).toMatchObject({
    name: 'TimeoutError',
    timeoutMs: 50,
    message: 'GET /threads/t1: gave up after waiting 50 ms for the upstream',
  });
});

test('a body that stalls half-way is a timeout, and its connection is let go', async () => {
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

test('a transport that never settles, as cross-fetch with a body cut short, still meets the deadline', async () => {
  const { rest } = await restOver({}, { fetch: never, timeoutMs: 50 });

  expect((await failureOf(rest.threads.retrieve('t1'))).name).toBe('TimeoutError');
});

test("the caller's abort between the answer and the first read of its body ends the call", async () => {
  const caller = new AbortController();
  const send = transport({ maxSockets: 1 });
  const abortedBeforeReading: Fetch = async (url, init) => {
    const answering = send(url, init);
    await Promise.race([answering, delay(50)]); // undici's is there with the last byte of the body
    caller.abort();
    return answering;
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

test("the caller's abort while the upstream thinks is told apart from a timeout, and hangs up", async () => {
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
    message: 'GET /threads/t1: given up by the caller',
  });
  await Promise.all(closed);
});

test('a caller that has already gone sends nothing', async () => {
  const { rest, upstream } = await restOver(() => ({ id: 't1' }), { signal: AbortSignal.abort() });

  expect((await failureOf(rest.threads.retrieve('t1'))).name).toBe('AbortedError');
  expect(upstream.calls).toEqual([]);
});

test('many calls of one caller at once do not make Node warn of a leak', async () => {
  const warnings: Error[] = [];
  const note = (warning: Error) => warnings.push(warning);
  process.on('warning', note);
  const { rest } = await restOver(() => ({ id: 't1' }), { signal: new AbortController().signal });

  await Promise.all(Array.from({ length: 50 }, () => rest.threads.retrieve('t1')));
  await new Promise(setImmediate);

  process.off('warning', note);
  expect(warnings).toEqual([]);
});
