import { expect, test } from 'vitest';
import { startFacade } from '../support/facade.ts';
import { pageOf, run, toolStep } from './fixtures.ts';

const counts = { prompt_tokens: 11, completion_tokens: 22, total_tokens: 33 };

test.each([
  ['as the Assistants API sends them', { ...counts, prompt_token_details: { cached_tokens: 5 } }, 5],
  ['under the Chat Completions name', { ...counts, prompt_tokens_details: { cached_tokens: 5 } }, 5],
  ['that are none', { ...counts, prompt_token_details: { cached_tokens: 0 } }, 0],
  ['that the server does not count', counts, null],
  ['that the server counts as null', { ...counts, prompt_token_details: { cached_tokens: null } }, null],
  ['in details that are null', { ...counts, prompt_token_details: null }, null],
])(
  'runs and steps have cached prompt tokens %s, for the REST calls that read them anyway',
  async (_, usage, cached) => {
    const step = { ...toolStep, usage };
    const { query, upstream } = await startFacade({
      'GET /threads/thread_1/runs/run_1': { ...run, usage },
      'GET /threads/thread_1/runs/run_1/steps': pageOf(step),
    });
    const result = await query(`{
    run(threadId: "thread_1", runId: "run_1") {
      usage { promptTokens cachedPromptTokens completionTokens totalTokens }
      steps { nodes { usage { promptTokens cachedPromptTokens completionTokens totalTokens } } }
    }
  }`);
    const expected = { promptTokens: 11, cachedPromptTokens: cached, completionTokens: 22, totalTokens: 33 };
    expect(result).toEqual({ data: { run: { usage: expected, steps: { nodes: [{ usage: expected }] } } } });
    expect(upstream.calls).toHaveLength(2);
  },
);

test('a usage that is null is null in the graph too', async () => {
  const { query } = await startFacade({ 'GET /threads/thread_1/runs/run_1': { ...run, usage: null } });
  const result = await query('{ run(threadId: "thread_1", runId: "run_1") { usage { cachedPromptTokens } } }');
  expect(result).toEqual({ data: { run: { usage: null } } });
});
