import type { Received } from '../rest/received.ts';
import type { Rest } from '../rest/rest.ts';
import type { RestThread } from '../wire/thread.ts';
import type { ThreadFilter } from '../rest/listThreads.ts';
import type { Batching } from './batching.ts';
import type { ListPage, PageWindow } from './knownList.ts';
import { Lists } from './lists.ts';
import { nullIfMissing, ObjectLoader } from './objectLoader.ts';

type Thread = Received<RestThread>;

const nameOf = ({ metadata = {}, createdAfter, createdBefore }: ThreadFilter) =>
  JSON.stringify([metadata, createdAfter, createdBefore]);

/**
 * Threads. Those of a list that was read are not read again; otherwise each is read by itself: not every server has the list, and
 * few of its threads would be on a page.
 */
export const threadLoader = (rest: Rest, batching: Batching) => {
  const single = (id: string): Promise<Thread | null> => byId.single(id, rest.threads.retrieve(id));
  const byId: ObjectLoader<Thread> = new ObjectLoader('thread', async (ids) => ids.map(single), batching);
  const lists = new Lists<ThreadFilter, Thread>(
    {
      type: 'thread',
      name: nameOf,
      owned: false,
      read: async (filter, window) => {
        const page = await rest.threads.list(window, filter);
        for (const thread of page.data) byId.keep(thread.id, thread);
        return page;
      },
    },
    batching,
  );
  const put = (threadId: string, thread: Thread | null) => {
    lists.forget();
    byId.put(threadId, thread);
  };
  return {
    load: (threadId: string) => byId.load(threadId),
    page: (filter: ThreadFilter, window: PageWindow): ListPage<Thread> | Promise<ListPage<Thread>> =>
      lists.page(filter, window),
    wrote: (thread: Thread) => put(thread.id, thread),
    deleted: (threadId: string) => put(threadId, null),
  };
};

/** As `threadLoader`, with a call for each read. */
export const unbatchedThreadLoader = (rest: Rest): ReturnType<typeof threadLoader> => ({
  load: (threadId) => nullIfMissing(rest.threads.retrieve(threadId)),
  page: (filter, window) => rest.threads.list(window, filter),
  wrote() {},
  deleted() {},
});
