import type { RestThread, RestThreadUsage } from '../wire/thread.ts';
import type { StoreReads } from './store/store.ts';
import type { ThreadModelUsage } from './store/access/threadUsage.ts';

/** The totals of a thread on which no run has ended. */
export const noThreadUsage: RestThreadUsage = {
  prompt_tokens: 0,
  completion_tokens: 0,
  total_tokens: 0,
  prompt_token_details: { cached_tokens: 0 },
  unknown_runs: 0,
  models: [],
};

const sum = (models: ThreadModelUsage[], count: (model: ThreadModelUsage) => number) =>
  models.reduce((total, model) => total + count(model), 0);

const threadUsageOf = (models: ThreadModelUsage[]): RestThreadUsage => {
  const promptTokens = sum(models, ({ prompt_tokens }) => prompt_tokens);
  const completionTokens = sum(models, ({ completion_tokens }) => completion_tokens);
  const areCachedCounted = models.every(({ uncounted_runs }) => uncounted_runs === 0);
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
    ...(areCachedCounted && {
      prompt_token_details: { cached_tokens: sum(models, ({ cached_tokens }) => cached_tokens) },
    }),
    unknown_runs: sum(models, ({ unknown_runs }) => unknown_runs),
    models: models.map(
      ({
        model,
        prompt_tokens,
        completion_tokens,
        cached_tokens,
        max_run_prompt_tokens,
        first_run_at,
        last_run_at,
      }) => ({
        model,
        prompt_tokens,
        completion_tokens,
        cached_tokens,
        max_run_prompt_tokens,
        first_run_at,
        last_run_at,
      }),
    ),
  };
};

/** A stored thread as the API returns it: with the usage of its ended runs. */
export const withUsage = async (reads: StoreReads, thread: RestThread): Promise<RestThread> => ({
  ...thread,
  usage: threadUsageOf(await reads.threadUsage.get(thread.id)),
});

/** As `withUsage`, for a page of threads, with one statement. */
export const withUsages = async (reads: StoreReads, threads: RestThread[]): Promise<RestThread[]> => {
  const models = await reads.threadUsage.ofThreads(threads.map(({ id }) => id));
  return threads.map((thread) => ({
    ...thread,
    usage: threadUsageOf(models.filter(({ thread_id }) => thread_id === thread.id)),
  }));
};
