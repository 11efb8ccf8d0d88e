import { expect, test } from 'vitest';
import { startFacade } from '../support/facade.ts';
import { thread } from './fixtures.ts';
import { prepared, startOverEngine } from './overEngine.ts';

const document = `query ($threadId: ID!) { thread(threadId: $threadId) {
  usage { promptTokens cachedPromptTokens completionTokens totalTokens unknownRuns } cost { amount currency }
} }`;

const use = {
  model: 'gpt-4o',
  prompt_tokens: 1000,
  completion_tokens: 100,
  cached_tokens: 200,
  max_run_prompt_tokens: 600,
  first_run_at: 1_700_000_000,
  last_run_at: 1_790_000_000,
};

/** The cost of a thread with this use of models. */
const costOf = async (models: object[], changes: object = {}) => {
  const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2, unknown_runs: 0, models, ...changes };
  const { query, upstream } = await startFacade({ 'GET /threads/thread_1': { ...thread, usage } });
  const result = await query<{ thread: { cost: unknown } }>('{ thread(threadId: "thread_1") { cost { amount } } }');
  expect(result.errors).toBeUndefined();
  expect(upstream.calls).toHaveLength(1);
  return result.data?.thread.cost;
};

test('over a server that has no totals, the usage and the cost of a thread are null without an error', async () => {
  const { query, upstream } = await startFacade({ 'GET /threads/thread_1': thread });
  const result = await query(document, { threadId: 'thread_1' });
  expect(result).toEqual({ data: { thread: { usage: null, cost: null } } });
  expect(upstream.calls).toHaveLength(1);
});

test('the cost of a thread is the sum over its models', async () => {
  expect(await costOf([use, { ...use, model: 'gpt-4o-mini' }])).toEqual({ amount: '0.003445' });
});

test('the cost of a thread is known if no run had a prompt above the limit of the lower price', async () => {
  const long = { ...use, model: 'gemini-2.5-pro', prompt_tokens: 900_000, cached_tokens: 0, completion_tokens: 0 };
  expect(await costOf([{ ...long, max_run_prompt_tokens: 200_000 }])).toEqual({ amount: '1.125' });
  expect(await costOf([{ ...long, max_run_prompt_tokens: 200_001 }])).toBeNull();
});

test('the cost of a thread is null if the price of its model changed between its runs', async () => {
  const [before, after] = [Date.UTC(2025, 4, 1) / 1000, Date.UTC(2025, 6, 1) / 1000];
  const o3 = { ...use, model: 'o3', cached_tokens: 0 };
  expect(await costOf([{ ...o3, first_run_at: before, last_run_at: before + 60 }])).toEqual({ amount: '0.014' });
  expect(await costOf([{ ...o3, first_run_at: after, last_run_at: after + 60 }])).toEqual({ amount: '0.0028' });
  expect(await costOf([{ ...o3, first_run_at: before, last_run_at: after }])).toBeNull();
});

test.each([
  ['no run has ended', [], {}],
  ['the usage of a run is unknown', [use], { unknown_runs: 1 }],
  ['the price of one of the models is unknown', [use, { ...use, model: 'some-model' }], {}],
  ['a model has more cached than prompt tokens', [{ ...use, cached_tokens: 1001 }], {}],
  ['the server does not say for which models', [use], { models: null }],
  ['a count is missing', [{ ...use, completion_tokens: null }], {}],
  ['the price depends on the time of day', [{ ...use, model: 'deepseek-chat' }], {}],
])('the cost of a thread is null if %s', async (_, models, changes) => {
  expect(await costOf(models, changes)).toBeNull();
});

const createRun = `mutation ($input: CreateRunInput!) { createRun(input: $input) { run { runId } } }`;

const runsOf = `query ($threadId: ID!) { thread(threadId: $threadId) { runs { nodes {
  usage { promptTokens cachedPromptTokens completionTokens totalTokens } cost { amount currency }
} } } }`;

interface Usage {
  promptTokens: number;
  cachedPromptTokens: number | null;
  completionTokens: number;
  totalTokens: number;
}

interface Priced {
  usage: Usage;
  cost: { amount: string; currency: string };
}

test('over the engine, the totals of a thread are those of its runs, for the one REST call that reads the thread', async () => {
  const engine = await startOverEngine();
  const { ask, asked, settled } = engine;
  const { assistantId, threadId } = await prepared(engine);
  for (const model of ['gpt-4o', 'gpt-4.1', 'gpt-4o']) {
    const input = { threadId, assistantId, model };
    const made = await ask<{ createRun: { run: { runId: string } } }>(createRun, { input });
    await settled(threadId, made.createRun.run.runId);
  }
  asked();

  const whole = await ask<{ thread: Priced }>(document, { threadId });
  expect(asked().map(({ operation }) => operation)).toEqual(['GET /threads/{}']);
  const { nodes } = (await ask<{ thread: { runs: { nodes: Priced[] } } }>(runsOf, { threadId })).thread.runs;
  const sum = (count: (usage: Usage) => number) => nodes.reduce((total, { usage }) => total + count(usage), 0);
  const cached = nodes.map(({ usage }) => usage.cachedPromptTokens);
  expect(nodes).toHaveLength(3);
  expect(whole.thread.usage).toEqual({
    promptTokens: sum(({ promptTokens }) => promptTokens),
    cachedPromptTokens: cached.includes(null) ? null : sum(({ cachedPromptTokens }) => cachedPromptTokens ?? 0),
    completionTokens: sum(({ completionTokens }) => completionTokens),
    totalTokens: sum(({ totalTokens }) => totalTokens),
    unknownRuns: 0,
  });
  // List prices of these models have at most two decimals for a million tokens.
  const units = nodes.map(({ cost }) => Math.round(Number(cost.amount) * 1e8));
  const total = units.reduce((one, other) => one + other, 0);
  expect(total).toBeGreaterThan(0);
  expect(Math.round(Number(whole.thread.cost.amount) * 1e8)).toBe(total);
  expect(whole.thread.cost.currency).toBe('USD');
});

test('over the engine, a thread that a mutation returns has its totals too', async () => {
  const engine = await startOverEngine();
  const { threadId } = await prepared(engine);
  const modified = await engine.ask(
    `mutation ($input: ModifyThreadInput!) { modifyThread(input: $input) { thread { usage { totalTokens } cost { amount } } } }`,
    { input: { threadId, metadata: { a: '1' } } },
  );
  expect(modified).toEqual({ modifyThread: { thread: { usage: { totalTokens: 0 }, cost: null } } });
  expect(engine.asked()).toHaveLength(1);
});
