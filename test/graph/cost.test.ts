import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readConfig } from '../../src/cli/config.ts';
import { newDirectory } from '../engine/dataFiles.ts';
import { type FacadeOptions, startFacade } from '../support/facade.ts';
import { pageOf, run, toolStep } from './fixtures.ts';

const RUN = 'GET /threads/thread_1/runs/run_1';

const usageOf = (prompt: number, cached: number | null, completion: number) => ({
  prompt_tokens: prompt,
  completion_tokens: completion,
  total_tokens: prompt + completion,
  ...(cached !== null && { prompt_token_details: { cached_tokens: cached } }),
});

/** The prices in a file with this text. */
const withPrices = (file: object): FacadeOptions => {
  const path = join(newDirectory(), 'prices.json');
  writeFileSync(path, JSON.stringify(file));
  return { prices: readConfig({ PRICES_FILE: path }).prices };
};

const flat = (input: string | number) => ({ input, output: 0 });

/** What the graph has as the cost of a run. */
const costOf = async (changes: object, options?: FacadeOptions) => {
  const { query, upstream } = await startFacade({ [RUN]: { ...run, model: 'gpt-4o', ...changes } }, options);
  const result = await query<{ run: { cost: unknown } }>(
    '{ run(threadId: "thread_1", runId: "run_1") { cost { amount currency } } }',
  );
  expect(result.errors).toBeUndefined();
  expect(upstream.calls).toHaveLength(1);
  return result.data?.run.cost;
};

test('the cost of a run is exact, with cached prompt tokens at their own price', async () => {
  expect(await costOf({ usage: usageOf(1000, 200, 100) })).toEqual({ amount: '0.00325', currency: 'USD' });
});

test('the executor that is the reference implementation returns the same cost', async () => {
  const options = { executor: 'graphql-js' } as const;
  expect(await costOf({ usage: usageOf(1000, 200, 100) }, options)).toEqual({ amount: '0.00325', currency: 'USD' });
});

test('all prompt tokens are priced in full if the server does not count the cached ones', async () => {
  expect(await costOf({ usage: usageOf(1000, null, 100) })).toEqual({ amount: '0.0035', currency: 'USD' });
});

test('a run without tokens costs 0', async () => {
  expect(await costOf({ usage: usageOf(0, 0, 0) })).toEqual({ amount: '0', currency: 'USD' });
});

test('costs of any size have all their digits and no exponent', async () => {
  const options = withPrices({ models: { 'gpt-4o': { input: '0.0000001', output: '12345678901234567890' } } });
  const usage = usageOf(1, 0, 2_000_000_001);
  expect(await costOf({ usage }, options)).toEqual({
    amount: '24691357814814814681234.5678900000001',
    currency: 'USD',
  });
});

test.each([
  ['whose usage is unknown', { usage: null }],
  ['whose model has no known price', { model: 'some-model', usage: usageOf(10, 0, 10) }],
  ['whose model is unknown', { model: null, usage: usageOf(10, 0, 10) }],
  ['whose usage lacks a count', { usage: { prompt_tokens: 10, total_tokens: 20 } }],
  ['with more cached than prompt tokens', { usage: usageOf(10, 11, 10) }],
  ['with counts that are not whole', { usage: usageOf(1.5, 0, 10) }],
  ['with negative counts', { usage: usageOf(10, 0, -10) }],
  ['whose time is no time', { model: 'o3', created_at: 1e300, usage: usageOf(10, 0, 10) }],
  ['whose model has a name too long for a model', { model: 'gpt-4o-'.repeat(100), usage: usageOf(10, 0, 10) }],
])('the cost of a run %s is null', async (_, changes) => {
  expect(await costOf(changes)).toBeNull();
});

test('a run is priced as on its day if the list price has changed since', async () => {
  const usage = usageOf(1_000_000, 0, 1_000_000);
  const before = await costOf({ model: 'o3', usage, created_at: Date.UTC(2025, 4, 1) / 1000 });
  const after = await costOf({ model: 'o3', usage, created_at: Date.UTC(2025, 6, 1) / 1000 });
  expect([before, after]).toEqual([
    { amount: '50', currency: 'USD' },
    { amount: '10', currency: 'USD' },
  ]);
});

