import type { CreateAssistantBody, ModifyAssistantBody, RestAssistant } from '../wire/assistant.ts';
import type { PageQuery, RestDeleted } from '../wire/page.ts';
import { objectOf, pageOf } from './parseBody.ts';
import type { RestClient } from './client.ts';
import { path } from './path.ts';
import type { RequestBody } from './requestBody.ts';

const assistant = objectOf<RestAssistant>();

/** The five operations on assistants. */
export const assistants = (client: RestClient) => ({
  create: async (body: RequestBody<CreateAssistantBody>) => client.post(path`/assistants`, assistant, body),

  retrieve: async (assistantId: string) => client.get(path`/assistants/${assistantId}`, assistant),

  modify: async (assistantId: string, body: RequestBody<ModifyAssistantBody>) =>
    client.post(path`/assistants/${assistantId}`, assistant, body),

  delete: async (assistantId: string) =>
    client.delete(path`/assistants/${assistantId}`, objectOf<RestDeleted<'assistant.deleted'>>()),

  list: async (query: PageQuery) => client.get(path`/assistants`, pageOf<RestAssistant>(query.limit), { ...query }),
});
