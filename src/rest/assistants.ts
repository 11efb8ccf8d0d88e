import {
  type CreateAssistantBody,
  INCLUDE_REASONING_EFFORT,
  type ModifyAssistantBody,
  type RestAssistant,
} from '../wire/assistant.ts';
import type { PageQuery, RestDeleted } from '../wire/page.ts';
import type { WriteOptions } from './callerOptions.ts';
import { objectOf, pageOf } from './parseBody.ts';
import type { RestClient } from './client.ts';
import { path } from './path.ts';
import type { RequestBody } from './requestBody.ts';

/** With `include`, the embedded engine adds the reasoning effort of each. Other servers ignore that, or return 400. */
interface AssistantsQuery extends PageQuery {
  include?: boolean | undefined;
}

const assistant = objectOf<RestAssistant>();

/** The five operations on assistants. */
export const assistants = (client: RestClient) => ({
  create: async (body: RequestBody<CreateAssistantBody>, write?: WriteOptions) =>
    client.post(path`/assistants`, assistant, body, undefined, write),

  retrieve: async (assistantId: string) => client.get(path`/assistants/${assistantId}`, assistant),

  modify: async (assistantId: string, body: RequestBody<ModifyAssistantBody>, write?: WriteOptions) =>
    client.post(path`/assistants/${assistantId}`, assistant, body, undefined, write),

  delete: async (assistantId: string, write?: WriteOptions) =>
    client.delete(path`/assistants/${assistantId}`, objectOf<RestDeleted<'assistant.deleted'>>(), write),

  list: async ({ include, ...query }: AssistantsQuery) =>
    client.get(path`/assistants`, pageOf<RestAssistant>(query.limit), {
      ...query,
      ...(include === true && { 'include[]': INCLUDE_REASONING_EFFORT }),
    }),
});
