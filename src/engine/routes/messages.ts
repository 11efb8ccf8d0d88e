import { apiErrors } from '../errors.ts';
import { addMessages } from '../messages.ts';
import { mergedMetadata } from '../metadata.ts';
import { createMessageBody, modifyMessageBody } from '../validation/message.ts';
import { messagesQuery } from '../validation/query.ts';
import { activeRunIn } from '../runs/activeRun.ts';
import { messageFound, threadFound, threadLocked } from './found.ts';
import { listOf } from './list.ts';
import { route } from './route.ts';
import { checkId } from './router.ts';

export const messageRoutes = [
  route('POST', '/threads/{thread_id}/messages', {
    body: createMessageBody,
    answer: async ({ params: { thread_id: threadId }, body, write }) => {
      const [message] = await write(async (writes) => {
        await threadLocked(writes, threadId);
        const active = await activeRunIn(writes, threadId);
        if (active !== undefined) throw apiErrors.messageDuringRun(threadId, active.run.id);
        return addMessages(writes, threadId, [body]);
      });
      return { json: { ...message } };
    },
  }),

  route('GET', '/threads/{thread_id}/messages', {
    query: messagesQuery,
    answer: async ({ params, query: { run_id: runId, ...page } }, { store }) => {
      if (runId !== undefined) checkId('run_id', runId);
      await threadFound(store, params.thread_id);
      return listOf(await store.messages.list(params.thread_id, page, runId));
    },
  }),

  route('GET', '/threads/{thread_id}/messages/{message_id}', {
    answer: async ({ params }, { store }) => ({
      json: await messageFound(store, params.thread_id, params.message_id),
    }),
  }),

  route('POST', '/threads/{thread_id}/messages/{message_id}', {
    body: modifyMessageBody,
    answer: async ({ params, body, write }) => {
      const message = await write(async (writes) => {
        const before = await messageFound(writes, params.thread_id, params.message_id);
        const after = { ...before, metadata: mergedMetadata(before.metadata, body.metadata) };
        await writes.messages.update(after);
        return after;
      });
      return { json: message };
    },
  }),

  route('DELETE', '/threads/{thread_id}/messages/{message_id}', {
    answer: async ({ params: { thread_id: threadId, message_id: id }, write }) => {
      await write(async (writes) => {
        await messageFound(writes, threadId, id);
        await writes.messages.remove(threadId, id);
      });
      return { json: { id, object: 'thread.message.deleted', deleted: true } };
    },
  }),
];