test('a price that rises with the prompt is known for a step, and for a run only below the limit', async () => {
  const long = { ...toolStep, usage: usageOf(300_000, 0, 1000) };
  const short = { ...toolStep, id: 'step_2', usage: usageOf(100_000, 0, 1000) };
  const routes = (usage: object) => ({
    [RUN]: { ...run, model: 'gemini-2.5-pro', usage },
    [`${RUN}/steps`]: pageOf(long, short),
  });
  const document = `{ run(threadId: "thread_1", runId: "run_1") {
    cost { amount } steps { nodes { cost { amount } } }
  } }`;
  const steps = { nodes: [{ cost: { amount: '0.765' } }, { cost: { amount: '0.135' } }] };

  const above = await startFacade(routes(usageOf(400_000, 0, 2000)));
  expect(await above.query(document)).toEqual({ data: { run: { cost: null, steps } } });
  const below = await startFacade(routes(usageOf(200_000, 0, 2000)));
  expect(await below.query(document)).toEqual({ data: { run: { cost: { amount: '0.27' }, steps } } });
});

test('the costs of a run and of its steps need no more REST calls than the run and its steps', async () => {
  const step = { ...toolStep, usage: usageOf(1000, 200, 100) };
  const { query, upstream } = await startFacade({
    [RUN]: { ...run, model: 'gpt-4o', usage: usageOf(2000, 400, 200) },
    [`${RUN}/steps`]: pageOf(step, { ...step, id: 'step_2' }),
  });
  const result = await query(`{ run(threadId: "thread_1", runId: "run_1") {
    cost { amount } steps { nodes { cost { amount } } }
  } }`);
  const each = { cost: { amount: '0.00325' } };
  expect(result).toEqual({ data: { run: { cost: { amount: '0.0065' }, steps: { nodes: [each, each] } } } });
  expect(upstream.calls).toHaveLength(2);
});

test('the cost of a step that is read by itself needs one call for its run, and none if its usage is unknown', async () => {
  const step = { ...toolStep, usage: usageOf(1000, 200, 100) };
  const { query, upstream } = await startFacade({
    [RUN]: { ...run, model: 'gpt-4o' },
    [`${RUN}/steps/step_1`]: step,
    [`${RUN}/steps/step_2`]: { ...step, id: 'step_2', usage: null },
  });
  const costOfStep = (id: string) =>
    query(`{ runStep(threadId: "thread_1", runId: "run_1", stepId: "${id}") { cost { amount } } }`);
  expect(await costOfStep('step_1')).toEqual({ data: { runStep: { cost: { amount: '0.00325' } } } });
  expect(await costOfStep('step_2')).toEqual({ data: { runStep: { cost: null } } });
  expect(upstream.paths()).toEqual([
    'GET /threads/thread_1/runs/run_1/steps/step_1',
    'GET /threads/thread_1/runs/run_1',
    'GET /threads/thread_1/runs/run_1/steps/step_2',
  ]);
});

test('prices of the file come before list prices, names before patterns, and longer patterns before shorter ones', async () => {
  const options = withPrices({
    currency: 'EUR',
    models: {
      '*': null,
      'gpt-4o*mini': flat(3),
      'gpt-4o*': flat('2'),
      'gpt-4o': { ...flat('1.10'), cachedInput: '0.1' },
    },
  });
  const costs: unknown[] = [];
  for (const model of ['gpt-4o', 'gpt-4o-2024-11-20', 'gpt-4o-mini', 'gpt-4omini', 'gpt-4.1']) {
    costs.push(await costOf({ model, usage: usageOf(1_000_000, 500_000, 0) }, options));
  }
  expect(costs).toEqual([
    { amount: '0.6', currency: 'EUR' },
    { amount: '2', currency: 'EUR' },
    { amount: '3', currency: 'EUR' },
    { amount: '3', currency: 'EUR' },
    null,
  ]);
});

test('a model that the price file does not match has its list price', async () => {
  const options = withPrices({ models: { 'my-*': { input: 1, output: 1 } } });
  expect(await costOf({ usage: usageOf(1000, 200, 100) }, options)).toEqual({ amount: '0.00325', currency: 'USD' });
});
