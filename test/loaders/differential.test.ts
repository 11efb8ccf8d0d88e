import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { createGraphql } from '../../src/graphql.ts';
import { createLog } from '../../src/log.ts';
import type { Fetch } from '../../src/rest/transport.ts';
import { type GeneratedQuery, type Ids, randomQuery } from './queries.ts';
import { type Random, randomFrom } from './random.ts';
import { type Account, assistantsOf, range, restModel, type ThreadContents, threadOf } from './restModel.ts';

const threads: Account['threads'] & { small: ThreadContents } = {
  empty: threadOf('empty', {}),
  small: threadOf('small', { messages: 7, runs: 3, steps: 2, assistants: 3 }),
  usual: threadOf('usual', { messages: 90, runs: 14, steps: 3, assistants: 14 }),
  exact: threadOf('exact', { messages: 100, runs: 20, steps: 5, assistants: 9 }),
  large: threadOf('large', { messages: 260, runs: 120, steps: 1, assistants: 120 }),
};

/** Some of it has been deleted, so that what others name is no longer there. */
const gone = new Set(['asst_3', 'asst_11', 'asst_60', 'msg_usual_5', 'msg_usual_31', 'msg_large_77', 'run_usual_4']);
const isThere = ({ id }: { id: string }) => !gone.has(id);

const account: Account = {
  assistants: assistantsOf(130).filter(isThere),
  threads: Object.fromEntries(
    Object.entries(threads).map(([name, { messages, runs }]) => [
      name,
      { messages: messages.filter(isThere), runs: runs.filter(({ run }) => isThere(run)) },
    ]),
  ),
};

/** Ids around one thread, a few from elsewhere, and some that never were. */
const idsAround = (random: Random): Ids => {
  const name = random.pick(['empty', 'small', 'small', 'usual', 'usual', 'exact', 'large']);
  const { messages, runs } = threads[name] ?? threads.small;
  const some = <T>(all: T[], count: number) => range(count).flatMap(() => all[random.below(all.length)] ?? []);
  return {
    assistants: ['asst_none', 'asst_3', ...some(assistantsOf(130), 12).map(({ id }) => id)],
    threads: [name, name, name, name, name, name, random.pick(['small', 'usual']), 'none'],
    messages: ['msg_none', '..', ...some([...messages, ...threads.small.messages], 14).map(({ id }) => id)],
    runs: ['run_none', ...some([...runs, ...threads.small.runs], 9).map(({ run }) => run.id)],
    steps: [
      'step_none',
      ...some(
        runs.flatMap(({ steps }) => steps),
        8,
      ).map(({ id }) => id),
    ],
  };
};

/** The model behind a `fetch`, its answers overtaking each other. */
const upstreamOf = (random: Random): { fetch: Fetch; calls: () => number } => {
  const answerTo = restModel(account);
  let calls = 0;
  return {
    calls: () => calls,
    fetch: async (sent) => {
      calls += 1;
      for (let turns = random.below(4); turns > 0; turns -= 1) await turn();
      const { pathname, searchParams } = new URL(sent);
      const { status, json } = answerTo(decodeURIComponent(pathname), Object.fromEntries(searchParams));
      return { status, headers: new Headers(), body: null, text: async () => JSON.stringify(json) };
    },
  };
};

const facadeOver = (fetch: Fetch, plain: boolean) => {
  const upstream = { baseUrl: 'http://model.local', fetch, timeoutMs: 30_000, maxConcurrentCalls: 40 };
  const limits = { maxUpstreamCalls: 1_000_000, maxTokens: 100_000, maxDepth: 50 };
  const log = createLog({ level: 'error' });
  const graphql = createGraphql({ ...readConfig({}), ...limits, upstream, plain, log });
  return async ({ document, variables }: GeneratedQuery) => {
    const answer = await graphql.fetch('http://facade.local/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({ query: document, variables }),
    });
    const { data, errors }: { data?: unknown; errors?: object[] } = await answer.json();
    // Of several errors that null the same field only the first in time is told, so only that there are any is alike.
    return { data, failed: errors !== undefined };
  };
};

const QUERIES = 3000;
const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);

test(`generated queries have the same answer with everything that saves calls and with nothing of it (SEED=${seed})`, async () => {
  const random = randomFrom(seed);
  const [saving, plain] = [upstreamOf(random), upstreamOf(random)];
  const [askSaving, askPlain] = [facadeOver(saving.fetch, false), facadeOver(plain.fetch, true)];

  for (const index of range(QUERIES)) {
    const query = randomQuery(random, idsAround(random));
    const [saved, expected] = await Promise.all([askSaving(query), askPlain(query)]);
    if (JSON.stringify(saved) === JSON.stringify(expected)) continue;
    expect({ seed, index, ...query, ...saved }).toEqual({ seed, index, ...query, ...expected });
  }
  expect(saving.calls()).toBeLessThan(plain.calls() * 0.7);
}, 120_000);
