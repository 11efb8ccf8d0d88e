import type { RestRun, RestUsage } from '../../wire/run.ts';
import { type ModelSettings, settingsOfObject } from './modelSettings.ts';

/** Tokens of prompts and completions. */
export interface SpentTokens {
  prompt: number;
  completion: number;
}

/** What the engine knows of a run in addition to its object. */
export interface RunProgress {
  /** Of all turns so far; null if that of one of them is unknown. */
  usage: RestUsage | null;
  /** Of the turn whose step is still open; null if it is unknown. Becomes the usage of the step. */
  pendingUsage: RestUsage | null;
  /** Of all turns so far, estimated where the usage is unknown. Counts against the run's token limits. */
  spent: SpentTokens;
  /** Whether a model call may have begun whose usage is not part of `usage`. */
  isCalling: boolean;
  /** Whether the latest turn has calls that the server runs and that a worker has not completed. */
  hasServerCalls: boolean;
  /** How many steps the turns have that are completed: those up to the last submission of outputs. */
  endedSteps: number | undefined;
  settings: ModelSettings;
}

/** The stored progress of a run. Earlier versions stored `usage` and `pendingUsage` only. */
export const readRunProgress = (json: string, run: RestRun): RunProgress => {
  const stored = JSON.parse(json) as Pick<RunProgress, 'usage' | 'pendingUsage'> & Partial<RunProgress>;
  const { usage } = stored;
  return {
    spent: { prompt: usage?.prompt_tokens ?? 0, completion: usage?.completion_tokens ?? 0 },
    isCalling: false,
    hasServerCalls: false,
    endedSteps: undefined,
    settings: settingsOfObject(run),
    ...stored,
  };
};
