import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { newDirectory } from '../engine/dataFiles.ts';
import { startServer } from '../support/server.ts';
import { completion, textChunk, usageChunk } from './chatStream.ts';
import { startModel } from './engineOver.ts';

const answer = completion([textChunk('Hello.')], 'stop', usageChunk(1000, 100, 200));

/** The costs of a run of gpt-4o and of its thread. */
const costsWith = async (settings: Record<string, string>) => {
  const { server: model } = await startModel([answer]);
  const server = await startServer({ MODEL_BASE_URL: model.url, ...settings });
  const post = async (path: string, body: object) => {
    const response = await server.rest(path, { method: 'POST', body: JSON.stringify(body) });
    return { status: response.status, text: await response.text() };
  };
  const { id } = JSON.parse((await post('/assistants', { model: 'gpt-4o' })).text) as { id: string };
  const thread = { messages: [{ role: 'user', content: 'Hi' }] };
  const run = await post('/threads/runs', { assistant_id: id, thread, stream: true });
  expect(run.text).toContain('event: thread.run.completed');
  const [threadId] = /thread_\w+/.exec(run.text) ?? [];
  const { data } = await server.graphql(
    `{ thread(threadId: "${threadId}") { cost { amount } runs { nodes { cost { amount } } } } }`,
  );
  return data;
};

const costs = (cost: { amount: string } | null) => ({ thread: { cost, runs: { nodes: [{ cost }] } } });

test('a run costs what the model costs that MODEL_NAMES calls in its place', async () => {
  expect(await costsWith({})).toEqual(costs({ amount: '0.00325' }));
  expect(await costsWith({ MODEL_NAMES: '*=qwen3:32b' })).toEqual(costs(null));
  expect(await costsWith({ MODEL_NAMES: 'gpt-4o=gpt-4o-mini' })).toEqual(costs({ amount: '0.000195' }));
});

const price = (input: number) => ({ input, cachedInput: input, output: 0 });

test('a price of the file for the name that a run has comes before that of the model that is called', async () => {
  const prices = join(newDirectory(), 'prices.json');
  writeFileSync(prices, JSON.stringify({ models: { 'gpt-4o': price(1), 'my-*': price(2) } }));
  const settings = { MODEL_NAMES: 'gpt-4o=my-deployment', PRICES_FILE: prices };
  expect(await costsWith(settings)).toEqual(costs({ amount: '0.001' }));
  writeFileSync(prices, JSON.stringify({ models: { 'my-*': price(2) } }));
  expect(await costsWith(settings)).toEqual(costs({ amount: '0.002' }));
});
