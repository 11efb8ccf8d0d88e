import { createClient } from 'graphql-ws';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { startFacade } from '../support/facade.ts';
import { raw, refusal, reply } from '../support/upstream.ts';
import { run } from './eventStream.ts';
import { resultsOf, subscription, transports } from './subscription.ts';

const RUN = 'GET /threads/thread_1/runs/run_1';
const query = 'subscription { runUpdates(threadId: "thread_1", runId: "run_1") { status } }';
const update = (status: string) => ({ data: { runUpdates: { status } } });
const follow = (url: string, headers?: Record<string, string>) =>
  subscription('server-sent events', url, { query }, headers);
const polled = (status: string, afterMs: number) =>
  reply({ json: run(status), headers: { 'openai-poll-after-ms': String(afterMs) } });

test('500 subscriptions to one run share one poller, which stops when the run has ended', async () => {
  const POLL_MS = 20;
  let status = 'queued';
  let [asked, atOnce, mostAtOnce] = [0, 0, 0];
  const { url } = await startFacade({
    [RUN]: () =>
      raw((response) => {
        asked += 1;
        atOnce += 1;
        mostAtOnce = Math.max(mostAtOnce, atOnce);
        response.once('close', () => (atOnce -= 1));
        response.writeHead(200, { 'content-type': 'application/json', 'openai-poll-after-ms': POLL_MS });
        setTimeout(() => response.end(JSON.stringify(run(status))), 10);
      }),
  });
  const started = performance.now();
  const sockets = createClient({ url: url.replace('http', 'ws'), webSocketImpl: WebSocket, retryAttempts: 0 });
  const seen: unknown[][] = Array.from({ length: 500 }, () => []);
  const all = seen.map(async (mine, index) => {
    const results = index % 2 === 0 ? follow(url) : sockets.iterate({ query });
    for await (const response of results) mine.push(response);
  });
  const everyoneSaw = (next: string) =>
    expect
      .poll(() => seen.every((mine) => JSON.stringify(mine.at(-1)) === JSON.stringify(update(next))), PATIENT)
      .toBe(true);

  await everyoneSaw('QUEUED');
  status = 'in_progress';
  await everyoneSaw('IN_PROGRESS');
  status = 'completed';
  await Promise.all(all);
  const elapsed = performance.now() - started;
  expect(new Set(seen.map((mine) => JSON.stringify(mine)))).toEqual(
    new Set([JSON.stringify([update('QUEUED'), update('IN_PROGRESS'), update('COMPLETED')])]),
  );
  expect(mostAtOnce).toBe(1);
  expect(asked).toBeLessThan(elapsed / POLL_MS + 2);

  const askedByThen = asked;
  await quietFor(10 * POLL_MS);
  expect(asked).toBe(askedByThen);
  await sockets.dispose();
});

const PATIENT = { timeout: 20_000 };
const quietFor = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test.each(transports)('polling continues until the last subscription over %s ends', async (transport) => {
  const { url, upstream } = await startFacade({ [RUN]: () => polled('in_progress', 10) });
  const followers = [1, 2, 3].map(() => subscription(transport, url, { query }));
  for (const each of followers) expect(await each.next()).toMatchObject({ value: update('IN_PROGRESS') });

  for (const each of followers.slice(1)) await each.return();
  const askedByThen = upstream.calls.length;
  await expect.poll(() => upstream.calls.length, PATIENT).toBeGreaterThan(askedByThen + 3);

  await followers[0]?.return();
  await expect
    .poll(async () => {
      const before = upstream.calls.length;
      await quietFor(200);
      return upstream.calls.length - before;
    }, PATIENT)
    .toBe(0);
});

test('a later subscription gets the known state without a REST call', async () => {
  const { url, upstream } = await startFacade({ [RUN]: () => polled('in_progress', 25_000) });
  const first = follow(url);
  await first.next();
  const second = follow(url);
  expect(await second.next()).toMatchObject({ value: update('IN_PROGRESS') });
  expect(upstream.calls).toHaveLength(1);
  await first.return();
  await second.return();
});

test('openai-poll-after-ms sets the polling interval', async () => {
  const times: number[] = [];
  const states = ['queued', 'in_progress', 'completed'];
  const { url } = await startFacade(
    {
      [RUN]: () => {
        times.push(performance.now());
        return polled(states[times.length - 1] ?? 'completed', 200);
      },
    },
    { pollMinMs: 10, pollMaxMs: 10 },
  );
  expect(await resultsOf(follow(url))).toHaveLength(3);
  // A timer may come a millisecond early.
  expect(Math.min(...pausesBetween(times))).toBeGreaterThanOrEqual(199);

  let readings = 0;
  const soon = await startFacade(
    {
      [RUN]: () => {
        readings += 1;
        return polled(states[readings - 1] ?? 'completed', 10);
      },
    },
    { pollMinMs: 3_600_000, pollMaxMs: 3_600_000 },
  );
  expect(await resultsOf(follow(soon.url))).toHaveLength(3);
});

