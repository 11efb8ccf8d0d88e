import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningServer, startServer } from '../support/server.ts';
import { assistantOf, startRun, submit } from './engineObjects.ts';
import { type Event, EVENT, eventsIn, type StreamField } from './events.ts';
import { answersOf, subscription, transports } from './subscription.ts';

let directory: string;
let server: RunningServer;
let assistantId: string;

const start = () => startServer({ DATA_PATH: join(directory, 'engine.db') });

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'run-events-'));
  server = await start();
  assistantId = await assistantOf(server, 'get_weather');
});

afterAll(async () => {
  await server.stop();
  await rm(directory, { recursive: true });
});

const query = `subscription ($threadId: ID!, $runId: ID!, $after: Int) {
  runEvents(threadId: $threadId, runId: $runId, after: $after) { ${EVENT} }
}`;

interface Key {
  threadId: string;
  runId: string;
}

const follow = (transport: (typeof transports)[number], key: Key, after?: number) =>
  subscription<StreamField>(transport, `${server.url}/graphql`, { query, variables: { ...key, after } });

const numbersOf = (events: Event[]) => events.map(({ sequence }) => sequence);
const upTo = (last: number, first = 1) => Array.from({ length: last - first + 1 }, (_, index) => first + index);

test.each(transports)(
  'over %s one subscription tells of a run from its beginning, across a submit, to its end',
  async (transport) => {
    const key = await startRun(server, assistantId, 'get_weather, please');
    const events: Event[] = [];
    for await (const answer of follow(transport, key)) {
      const [event] = eventsIn([answer]);
      if (event === undefined) throw new Error('no event');
      events.push(event);
      if (event.run?.status === 'REQUIRES_ACTION') await submit(server, event.run, 'rain');
    }
    expect(events[0]?.event).toBe('thread.created');
    expect(events.at(-1)).toMatchObject({ event: 'thread.run.completed', run: { status: 'COMPLETED' } });
    expect(numbersOf(events)).toEqual(upTo(events.length));

    // Late, from anywhere: the same once more.
    expect(stable(eventsIn(await answersOf(follow(transport, key))))).toEqual(stable(events));
    const tail = eventsIn(await answersOf(follow(transport, key, 5)));
    expect(stable(tail)).toEqual(stable(events.slice(5)));
    expect(await answersOf(follow(transport, key, events.length))).toEqual([]);
    expect(await answersOf(follow(transport, key, 1_000_000))).toEqual([]);
  },
);

/** What of an event is as it was then; what it leads to is as it is now. */
const stable = (events: Event[]) =>
  events.map(({ run, step, ...event }) => ({ ...event, run: run?.status, step: step?.status }));

test('a subscription that joins a run which waits is served before anything happens', async () => {
  const key = await startRun(server, assistantId, 'get_weather, please');
  const before = follow('server-sent events', key);
  let waiting: Event | undefined;
  for await (const answer of before) {
    [waiting] = eventsIn([answer]);
    if (waiting?.run?.status === 'REQUIRES_ACTION') break;
  }
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query, variables: { ...key, after: waiting?.sequence } }),
  });
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  await submit(server, waiting?.run, 'rain');
  expect(await response.text()).toMatch(/thread\.run\.completed[^]*event: complete/);
});

test('what was missed while the server was away is replayed from where it was left', async () => {
  const key = await startRun(server, assistantId, 'get_weather, please');
  const seen: Event[] = [];
  for await (const answer of follow('a WebSocket', key)) {
    seen.push(...eventsIn([answer]));
    if (seen.at(-1)?.run?.status === 'REQUIRES_ACTION') break;
  }
  await server.stop();
  server = await start();
  const resumed = follow('server-sent events', key, 3);
  for await (const answer of resumed) {
    const [event] = eventsIn([answer]);
    if (event === undefined) throw new Error('no event');
    if (event.sequence === seen.length) await submit(server, event.run, 'rain');
    seen.splice((event.sequence ?? 0) - 1, 1, event);
  }
  expect(numbersOf(seen)).toEqual(upTo(seen.length));
  expect(seen.at(-1)?.event).toBe('thread.run.completed');
});
