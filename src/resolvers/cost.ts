import type { Context } from '../context/context.ts';
import { costOf, type Money, totalCost } from '../prices/price.ts';
import type { Received } from '../rest/received.ts';
import type { RestRun } from '../wire/run.ts';
import type { RestRunStep } from '../wire/runStep.ts';
import type { RestModelUsage, RestThread } from '../wire/thread.ts';
import { millisecondsOf } from './isoTime.ts';
import { cachedPromptTokensOf } from './usage.ts';

type Run = Received<RestRun>;
type RunStep = Received<RestRunStep>;

/** What the tokens of a run cost. A run can make several requests, of which only the sum is known. */
export const runCost = (run: Run, { prices }: Pick<Context, 'prices'>): Money | null =>
  tokenCost(run.model, run, false, prices);

/** What the tokens of a step cost: those of one request to the model, which only the step's run names. */
export const stepCost = (step: RunStep, { prices, loaders }: Context): Money | null | Promise<Money | null> => {
  if (step.usage == null) return null;
  const costIn = (run: Run | null) => tokenCost(run?.model, step, true, prices);
  const run = loaders.runs.load({ threadId: step.thread_id, runId: step.run_id });
  return run instanceof Promise ? run.then(costIn) : costIn(run);
};

/** What the tokens of all ended runs on a thread cost. Null unless the upstream sends totals, and knows all of them. */
export const threadCost = ({ usage }: Received<RestThread>, { prices }: Pick<Context, 'prices'>): Money | null => {
  if (usage?.unknown_runs !== 0) return null;
  return totalCost((usage.models ?? []).map((use) => modelCost(use, prices)));
};

const modelCost = (use: Received<RestModelUsage>, prices: Context['prices']): Money | null => {
  const { model, prompt_tokens: prompt, completion_tokens: completion, cached_tokens: cached } = use;
  const { max_run_prompt_tokens: largestPrompt, first_run_at: first, last_run_at: last } = use;
  if (model == null || prompt == null || completion == null || cached == null) return null;
  if (largestPrompt == null || first == null || last == null) return null;
  return costOf(prices, {
    model,
    prompt,
    cached,
    completion,
    largestPrompt,
    isOneRequest: false,
    firstAt: millisecondsOf(first),
    lastAt: millisecondsOf(last),
  });
};

const tokenCost = (
  model: string | null | undefined,
  { usage, created_at: createdAt }: Pick<Run | RunStep, 'usage' | 'created_at'>,
  isOneRequest: boolean,
  prices: Context['prices'],
): Money | null => {
  const { prompt_tokens: prompt, completion_tokens: completion } = usage ?? {};
  if (model == null || usage == null || prompt == null || completion == null || createdAt == null) return null;
  const cached = cachedPromptTokensOf(usage) ?? 0;
  const at = millisecondsOf(createdAt);
  return costOf(prices, {
    model,
    prompt,
    cached,
    completion,
    largestPrompt: prompt,
    isOneRequest,
    firstAt: at,
    lastAt: at,
  });
};
