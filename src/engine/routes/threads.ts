import type { RestThread } from '../../wire/thread.ts';
import { apiErrors } from '../errors.ts';
import { mergedMetadata } from '../metadata.ts';
import { addThread } from '../threads.ts';
import { keptToolResources } from '../toolResources.ts';
import { createThreadBody, modifyThreadBody } from '../validation/thread.ts';
import { threadFound, threadLocked } from './found.ts';
import { route } from './route.ts';

export const threadRoutes = [
  route('POST', '/threads', {
    body: createThreadBody,
    bodyNeed: 'optional',
    answer: async ({ body, write }) => ({ json: await write((writes) => addThread(writes, body)) }),
  }),

  route('GET', '/threads/{thread_id}', {
    answer: async ({ params }, { store }) => ({ json: await threadFound(store, params.thread_id) }),
  }),

  route('POST', '/threads/{thread_id}', {
    body: modifyThreadBody,
    answer: async ({ params, body, write }) => {
      const thread = await write(async (writes) => {
        const before = await threadLocked(writes, params.thread_id);
        const after: RestThread = {
          ...before,
          metadata: mergedMetadata(before.metadata, body.metadata),
          ...(body.tool_resources !== undefined && { tool_resources: keptToolResources(body.tool_resources) }),
        };
        await writes.threads.update(after);
        return after;
      });
      return { json: thread };
    },
  }),

  route('DELETE', '/threads/{thread_id}', {
    answer: async ({ params: { thread_id: id }, write }) => {
      const removed = await write((writes) => writes.threads.remove(id));
      if (!removed) throw apiErrors.notFound('thread', id);
      return { json: { id, object: 'thread.deleted', deleted: true } };
    },
  }),
];
