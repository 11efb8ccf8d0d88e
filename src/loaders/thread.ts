import DataLoader from 'dataloader';
import type { Received } from '../rest/received.ts';
import type { Rest } from '../rest/rest.ts';
import type { RestThread } from '../wire/thread.ts';
import { eachAlone } from './alone.ts';
import type { MessageLoader } from './message.ts';
import type { RunLoader } from './run.ts';
import type { RunStepLoader } from './runStep.ts';

type Thread = Received<RestThread>;

/** Threads, as one request knows them. A deleted thread takes all that it held with it. */
export const threadLoader = (rest: Rest, held: [MessageLoader, RunLoader, RunStepLoader]) => {
  const byId = new DataLoader<string, Thread | null>((ids) => eachAlone(ids, rest.threads.retrieve), {
    name: 'thread',
  });
  return {
    load: (threadId: string) => byId.load(threadId),
    wrote: (thread: Thread) => byId.clear(thread.id).prime(thread.id, thread),
    deleted(threadId: string) {
      byId.clear(threadId).prime(threadId, null);
      for (const loader of held) loader.clearAll();
    },
  };
};
