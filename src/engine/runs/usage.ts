import type { RestUsage } from '../../wire/run.ts';

export const noUsage: RestUsage = { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 };

export const usageOf = (promptTokens: number, completionTokens: number): RestUsage => ({
  prompt_tokens: promptTokens,
  completion_tokens: completionTokens,
  total_tokens: promptTokens + completionTokens,
});

export const addedUsage = (one: RestUsage, other: RestUsage): RestUsage =>
  usageOf(one.prompt_tokens + other.prompt_tokens, one.completion_tokens + other.completion_tokens);
