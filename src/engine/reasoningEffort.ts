import type { RestAssistant, RestReasoningEffort } from '../wire/assistant.ts';

/**
 * The assistant with its reasoning effort, which responses do not have by default, as those of the hosted API. An imported assistant may have
 * the member already, and keeps its place.
 */
export const withReasoningEffort = (
  assistant: RestAssistant,
  effort: RestReasoningEffort | null,
): RestAssistant & { reasoning_effort?: RestReasoningEffort | null } =>
  effort === null && !('reasoning_effort' in assistant) ? assistant : { ...assistant, reasoning_effort: effort };
