import type { Received } from '../rest/received.ts';
import type { Rest } from '../rest/rest.ts';
import type { RestThread } from '../wire/thread.ts';
import type { Saved } from './economy.ts';
import { lookUps, orNull } from './lookUps.ts';

type Thread = Received<RestThread>;

/** Threads, of which REST has no list: each is read by itself. */
export const threadLoader = (rest: Rest, saved: Saved) => {
  const read = (ids: readonly string[]) => ids.map((id) => orNull(rest.threads.retrieve(id)));
  const byId = lookUps<string, Thread>({ type: 'thread', name: (id) => id, read }, saved);
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
