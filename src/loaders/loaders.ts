import type { Rest } from '../rest/rest.ts';
import { assistantLoader } from './assistant.ts';
import { messageLoader } from './message.ts';
import { runLoader } from './run.ts';
import { runStepLoader } from './runStep.ts';
import { threadLoader } from './thread.ts';

/** The loaders of one request: made anew for each, so that one caller's answers never reach another. */
export const createLoaders = (rest: Rest) => {
  const messages = messageLoader(rest);
  const runSteps = runStepLoader(rest);
  const runs = runLoader(rest, messages, runSteps);
  return {
    assistants: assistantLoader(rest),
    threads: threadLoader(rest, [messages, runs, runSteps]),
    messages,
    runs,
    runSteps,
  };
};

export type Loaders = ReturnType<typeof createLoaders>;
