import type { Received } from '../rest/received.ts';
import type { Rest } from '../rest/rest.ts';
import type { RestThread } from '../wire/thread.ts';
import type { Batching } from './batching.ts';
import { nullIfMissing, ObjectLoader } from './objectLoader.ts';

type Thread = Received<RestThread>;

/** Threads. REST has no list of them: each is read by itself. */
export const threadLoader = (rest: Rest, batching: Batching) => {
  const single = (id: string): Promise<Thread | null> => byId.single(id, rest.threads.retrieve(id));
  const byId: ObjectLoader<Thread> = new ObjectLoader('thread', async (ids) => ids.map(single), batching);
  return {
    load: (threadId: string) => byId.load(threadId),
    wrote: (thread: Thread) => byId.put(thread.id, thread),
    deleted: (threadId: string) => byId.put(threadId, null),
  };
};

/** As `threadLoader`, with a call for each read. */
export const unbatchedThreadLoader = (rest: Rest): ReturnType<typeof threadLoader> => ({
  load: (threadId) => nullIfMissing(rest.threads.retrieve(threadId)),
  wrote() {},
  deleted() {},
});
