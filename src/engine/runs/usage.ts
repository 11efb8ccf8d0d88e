import type { RestUsage } from '../../wire/run.ts';
import type { ChatUsage } from '../models/delta.ts';

export const noUsage: RestUsage = { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 };

const usageWith = (prompt: number, completion: number, cached: number | null | undefined): RestUsage => ({
  prompt_tokens: prompt,
  completion_tokens: completion,
  total_tokens: prompt + completion,
  ...(typeof cached === 'number' && { prompt_token_details: { cached_tokens: cached } }),
});

/** The usage of one model call. Cached tokens are left out if the model does not report them. */
export const usageOf = ({ promptTokens, completionTokens, cachedTokens }: ChatUsage): RestUsage =>
  usageWith(promptTokens, completionTokens, cachedTokens);

const cachedIn = ({ prompt_tokens: prompt, prompt_token_details: details }: RestUsage): number | undefined =>
  prompt === 0 ? 0 : details?.cached_tokens;

/** The sum. Null, which is an unknown usage, makes it null; unknown cached tokens make only these unknown. */
export const addedUsage = (one: RestUsage | null, other: RestUsage | null): RestUsage | null => {
  if (one === null || other === null) return null;
  const [first, second] = [cachedIn(one), cachedIn(other)];
  const isReported = one.prompt_token_details !== undefined || other.prompt_token_details !== undefined;
  return usageWith(
    one.prompt_tokens + other.prompt_tokens,
    one.completion_tokens + other.completion_tokens,
    isReported && first !== undefined && second !== undefined ? first + second : undefined,
  );
};
