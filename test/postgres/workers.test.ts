import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { type EngineOptions, openEngine } from '../../src/engine/engine.ts';
import type { ChatDelta } from '../../src/engine/models/delta.ts';
import { clientOf, functionTool, scriptedModel, textOf } from '../engine/client.ts';
import { startWebhooks, webhookSecret } from '../engine/webhookServer.ts';
import { storedEventsIn } from '../../bench/postgres/storedEvents.ts';
import { queryDatabase, takeDatabase } from '../support/databases.ts';

/** Engines on one database, as processes of their own would be, and SQL for it. */
const startReplicas = async (...replicas: Partial<EngineOptions>[]) => {
  const { url, giveBack } = await takeDatabase();
  onTestFinished(giveBack);
  const add = async (options: Partial<EngineOptions>) => {
    const fixed = { dataPath: ':memory:', databaseUrl: url, databasePoolSize: 5 };
    const engine = await openEngine({ sweepIntervalMs: 50, ...fixed, ...options });
    onTestFinished(() => engine.close());
    return clientOf(engine);
  };
  const clients = await Promise.all(replicas.map(add));
  const [one] = clients;
  if (one === undefined) throw new Error('at least one replica');
  const sql = <Row>(text: string) => queryDatabase(url, text) as Promise<Row[]>;
  return { one, other: clients.at(-1) ?? one, clients, add, sql, stored: () => storedEventsIn(url) };
};

/** A model that writes `first`, waits until `go` is called, and writes `second`. */
const waitingModel = () => {
  const going = new AbortController();
  const isGoing = once(going.signal, 'abort');
  const { model, requests } = scriptedModel(async function* ({ signal }): AsyncGenerator<ChatDelta> {
    yield { type: 'text', text: 'first ' };
    await Promise.race([isGoing, once(signal, 'abort')]);
    signal.throwIfAborted();
    yield { type: 'text', text: 'second' };
  });
  return { model, requests, go: () => going.abort() };
};

const hello = scriptedModel(async function* (): AsyncGenerator<ChatDelta> {
  await sleep(5);
  yield { type: 'text', text: 'hello' };
});

test('three workers on one database make one model call for each of 60 runs, whichever server created it', async () => {
  hello.requests.length = 0;
  const { one, clients, sql, stored } = await startReplicas(
    { model: hello.model },
    { model: hello.model },
    { model: hello.model },
  );
  const assistant = await one.assistant();
  await Promise.all(Array.from({ length: 60 }, (_, index) => (clients[index % 3] ?? one).start(assistant, 'hi')));
  await vi.waitFor(async () => expect(await sql('select id from runs where active = 1')).toEqual([]), 20_000);
  expect(hello.requests).toHaveLength(60);
  const ends = [...(await stored()).values()].map((events) =>
    events.filter((each) => each.endsWith(' thread.run.completed')),
  );
  expect(ends.map(({ length }) => length)).toEqual(Array.from({ length: 60 }, () => 1));
});

test('a run that waits at a server without workers is claimed by another one', async () => {
  const { one, other } = await startReplicas(
    { startsWorkers: false },
    { model: hello.model, sweepIntervalMs: 3_600_000 },
  );
  const run = await one.start(await one.assistant(), 'hi');
  expect(await other.until(run, 'completed')).toMatchObject({ id: run.id, last_error: null });
});

test('a reader at one server gets the events that the worker of another one writes', async () => {
  const { model, go } = waitingModel();
  const { one, other, stored } = await startReplicas({ model }, { startsWorkers: false });
  const run = await one.start(await one.assistant(), 'hi');
  await vi.waitFor(async () => expect(textOf((await other.messages(run.thread_id)).data[1])).toBe('first '), 5000);
  const reading = other.events('GET', `/threads/${run.thread_id}/runs/${run.id}/events`);
  go();
  const events = await reading;
  expect(events.slice(-2).map(({ event }) => event)).toEqual(['thread.run.completed', 'done']);
  const got = events.slice(0, -1).map(({ id, event }) => `${id} ${event}`);
  expect(got).toEqual((await stored()).get(run.id));
});

