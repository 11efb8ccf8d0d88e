import DataLoader from 'dataloader';
import type { Received } from '../rest/received.ts';
import type { Rest } from '../rest/rest.ts';
import type { RestAssistant } from '../wire/assistant.ts';
import type { PageQuery } from '../wire/page.ts';
import { eachAlone } from './alone.ts';
import { Pages } from './pages.ts';

type Assistant = Received<RestAssistant>;

/** Assistants, as one request knows them. */
export const assistantLoader = (rest: Rest) => {
  const byId = new DataLoader<string, Assistant | null>((ids) => eachAlone(ids, rest.assistants.retrieve), {
    name: 'assistant',
  });
  const pages = new Pages<void, PageQuery, Assistant>({
    name: () => 'assistants',
    read: (_, query) => rest.assistants.list(query),
    onItem: (assistant) => byId.prime(assistant.id, assistant),
  });
  return {
    load: (assistantId: string) => byId.load(assistantId),
    page: (query: PageQuery) => pages.load(undefined, query),
    wrote(assistant: Assistant) {
      byId.clear(assistant.id).prime(assistant.id, assistant);
      pages.clearAll();
    },
    deleted(assistantId: string) {
      byId.clear(assistantId).prime(assistantId, null);
      pages.clearAll();
    },
  };
};
