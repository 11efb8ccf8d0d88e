import type { CreateMessageBody, ModifyMessageBody, RestMessage } from '../wire/message.ts';
import type { PageQuery, RestDeleted } from '../wire/page.ts';
import type { WriteOptions } from './callerOptions.ts';
import { objectOf, pageOf } from './parseBody.ts';
import type { RestClient } from './client.ts';
import { path } from './path.ts';
import type { RequestBody } from './requestBody.ts';

/** `run_id` selects the messages that one run created. */
export interface MessagesQuery extends PageQuery {
  run_id?: string | undefined;
}

const messageIn = (threadId: string) => objectOf<RestMessage>({ thread_id: threadId });

/** The five operations on the messages of a thread. */
export const messages = (client: RestClient) => ({
  create: async (threadId: string, body: RequestBody<CreateMessageBody>, write?: WriteOptions) =>
    client.post(path`/threads/${threadId}/messages`, messageIn(threadId), body, undefined, write),

  retrieve: async (threadId: string, messageId: string) =>
    client.get(path`/threads/${threadId}/messages/${messageId}`, messageIn(threadId)),

  modify: async (threadId: string, messageId: string, body: RequestBody<ModifyMessageBody>, write?: WriteOptions) =>
    client.post(path`/threads/${threadId}/messages/${messageId}`, messageIn(threadId), body, undefined, write),

  delete: async (threadId: string, messageId: string, write?: WriteOptions) =>
    client.delete(
      path`/threads/${threadId}/messages/${messageId}`,
      objectOf<RestDeleted<'thread.message.deleted'>>(),
      write,
    ),

  list: async (threadId: string, query: MessagesQuery) =>
    client.get(path`/threads/${threadId}/messages`, pageOf<RestMessage>(query.limit, { thread_id: threadId }), {
      ...query,
    }),
});