test('a worker is stopped when its run is cancelled at another server', async () => {
  const { model } = waitingModel();
  const { one, other } = await startReplicas({ model, sweepIntervalMs: 3_600_000 }, { startsWorkers: false });
  const run = await one.start(await one.assistant(), 'hi');
  await one.until(run, 'in_progress');
  await other.post(`/threads/${run.thread_id}/runs/${run.id}/cancel`);
  expect(await other.until(run, 'cancelled')).toMatchObject({ id: run.id });
});

test('a worker whose lease another one has taken writes nothing more to the run', async () => {
  const { model, go, requests } = waitingModel();
  const log: string[] = [];
  const { one, sql } = await startReplicas({ model, log: (line) => log.push(line), sweepIntervalMs: 3_600_000 });
  const run = await one.start(await one.assistant(), 'hi');
  await vi.waitFor(async () => expect(textOf((await one.messages(run.thread_id)).data[1])).toBe('first '), 5000);
  await sql(`update runs set lease = 'another', claim_after = ${Date.now() + 60_000}`);
  const stored = () => sql(`select object, last_event, lease from runs union all select object, 0, '' from messages`);
  const before = await stored();
  go();
  await one.engine.close();
  expect(requests).toHaveLength(1);
  expect(await stored()).toEqual(before);
  expect(log).toEqual([]);
});

test('the runs of a worker that reports nothing are continued by another one once their lease has ended', async () => {
  const silent = waitingModel();
  const { one, add, sql } = await startReplicas({ model: silent.model, sweepIntervalMs: 3_600_000 });
  const run = await one.start(await one.assistant(), 'hi');
  await vi.waitFor(async () => expect(textOf((await one.messages(run.thread_id)).data[1])).toBe('first '), 5000);
  const next = waitingModel();
  next.go();
  const other = await add({ model: next.model, sweepIntervalMs: 20 });
  await sleep(200);
  expect(next.requests).toEqual([]);
  await sql(`update runs set claim_after = ${Date.now()}`);
  await other.until(run, 'completed');
  expect(textOf((await other.messages(run.thread_id)).data[1])).toBe('first second');
  await vi.waitFor(() => expect(silent.requests[0]?.signal.aborted).toBe(true), 5000);
});

test('the runs of an engine that is closed are continued by another one at once, and not when their lease ends', async () => {
  const [closed, next] = [waitingModel(), waitingModel()];
  next.go();
  const { one, add } = await startReplicas({ model: closed.model, runLeaseSeconds: 600 });
  const run = await one.start(await one.assistant(), 'hi');
  await one.until(run, 'in_progress');
  const other = await add({ model: next.model, sweepIntervalMs: 3_600_000 });
  await one.engine.close();
  expect(await other.until(run, 'completed')).toMatchObject({ id: run.id, last_error: null });
});

test('runs that have expired are expired once, however many workers sweep', async () => {
  const { one, sql, stored } = await startReplicas(
    { runLifetimeSeconds: 1, sweepIntervalMs: 10 },
    { sweepIntervalMs: 10 },
    { sweepIntervalMs: 10 },
  );
  const assistant = await one.assistant({ tools: [functionTool('look')] });
  await Promise.all(Array.from({ length: 20 }, () => one.start(assistant, 'look')));
  await vi.waitFor(async () => expect(await sql('select id from runs where active = 1')).toEqual([]), 20_000);
  const ends = [...(await stored()).values()].map((events) =>
    events.filter((each) => each.endsWith(' thread.run.expired')),
  );
  expect(ends.map(({ length }) => length)).toEqual(Array.from({ length: 20 }, () => 1));
});

test('each webhook message is sent once, though three servers send them', async () => {
  const { url, calls } = await startWebhooks((response) => setTimeout(() => response.end(), 20));
  const runWebhooks = { urls: [url], secret: webhookSecret };
  const replica = { model: hello.model, runWebhooks };
  const { one, clients, sql } = await startReplicas(replica, replica, replica);
  const assistant = await one.assistant();
  await Promise.all(Array.from({ length: 30 }, (_, index) => (clients[index % 3] ?? one).start(assistant, 'hi')));
  await vi.waitFor(() => expect(calls.length).toBeGreaterThanOrEqual(30), 20_000);
  await vi.waitFor(async () => expect(await sql('select seq from run_webhooks')).toEqual([]), 20_000);
  expect(calls).toHaveLength(30);
  expect(new Set(calls.map(({ id }) => id)).size).toBe(30);
});
