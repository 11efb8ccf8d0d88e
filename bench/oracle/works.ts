import type { RestAssistant } from '../../src/wire/assistant.ts';
import type { RestMessage } from '../../src/wire/message.ts';
import type { RestPage } from '../../src/wire/page.ts';
import type { RestRun } from '../../src/wire/run.ts';
import type { RestRunStep } from '../../src/wire/runStep.ts';
import type { RestThread } from '../../src/wire/thread.ts';
import { get } from './rest.ts';
import { typedAssistant, typedAssistants, typedConversation } from './typed.ts';

/** What W1 and A1 show. */
export interface Conversation {
  readonly thread: RestThread;
  readonly runs: readonly RestRun[];
  /** Of each run, in the order of `runs`. */
  readonly steps: readonly (readonly RestRunStep[])[];
  readonly messages: readonly RestMessage[];
  readonly assistants: Assistants;
}

/**
 * The works as one would write them by hand for just these pages of a product: the least REST calls that one would think of,
 * everything that can run in parallel does, and the response has the shape that the graph's has.
 */
export const worksOn = (upstream: string) => {
  const assistantOf = (id: string) => get<RestAssistant>(`${upstream}/assistants/${id}`);

  /** 33 calls in two round trips: the thread, both lists; then each run's steps and each assistant once. */
  const read = async (threadId: string): Promise<Conversation> => {
    const at = `${upstream}/threads/${threadId}`;
    const [thread, runs, messages] = await Promise.all([
      get<RestThread>(at),
      get<RestPage<RestRun>>(`${at}/runs?limit=20`),
      get<RestPage<RestMessage>>(`${at}/messages?limit=100`),
    ]);
    const authors = [...runs.data, ...messages.data].flatMap(({ assistant_id: id }) => (id === null ? [] : [id]));
    const [steps, assistants] = await Promise.all([
      Promise.all(runs.data.map(({ id }) => get<RestPage<RestRunStep>>(`${at}/runs/${id}/steps?limit=20`))),
      Promise.all([...new Set(authors)].map(assistantOf)),
    ]);
    return {
      thread,
      runs: runs.data,
      steps: steps.map(({ data }) => data),
      messages: messages.data,
      assistants: new Map(assistants.map((assistant) => [assistant.id, assistant])),
    };
  };

  const conversation = async (threadId: string) => {
    const { thread, runs, steps, messages, assistants } = await read(threadId);
    return {
      thread: {
        id: thread.id,
        metadata: thread.metadata,
        runs: { nodes: runs.map((run, n) => runView(run, assistants, steps[n] ?? [])) },
        messages: { nodes: messages.map((message) => messageWithAuthor(message, assistants)) },
      },
    };
  };

  const assistant = async (id: string) => {
    const { name, description, model, instructions } = await assistantOf(id);
    return { assistant: { id, name, description, model, instructions } };
  };

  const messages = async (threadId: string, ids: string[]) => {
    const found = await Promise.all(
      ids.map((id) => get<RestMessage>(`${upstream}/threads/${threadId}/messages/${id}`)),
    );
    return Object.fromEntries(
      found.map((message, n) => [`m${n}`, { ...messageView(message), status: message.status.toUpperCase() }]),
    );
  };

  const allAssistants = async () => {
    const { data } = await get<RestPage<RestAssistant>>(`${upstream}/assistants?limit=100`);
    return data;
  };

  return {
    conversation,
    assistant,
    messages,
    assistants: async () => ({ assistants: { nodes: (await allAssistants()).map(assistantView) } }),
    typed: {
      conversation: async (threadId: string) => typedConversation(await read(threadId)),
      assistant: async (id: string) => typedAssistant(await assistantOf(id)),
      assistants: async () => typedAssistants(await allAssistants()),
    },
  };
};

export type Assistants = ReadonlyMap<string, RestAssistant>;

const runView = (run: RestRun, assistants: Assistants, steps: readonly RestRunStep[]) => {
  const by = assistants.get(run.assistant_id);
  return {
    id: run.id,
    status: run.status.toUpperCase(),
    model: run.model,
    usage: run.usage && {
      promptTokens: run.usage.prompt_tokens,
      completionTokens: run.usage.completion_tokens,
      totalTokens: run.usage.total_tokens,
    },
    assistant: by === undefined ? null : { name: by.name, model: by.model },
    steps: {
      nodes: steps.map(({ id, type, status }) => ({ id, type: type.toUpperCase(), status: status.toUpperCase() })),
    },
  };
};

const messageView = ({ id, role, content }: RestMessage) => ({
  id,
  role: role.toUpperCase(),
  text: content.map((part) => (part.type === 'text' ? part.text.value : '')).join(''),
});

const messageWithAuthor = (message: RestMessage, assistants: Assistants) => {
  const by = message.assistant_id === null ? undefined : assistants.get(message.assistant_id);
  return { ...messageView(message), assistant: by === undefined ? null : { name: by.name } };
};

const assistantView = (one: RestAssistant) => ({
  id: one.id,
  object: one.object,
  createdAt: new Date(one.created_at * 1000).toISOString(),
  name: one.name,
  description: one.description,
  model: one.model,
  instructions: one.instructions,
  tools: one.tools.map(({ type }) => ({ type })),
  toolResources: one.tool_resources && {
    fileSearch: one.tool_resources.file_search && { vectorStoreIds: one.tool_resources.file_search.vector_store_ids },
  },
  metadata: one.metadata,
  temperature: one.temperature,
  topP: one.top_p,
  responseFormat:
    one.response_format == null ? null : { type: one.response_format === 'auto' ? 'auto' : one.response_format.type },
});
