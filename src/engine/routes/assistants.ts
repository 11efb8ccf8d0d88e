import type { RestAssistant } from '../../wire/assistant.ts';
import { unixSeconds } from '../clock.ts';
import { apiErrors } from '../errors.ts';
import { newId } from '../ids.ts';
import { mergedMetadata } from '../metadata.ts';
import { keptToolResources } from '../toolResources.ts';
import { createAssistantBody, modifyAssistantBody } from '../validation/assistant.ts';
import { pageQuery } from '../validation/query.ts';
import { listOf } from './list.ts';
import { route } from './route.ts';

export const assistantRoutes = [
  route('POST', '/assistants', {
    body: createAssistantBody,
    answer: async ({ body, write }) => {
      const assistant: RestAssistant = {
        id: newId('asst'),
        object: 'assistant',
        created_at: unixSeconds(),
        name: body.name ?? null,
        description: body.description ?? null,
        model: body.model,
        instructions: body.instructions ?? null,
        tools: body.tools ?? [],
        tool_resources: keptToolResources(body.tool_resources),
        metadata: body.metadata ?? {},
        temperature: body.temperature ?? 1,
        top_p: body.top_p ?? 1,
        response_format: body.response_format ?? 'auto',
      };
      const created = await write(async (writes) => {
        await writes.assistants.insert(assistant);
        return assistant;
      });
      return { json: created };
    },
  }),

  route('GET', '/assistants', {
    query: pageQuery,
    answer: async ({ query }, { store }) => listOf(await store.assistants.list(query)),
  }),

  route('GET', '/assistants/{assistant_id}', {
    answer: async ({ params: { assistant_id: id } }, { store }) => {
      const assistant = await store.assistants.get(id);
      if (assistant === undefined) throw apiErrors.notFound('assistant', id);
      return { json: assistant };
    },
  }),

  route('POST', '/assistants/{assistant_id}', {
    body: modifyAssistantBody,
    answer: async ({ params: { assistant_id: id }, body, write }) => {
      const assistant = await write(async (writes) => {
        const before = await writes.assistants.get(id);
        if (before === undefined) throw apiErrors.notFound('assistant', id);
        const after: RestAssistant = {
          ...before,
          name: body.name === undefined ? before.name : body.name,
          description: body.description === undefined ? before.description : body.description,
          model: body.model ?? before.model,
          instructions: body.instructions === undefined ? before.instructions : body.instructions,
          tools: body.tools ?? before.tools,
          metadata: mergedMetadata(before.metadata, body.metadata),
          ...(body.tool_resources !== undefined && { tool_resources: keptToolResources(body.tool_resources) }),
          // Cleared, a setting goes back to its default.
          ...(body.temperature !== undefined && { temperature: body.temperature ?? 1 }),
          ...(body.top_p !== undefined && { top_p: body.top_p ?? 1 }),
          ...(body.response_format !== undefined && { response_format: body.response_format ?? 'auto' }),
        };
        await writes.assistants.update(after);
        return after;
      });
      return { json: assistant };
    },
  }),

  route('DELETE', '/assistants/{assistant_id}', {
    answer: async ({ params: { assistant_id: id }, write }) => {
      const removed = await write((writes) => writes.assistants.remove(id));
      if (!removed) throw apiErrors.notFound('assistant', id);
      return { json: { id, object: 'assistant.deleted', deleted: true } };
    },
  }),
];
