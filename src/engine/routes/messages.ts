import { httpErrors } from '../httpErrors.ts';
import { existingMessage, existingThread, lockedThread } from '../existing.ts';
import { addMessages } from '../messages.ts';
import { mergedMetadata } from '../metadata.ts';
import { createMessageSchema, modifyMessageSchema } from '../validation/message.ts';
import { messagesQuerySchema } from '../validation/query.ts';
import { activeRunOf } from '../runs/activeRun.ts';
import { listOf } from './list.ts';
import { route } from './route.ts';
import { checkId } from './router.ts';

export const messageRoutes = [
  route('POST', '/threads/{thread_id}/messages', {
    body: createMessageSchema,
    handle: async ({ params: { thread_id: threadId }, body, write }) => {
      const [message] = await write(async (writes) => {
        const thread = await lockedThread(writes, threadId);
        const active = await activeRunOf(writes, threadId);
        if (active !== undefined) throw httpErrors.messageDuringRun(threadId, active.run.id);
        return (await addMessages(writes, thread, [body])).messages;
      });
      return { json: { ...message } };
    },
  }),

  route('GET', '/threads/{thread_id}/messages', {
    query: messagesQuerySchema,
    handle: async ({ params, query: { run_id: runId, ...page } }, { store }) => {
      await existingThread(store, params.thread_id);
      if (runId !== undefined && (await store.runs.get(params.thread_id, runId)) === undefined)
        checkId('run_id', runId);
      return listOf(await store.messages.list(params.thread_id, page, runId));
    },
  }),

  route('GET', '/threads/{thread_id}/messages/{message_id}', {
    handle: async ({ params }, { store }) => ({
      json: await existingMessage(store, params.thread_id, params.message_id),
    }),
  }),

  route('POST', '/threads/{thread_id}/messages/{message_id}', {
    body: modifyMessageSchema,
    handle: async ({ params, body, write }) => {
      const message = await write(async (writes) => {
        await writes.threads.lock(params.thread_id);
        const before = await existingMessage(writes, params.thread_id, params.message_id);
        const after = { ...before, metadata: mergedMetadata(before.metadata, body.metadata) };
        await writes.messages.update(after);
        return after;
      });
      return { json: message };
    },
  }),

  route('DELETE', '/threads/{thread_id}/messages/{message_id}', {
    handle: async ({ params: { thread_id: threadId, message_id: id }, write }) => {
      await write(async (writes) => {
        await writes.threads.lock(threadId);
        await existingMessage(writes, threadId, id);
        await writes.messages.remove(threadId, id);
      });
      return { json: { id, object: 'thread.message.deleted', deleted: true } };
    },
  }),
];
