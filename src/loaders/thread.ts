import type { Received } from '../rest/received.ts';
import type { Rest } from '../rest/rest.ts';
import type { RestThread } from '../wire/thread.ts';
import type { Saved } from './economy.ts';
import { LookUps, orNull } from './lookUps.ts';

type Thread = Received<RestThread>;

/** Threads, of which REST has no list: each is read by itself. */
export const threadLoader = (rest: Rest, saved: Saved) => {
  const single = (id: string): Promise<Thread | null> => byId.single(id, rest.threads.retrieve(id));
  const byId: LookUps<Thread> = new LookUps('thread', async (ids) => ids.map(single), saved);
  return {
    load: (threadId: string) => byId.load(threadId),
    wrote: (thread: Thread) => byId.put(thread.id, thread),
    deleted: (threadId: string) => byId.put(threadId, null),
  };
};

/** As `threadLoader`, each time anew. */
export const plainThreadLoader = (rest: Rest): ReturnType<typeof threadLoader> => ({
  load: (threadId) => orNull(rest.threads.retrieve(threadId)),
  wrote() {},
  deleted() {},
});
