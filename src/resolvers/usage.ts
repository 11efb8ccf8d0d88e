import type { Received } from '../rest/received.ts';
import type { RestUsage } from '../wire/run.ts';

/** The prompt tokens that were read from a cache, under either name that servers use; null if the server does not say. */
export const cachedPromptTokensOf = (usage: Received<RestUsage>): number | null =>
  usage.prompt_token_details?.cached_tokens ?? usage.prompt_tokens_details?.cached_tokens ?? null;
