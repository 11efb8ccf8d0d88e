import type { Received } from '../rest/received.ts';
import type { Rest } from '../rest/rest.ts';
import type { RestAssistant } from '../wire/assistant.ts';
import type { CollectionKind } from './collection.ts';

/** Assistants: all in one list. */
export const assistantKind = (rest: Rest): CollectionKind<string, null, Received<RestAssistant>> => ({
  type: 'assistant',
  key: ({ id }) => id,
  id: (assistantId) => assistantId,
  list: () => null,
  name: () => '',
  owned: false,
  retrieve: (_, assistantId) => rest.assistants.retrieve(assistantId),
  read: (_, window) => rest.assistants.list(window),
});