test('without openai-poll-after-ms the interval grows up to a limit while nothing changes', async () => {
  const times: number[] = [];
  const { url } = await startFacade(
    {
      [RUN]: () => {
        times.push(performance.now());
        return run(times.length < 8 ? 'in_progress' : 'completed');
      },
    },
    { pollMinMs: 20, pollMaxMs: 60 },
  );
  expect(await resultsOf(follow(url))).toEqual([update('IN_PROGRESS'), update('COMPLETED')]);
  const atLeast = [20, 30, 45, 60, 60, 60, 60];
  const pauses = pausesBetween(times);
  expect(pauses.map((pause, index) => pause >= (atLeast[index] ?? 0) - 1)).toEqual(pauses.map(() => true));
});

const pausesBetween = (times: number[]) => times.slice(1).map((time, index) => time - (times[index] ?? time));

test('temporary upstream failures do not end a subscription', async () => {
  const hiccups = [
    () => run('queued'),
    () => refusal(500, 'The server had an error.'),
    () => reply({ status: 502, body: '<h1>Bad Gateway</h1>' }),
    () => reply({ status: 429, headers: { 'retry-after-ms': '5' }, json: { error: { message: 'Slow down.' } } }),
    () => raw((response) => void response.destroy()),
    () => run('in_progress'),
    () =>
      raw((response) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' }).write('{"id":');
        setTimeout(() => response.destroy(), 5);
      }),
    () => reply({ body: '<h1>Maintenance</h1>' }),
    () => reply({ json: run('queued'), delayMs: 2000 }),
    () => run('completed'),
  ];
  const { url } = await startFacade(
    { [RUN]: () => (hiccups.shift() ?? (() => run('completed')))() },
    { pollMinMs: 10, pollMaxMs: 10, timeoutMs: 1000 },
  );
  expect(await resultsOf(follow(url))).toEqual([update('QUEUED'), update('IN_PROGRESS'), update('COMPLETED')]);
  expect(hiccups).toEqual([]);
});

test('a subscription ends with the last error after the upstream has failed for too long', async () => {
  const { url, upstream } = await startFacade(
    { [RUN]: () => (upstream.calls.length === 1 ? run('queued') : refusal(503, 'Overloaded.')) },
    { pollMinMs: 10, pollMaxMs: 10, pollOutageMs: 300 },
  );
  expect(await resultsOf(follow(url))).toMatchObject([
    update('QUEUED'),
    { errors: [{ message: 'Overloaded.', extensions: { code: 'UPSTREAM_ERROR', upstream: { status: 503 } } }] },
  ]);
  expect(upstream.calls.length).toBeGreaterThan(3);
});

test.each([
  [401, 'UNAUTHENTICATED'],
  [404, 'NOT_FOUND'],
])('a %i ends the subscriptions of all readers with that error', async (status, code) => {
  let refuses = false;
  const { url } = await startFacade({
    [RUN]: () => (refuses ? refusal(status, 'No longer.') : polled('in_progress', 10)),
  });
  const followers = transports.map((transport) => subscription(transport, url, { query }));
  for (const each of followers) await each.next();
  refuses = true;
  for (const each of followers) {
    expect(await resultsOf(each)).toMatchObject([{ errors: [{ message: 'No longer.', extensions: { code } }] }]);
  }
});

test('callers with different credentials do not share a poller', async () => {
  const { url, upstream } = await startFacade({
    [RUN]: ({ headers }: { headers: { authorization?: string } }) =>
      headers.authorization === 'Bearer wrong' ? refusal(403, 'Not yours.') : polled('in_progress', 10),
  });
  const [mine, yours] = ['Bearer mine', 'Bearer yours'].map((authorization) => follow(url, { authorization }));
  await mine?.next();
  await yours?.next();
  expect(await resultsOf(follow(url, { authorization: 'Bearer wrong' }))).toMatchObject([
    { errors: [{ extensions: { code: 'FORBIDDEN' } }] },
  ]);
  await mine?.return();
  const by = (name: string) =>
    upstream.calls.filter(({ headers }) => headers.authorization === `Bearer ${name}`).length;
  const [mineByThen, yoursByThen] = [by('mine'), by('yours')];
  await expect.poll(() => by('yours'), PATIENT).toBeGreaterThan(yoursByThen + 5);
  expect(by('mine')).toBeLessThanOrEqual(mineByThen + 1);
  await yours?.return();
});
