import type { Received } from '../rest/received.ts';
import type { Rest } from '../rest/rest.ts';
import type { RestRun } from '../wire/run.ts';
import { assistantKind } from './assistant.ts';
import { type Collection, collection, type Kind } from './collection.ts';
import type { Economy } from './economy.ts';
import { messageKind } from './message.ts';
import { plainCollection } from './plain.ts';
import { runKind } from './run.ts';
import { runStepKind } from './runStep.ts';
import { plainThreadLoader, threadLoader } from './thread.ts';

/**
 * The loaders of one request: made anew for each, so that one caller's answers never reach another. They hold what the
 * request has read until it ends: at most a page of a hundred objects for each REST call that it may make. Without an
 * economy every question is a call of its own, and nothing is held.
 */
export const createLoaders = (rest: Rest, economy: Economy | undefined) => {
  const collect = <Key, List, Item extends { id: string }>(kind: Kind<Key, List, Item>): Collection<Key, List, Item> =>
    economy ? collection(kind, economy) : plainCollection(kind);
  const messages = collect(messageKind(rest));
  const runSteps = collect(runStepKind(rest));
  const runs = collect(runKind(rest));
  const threads = economy ? threadLoader(rest, economy.saved) : plainThreadLoader(rest);
  return {
    assistants: collect(assistantKind(rest)),
    threads: {
      ...threads,
      /** It takes all that it held with it. */
      deleted(threadId: string) {
        threads.deleted(threadId);
        for (const held of [messages, runs, runSteps]) held.forget();
      },
    },
    messages,
    runs: {
      ...runs,
      /** A run that was written goes on by itself: it adds to its steps and to the thread's messages. */
      wrote(run: Received<RestRun>) {
        runs.wrote(run);
        messages.forget();
        runSteps.forget();
      },
    },
    runSteps,
  };
};

export type Loaders = ReturnType<typeof createLoaders>;
