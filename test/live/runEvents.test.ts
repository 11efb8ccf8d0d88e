import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningServer, startServer } from '../support/server.ts';
import { assistantOf, startRun, submit } from './engineObjects.ts';
import { type Event, EVENT, eventsIn, type StreamField } from './events.ts';
import { resultsOf, subscription, transports } from './subscription.ts';

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
  'over %s one subscription returns the events of a run from its creation, through a submit, to its end',
  async (transport) => {
    const key = await startRun(server, assistantId, 'get_weather, please');
    const events: Event[] = [];
    for await (const response of follow(transport, key)) {
      const [event] = eventsIn([response]);
      if (event === undefined) throw new Error('no event');
      events.push(event);
      if (event.run?.status === 'REQUIRES_ACTION') await submit(server, event.run, 'rain');
    }
    expect(events[0]?.event).toBe('thread.created');
    expect(events.at(-1)).toMatchObject({ event: 'thread.run.completed', run: { status: 'COMPLETED' } });
    expect(numbersOf(events)).toEqual(upTo(events.length));

    // Later, and from any position: the same events again.
    expect(stable(eventsIn(await resultsOf(follow(transport, key))))).toEqual(stable(events));
    const tail = eventsIn(await resultsOf(follow(transport, key, 5)));
    expect(stable(tail)).toEqual(stable(events.slice(5)));
    expect(await resultsOf(follow(transport, key, events.length))).toEqual([]);
    expect(await resultsOf(follow(transport, key, 1_000_000))).toEqual([]);
  },
);

/** The fields of an event that keep their past value; objects that it refers to have their current one. */
const stable = (events: Event[]) =>
  events.map(({ run, step, ...event }) => ({ ...event, run: run?.status, step: step?.status }));

test('a subscription to a run that requires action gets the past events at once', async () => {
  const key = await startRun(server, assistantId, 'get_weather, please');
  const before = follow('server-sent events', key);
  let waiting: Event | undefined;
  for await (const response of before) {
    [waiting] = eventsIn([response]);
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

test('after a restart of the server, a subscription resumes after the last event that was seen', async () => {
  const key = await startRun(server, assistantId, 'get_weather, please');
  const seen: Event[] = [];
  for await (const response of follow('a WebSocket', key)) {
    seen.push(...eventsIn([response]));
    if (seen.at(-1)?.run?.status === 'REQUIRES_ACTION') break;
  }
  await server.stop();
  server = await start();
  const resumed = follow('server-sent events', key, 3);
  for await (const response of resumed) {
    const [event] = eventsIn([response]);
    if (event === undefined) throw new Error('no event');
    if (event.sequence === seen.length) await submit(server, event.run, 'rain');
    seen.splice((event.sequence ?? 0) - 1, 1, event);
  }
  expect(numbersOf(seen)).toEqual(upTo(seen.length));
  expect(seen.at(-1)?.event).toBe('thread.run.completed');
});
