import type { RestAssistant } from '../../wire/assistant.ts';
import { unixSeconds } from '../clock.ts';
import { existingAssistant, lockedAssistant, removeAssistant } from '../existing.ts';
import { newId } from '../ids.ts';
import { withReasoningEffort } from '../reasoningEffort.ts';
import { mergedMetadata } from '../metadata.ts';
import { storedToolResources } from '../toolResources.ts';
import { createAssistantSchema, modifyAssistantSchema } from '../validation/assistant.ts';
import { assistantsQuerySchema } from '../validation/query.ts';
import { listOf } from './list.ts';
import { route } from './route.ts';

export const assistantRoutes = [
  route('POST', '/assistants', {
    body: createAssistantSchema,
    handle: async ({ body, write }, { models }) => {
      await models.check(body.model);
      const settings = {
        temperature: body.temperature ?? null,
        topP: body.top_p ?? null,
        reasoningEffort: body.reasoning_effort ?? null,
      };
      const created = await write(async (writes) => {
        const assistant: RestAssistant = {
          id: newId('asst'),
          object: 'assistant',
          created_at: unixSeconds(),
          name: body.name ?? null,
          description: body.description ?? null,
          model: body.model,
          instructions: body.instructions ?? null,
          tools: body.tools ?? [],
          tool_resources: await storedToolResources(writes, body.tool_resources),
          metadata: body.metadata ?? {},
          temperature: body.temperature ?? 1,
          top_p: body.top_p ?? 1,
          response_format: body.response_format ?? 'auto',
        };
        await writes.assistants.insert(assistant, settings);
        return assistant;
      });
      return { json: created };
    },
  }),

  route('GET', '/assistants', {
    query: assistantsQuerySchema,
    handle: async ({ query }, { store }) => {
      const page = await store.assistants.list(query);
      if (query['include[]'] === undefined) return listOf(page);
      const settings = await store.assistants.settingsOfAll(page.items.map(({ id }) => id));
      const items = page.items.map((assistant) =>
        withReasoningEffort(assistant, settings.get(assistant.id)?.reasoningEffort ?? null),
      );
      return listOf({ ...page, items });
    },
  }),

  route('GET', '/assistants/{assistant_id}', {
    handle: async ({ params }, { store }) => ({ json: await existingAssistant(store, params.assistant_id) }),
  }),

  route('POST', '/assistants/{assistant_id}', {
    body: modifyAssistantSchema,
    handle: async ({ params: { assistant_id: id }, body, write }, { models }) => {
      await models.check(body.model);
      const assistant = await write(async (writes) => {
        const { assistant: before, settings } = await lockedAssistant(writes, id);
        const after: RestAssistant = {
          ...before,
          name: body.name === undefined ? before.name : body.name,
          description: body.description === undefined ? before.description : body.description,
          model: body.model ?? before.model,
          instructions: body.instructions === undefined ? before.instructions : body.instructions,
          tools: body.tools ?? before.tools,
          metadata: mergedMetadata(before.metadata, body.metadata),
          ...(body.tool_resources !== undefined && {
            tool_resources: await storedToolResources(writes, body.tool_resources),
          }),
          // Null resets a setting to its default.
          ...(body.temperature !== undefined && { temperature: body.temperature ?? 1 }),
          ...(body.top_p !== undefined && { top_p: body.top_p ?? 1 }),
          ...(body.response_format !== undefined && { response_format: body.response_format ?? 'auto' }),
        };
        const reasoningEffort = body.reasoning_effort === undefined ? settings.reasoningEffort : body.reasoning_effort;
        // That of an imported assistant is shown, and must not be an earlier one.
        const shown = 'reasoning_effort' in before ? withReasoningEffort(after, reasoningEffort) : after;
        await writes.assistants.update(shown, {
          temperature: body.temperature === undefined ? settings.temperature : body.temperature,
          topP: body.top_p === undefined ? settings.topP : body.top_p,
          reasoningEffort,
        });
        return shown;
      });
      return { json: assistant };
    },
  }),

  route('DELETE', '/assistants/{assistant_id}', {
    handle: async ({ params: { assistant_id: id }, write }) => {
      await write((writes) => removeAssistant(writes, id));
      return { json: { id, object: 'assistant.deleted', deleted: true } };
    },
  }),
];
