import type { RestDeleted } from '../wire/page.ts';
import type { CreateThreadBody, ModifyThreadBody, RestThread } from '../wire/thread.ts';
import type { WriteOptions } from './callerOptions.ts';
import { objectOf } from './parseBody.ts';
import type { RestClient } from './client.ts';
import { path } from './path.ts';
import type { RequestBody } from './requestBody.ts';
import { listThreads } from './listThreads.ts';

const thread = objectOf<RestThread>();

/** The four operations on threads, and their list, which not every server has. */
export const threads = (client: RestClient) => ({
  create: async (body: RequestBody<CreateThreadBody>, write?: WriteOptions) =>
    client.post(path`/threads`, thread, body, undefined, write),

  retrieve: async (threadId: string) => client.get(path`/threads/${threadId}`, thread),

  modify: async (threadId: string, body: RequestBody<ModifyThreadBody>, write?: WriteOptions) =>
    client.post(path`/threads/${threadId}`, thread, body, undefined, write),

  delete: async (threadId: string, write?: WriteOptions) =>
    client.delete(path`/threads/${threadId}`, objectOf<RestDeleted<'thread.deleted'>>(), write),

  list: listThreads(client),
});
