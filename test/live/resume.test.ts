import { afterAll, beforeAll, expect, test } from 'vitest';
import { randomFrom } from '../loaders/random.ts';
import { type RunningServer, startServer } from '../support/server.ts';
import { startCuttingProxy } from './cuttingProxy.ts';
import { assistantOf, startRun, submit } from './engineObjects.ts';
import { type Event, eventsIn, type StreamField } from './events.ts';
import { ConnectionLostError, subscription, type Transport, transports } from './subscription.ts';

const REPETITIONS = 100;
const AT_ONCE = 10;
const CUTS = 3;

let server: RunningServer;
let assistantId: string;

beforeAll(async () => {
  server = await startServer();
  assistantId = await assistantOf(server, 'get_weather');
});

afterAll(async () => {
  await server.stop();
});

const query = `subscription ($threadId: ID!, $runId: ID!, $after: Int) {
  runEvents(threadId: $threadId, runId: $runId, after: $after) {
    event
    sequence
    ... on RunStateStreamEvent {
      run { threadId runId status requiredAction { submitToolOutputs { toolCalls { id } } } }
    }
    ... on MessageDeltaStreamEvent { text }
  }
}`;

/** Follows a run from its creation through `requires_action` and a submit to its end, and resumes after each disconnect. */
const followedRun = async (transport: Transport, points: readonly number[]) => {
  const proxy = await startCuttingProxy(`${server.url}/graphql`, points);
  const key = await startRun(server, assistantId, 'get_weather');
  const events: Event[] = [];
  let isSubmitted = false;
  const follow = async () => {
    const after = events.at(-1)?.sequence;
    for await (const response of subscription<StreamField>(transport, proxy.url, {
      query,
      variables: { ...key, after },
    })) {
      events.push(...eventsIn([response]));
      const run = events.at(-1)?.run;
      if (run?.status !== 'REQUIRES_ACTION' || isSubmitted) continue;
      isSubmitted = true;
      await submit(server, run, 'four degrees and rain');
    }
  };
  const followToTheEnd = async (): Promise<void> => {
    try {
      await follow();
    } catch (error) {
      if (!(error instanceof ConnectionLostError)) throw error;
      await followToTheEnd();
    }
  };
  await followToTheEnd();
  await proxy.close();
  return { events, cuts: proxy.cuts(), bytes: proxy.passed() };
};

const numbersOf = (events: Event[]) => events.map(({ sequence }) => sequence);

/** Without repetitions: the number of deltas of a text depends on timing. */
const namesOf = (events: Event[]) =>
  events.map(({ event }) => event).filter((event, index, all) => event !== all[index - 1]);

const textOf = (events: Event[]) => events.map(({ text = '' }) => text).join('');

test.each(transports)(
  'over %s a client that resumes after random disconnects gets each event once and in order',
  async (transport) => {
    const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
    process.stdout.write(`${REPETITIONS} runs over ${transport}, cut ${CUTS} times each, by SEED=${seed} and on\n`);
    const uncut = await followedRun(transport, []);
    expect(uncut.events.at(-1)?.event).toBe('thread.run.completed');

    const repeat = async (own: number) => {
      const random = randomFrom(own);
      const points = Array.from({ length: CUTS }, () => random.below(uncut.bytes)).toSorted(
        (one, other) => one - other,
      );
      const { events, cuts } = await followedRun(transport, points);
      expect({ SEED: own, cuts, numbers: numbersOf(events), names: namesOf(events), text: textOf(events) }).toEqual({
        SEED: own,
        cuts: CUTS,
        numbers: events.map((_, index) => index + 1),
        names: namesOf(uncut.events),
        text: textOf(uncut.events),
      });
    };
    const seeds = Array.from({ length: REPETITIONS }, (_, index) => seed + index);
    const worker = async () => {
      for (let own = seeds.shift(); own !== undefined; own = seeds.shift()) await repeat(own);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  },
  120_000,
);
