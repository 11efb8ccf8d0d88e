import type { RestThread } from '../../wire/thread.ts';
import { existingThread, lockedThread, removeThread } from '../existing.ts';
import { mergedMetadata } from '../metadata.ts';
import { addThread } from '../threads.ts';
import { withUsage, withUsages } from '../threadUsage.ts';
import { storedToolResources } from '../toolResources.ts';
import { createThreadSchema, modifyThreadSchema } from '../validation/thread.ts';
import { threadsQuerySchema } from '../validation/query.ts';
import { listOf } from './list.ts';
import { route } from './route.ts';

export const threadRoutes = [
  route('POST', '/threads', {
    body: createThreadSchema,
    bodyNeed: 'optional',
    handle: async ({ body, write }) => ({ json: await write((writes) => addThread(writes, body)) }),
  }),

  route('GET', '/threads', {
    query: threadsQuerySchema,
    handle: async ({ query: { filter, page } }, { store }) => {
      const { items, hasMore } = await store.threads.list(page, filter);
      return listOf({ items: await withUsages(store, items), hasMore });
    },
  }),

  route('GET', '/threads/{thread_id}', {
    handle: async ({ params }, { store }) => ({
      json: await withUsage(store, await existingThread(store, params.thread_id)),
    }),
  }),

  route('POST', '/threads/{thread_id}', {
    body: modifyThreadSchema,
    handle: async ({ params, body, write }) => {
      const thread = await write(async (writes) => {
        const before = await lockedThread(writes, params.thread_id);
        const after: RestThread = {
          ...before,
          metadata: mergedMetadata(before.metadata, body.metadata),
          ...(body.tool_resources !== undefined && {
            tool_resources: await storedToolResources(writes, body.tool_resources),
          }),
        };
        await writes.threads.update(after);
        return withUsage(writes, after);
      });
      return { json: thread };
    },
  }),

  route('DELETE', '/threads/{thread_id}', {
    handle: async ({ params: { thread_id: id }, write }) => {
      await write((writes) => removeThread(writes, id));
      return { json: { id, object: 'thread.deleted', deleted: true } };
    },
  }),
];
