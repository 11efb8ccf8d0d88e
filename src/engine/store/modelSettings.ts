import type { RestReasoningEffort } from '../../wire/assistant.ts';

/** What an assistant or a run was given for its model calls and its object does not show: responses fill in defaults. */
export interface ModelSettings {
  /** 0 to 2; null if none was given. */
  temperature: number | null;
  /** 0 to 1; null if none was given. */
  topP: number | null;
  reasoningEffort: RestReasoningEffort | null;
}

/** Of an object that was stored without settings: the value 1 is the default of both. */
export const settingsOfObject = (object: {
  temperature?: number | null | undefined;
  top_p?: number | null | undefined;
}): ModelSettings => ({
  temperature: object.temperature === 1 ? null : (object.temperature ?? null),
  topP: object.top_p === 1 ? null : (object.top_p ?? null),
  reasoningEffort: null,
});
