import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Engine } from '../../src/engine/engine.ts';
import type { RestRun } from '../../src/wire/run.ts';
import { testServerUrl } from '../support/databases.ts';
import { callsOf, clientOf, functionTool, requestTo, scriptedModel } from './client.ts';
import { openTwoEngines } from './openEngine.ts';

// Requests for one thread that arrive at the same time, at two servers if the database allows that. What is expected is the same
// for every store: as if one had come after the other.

/** Of each of the three kinds. SQLite has one writer, so that a few rounds show all that can happen. */
const rounds = testServerUrl() === undefined ? 40 : Number(process.env['ROUNDS'] ?? 334);
/** Milliseconds for all rounds of a kind, on a machine that has much else to do. */
const patience = { timeout: 300_000 };
/** Threads that are used at the same time. */
const lanes = 8;

const statusOf = async (engine: Engine, path: string, body: object = {}): Promise<number> => {
  const response = await engine.fetch(requestTo('POST', path, body));
  await response.arrayBuffer();
  return response.status;
};

/** Runs `round` on each lane until there were as many as there should be. Returns how often each outcome occurred. */
const outcomesOf = async (round: (lane: number, index: number) => Promise<string>): Promise<Record<string, number>> => {
  const counts: Record<string, number> = {};
  let index = 0;
  await Promise.all(
    Array.from({ length: lanes }, async (_, lane) => {
      while (index < rounds) {
        index += 1;
        const outcome = await round(lane, index);
        counts[outcome] = (counts[outcome] ?? 0) + 1;
      }
    }),
  );
  return counts;
};

const total = (counts: Record<string, number>) => Object.values(counts).reduce((sum, count) => sum + count, 0);

const world = async (options: Parameters<typeof openTwoEngines>[0]) => {
  const engines = await openTwoEngines(options);
  const [client] = engines.map(clientOf);
  if (client === undefined) throw new Error('no engine');
  const threads = await Promise.all(Array.from({ length: lanes }, () => client.thread()));
  return {
    client,
    /** The engines in turn, so that each of them gets each of the requests. */
    inTurn: (index: number): [Engine, Engine] => (index % 2 === 0 ? engines : [engines[1], engines[0]]),
    threadOf: (lane: number) => threads[lane]?.id ?? '',
  };
};

test(
  'a message and a run at once are both accepted, or the message is rejected since the run came first',
  patience,
  async () => {
    const { client, inTurn, threadOf } = await world({ startsWorkers: false });
    const assistant = await client.assistant();
    const counts = await outcomesOf(async (lane, index) => {
      const [one, other] = inTurn(index);
      const path = `/threads/${threadOf(lane)}`;
      const statuses = await Promise.all([
        statusOf(one, `${path}/messages`, { role: 'user', content: 'one' }),
        statusOf(other, `${path}/runs`, { assistant_id: assistant.id }),
      ]);
      const { data: runs } = await client.get<{ data: RestRun[] }>(`${path}/runs?limit=1`);
      await client.post(`${path}/runs/${runs[0]?.id}/cancel`);
      return statuses.join(' ');
    });
    expect(Object.keys(counts).filter((outcome) => !['200 200', '400 200'].includes(outcome))).toEqual([]);
    const messages = await Promise.all(
      Array.from({ length: lanes }, async (_, lane) => {
        let count = 0;
        let after = '';
        for (let more = true; more; ) {
          const { data, has_more } = await client.messages(threadOf(lane), `order=asc&limit=100${after}`);
          count += data.length;
          after = `&after=${data.at(-1)?.id}`;
          more = has_more;
        }
        return count;
      }),
    );
    expect(messages.reduce((sum, count) => sum + count, 0)).toBe(counts['200 200']);
  },
);

test('of two runs of one thread at once exactly one is accepted', patience, async () => {
  const { client, inTurn, threadOf } = await world({ startsWorkers: false });
  const assistant = await client.assistant();
  const counts = await outcomesOf(async (lane, index) => {
    const path = `/threads/${threadOf(lane)}/runs`;
    const start = (engine: Engine) => statusOf(engine, path, { assistant_id: assistant.id });
    const statuses = await Promise.all(inTurn(index).map(start));
    const { data: runs } = await client.get<{ data: RestRun[] }>(`${path}?limit=1`);
    await client.post(`${path}/${runs[0]?.id}/cancel`);
    return statuses.toSorted((one, two) => one - two).join(' ');
  });
  expect(Object.keys(counts)).toEqual(['200 400']);
  expect(total(counts)).toBeGreaterThanOrEqual(rounds);
});

test('outputs and a cancellation at once end the run as cancelled, once, whichever came first', patience, async () => {
  const answered = scriptedModel(async function* ({ messages, signal }) {
    const isSeen = messages.at(-1)?.role === 'tool';
    if (!isSeen) yield { type: 'tool_call', index: 0, name: 'look' };
    else for (; !signal.aborted; await sleep(20)) yield { type: 'text', text: 'still looking ' };
  });
  const { client, inTurn, threadOf } = await world({ model: answered.model });
  const assistant = await client.assistant({ tools: [functionTool('look')] });
  const counts = await outcomesOf(async (lane, index) => {
    const [one, other] = inTurn(index);
    const path = `/threads/${threadOf(lane)}/runs`;
    const question = { role: 'user', content: `look ${index}` };
    const started = await client.post<RestRun>(path, { assistant_id: assistant.id, additional_messages: [question] });
    const run = await client.until(started, 'requires_action');
    const outputs = callsOf(run).map(({ id }) => ({ tool_call_id: id, output: `seen ${index}` }));
    const statuses = await Promise.all([
      statusOf(one, `${path}/${run.id}/submit_tool_outputs`, { tool_outputs: outputs }),
      statusOf(other, `${path}/${run.id}/cancel`),
    ]);
    await client.until(run, 'cancelled');
    const events = await client.events('GET', `${path}/${run.id}/events`);
    const numbers = events.flatMap(({ id }) => id ?? []);
    expect(numbers).toEqual(numbers.map((_, at) => at + 1));
    expect(events.filter(({ event }) => event === 'thread.run.cancelled')).toHaveLength(1);
    return statuses.join(' ');
  });
  expect(Object.keys(counts).filter((outcome) => !['200 200', '400 200'].includes(outcome))).toEqual([]);
  expect(total(counts)).toBeGreaterThanOrEqual(rounds);
});
