import { account } from './stub/account.ts';
import { assistantId, type basicWorks, messageIds } from './works.ts';

type BasicWork = (typeof basicWorks)[number];

/**
 * What a response says, whatever its form: lists without the object that pages them, the parts of a message's content as its
 * text, times as ISO 8601, enum values in lower case, and the aliases of W3 as a list.
 */
export const factsOf = (work: BasicWork, data: unknown): unknown => {
  const facts = plain(data);
  return work === 'W3' && isObject(facts) ? Object.values(facts) : facts;
};

const plain = (value: unknown, key = ''): unknown => {
  if (Array.isArray(value)) return value.map((item) => plain(item));
  if (typeof value === 'string') return enumKeys.has(key) ? value.toLowerCase() : value;
  if (typeof value === 'number' && key === 'createdAt') return isoTime(value);
  if (!isObject(value)) return value;
  const items = value['nodes'] ?? value['data'];
  if (Array.isArray(items)) return plain(items);
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) =>
      name === 'content' ? ['text', textOf(member)] : [name, plain(member, name)],
    ),
  );
};

const enumKeys = new Set(['status', 'type', 'role']);

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

const textOf = (content: unknown) =>
  Array.isArray(content) ? content.map((part) => part?.text?.value ?? '').join('') : content;

const isoTime = (seconds: number) => new Date(seconds * 1000).toISOString();

const assistantNamed = (id: string) => {
  const found = account.assistants.find((one) => one.id === id);
  if (found === undefined) throw new Error(`the stub has no assistant ${id}`);
  return found;
};

const messageFacts = ({ id, role, content }: (typeof account.ordinary.messages)[number]) => ({
  id,
  role,
  text: textOf(content),
});

const w1 = () => {
  const { thread, runs, messages } = account.ordinary;
  return {
    thread: {
      id: thread.id,
      metadata: thread.metadata,
      runs: runs.toReversed().map(({ run, steps }) => ({
        id: run.id,
        status: run.status,
        model: run.model,
        usage: {
          promptTokens: run.usage?.prompt_tokens,
          completionTokens: run.usage?.completion_tokens,
          totalTokens: run.usage?.total_tokens,
        },
        assistant: { name: assistantNamed(run.assistant_id).name, model: assistantNamed(run.assistant_id).model },
        steps: steps.toReversed().map(({ id, type, status }) => ({ id, type, status })),
      })),
      messages: messages.toReversed().map((message) => ({
        ...messageFacts(message),
        assistant: message.assistant_id === null ? null : { name: assistantNamed(message.assistant_id).name },
      })),
    },
  };
};

const w2 = () => {
  const { id, name, description, model, instructions } = assistantNamed(assistantId);
  return { assistant: { id, name, description, model, instructions } };
};

const w3 = () =>
  messageIds.map((id) => {
    const message = account.ordinary.messages.find((one) => one.id === id);
    if (message === undefined) throw new Error(`the stub has no message ${id}`);
    return { ...messageFacts(message), status: message.status };
  });

const w4 = () => ({
  assistants: account.assistants.toReversed().map((one) => ({
    id: one.id,
    object: one.object,
    createdAt: isoTime(one.created_at),
    name: one.name,
    description: one.description,
    model: one.model,
    instructions: one.instructions,
    tools: one.tools.map(({ type }) => ({ type })),
    toolResources: { fileSearch: { vectorStoreIds: one.tool_resources?.file_search?.vector_store_ids } },
    metadata: one.metadata,
    temperature: one.temperature,
    topP: one.top_p,
    responseFormat: { type: 'text' },
  })),
});

const expected: Readonly<Record<BasicWork, () => unknown>> = { W1: w1, W2: w2, W3: w3, W4: w4 };

/** What a correct response says. */
export const expectedFacts = (work: BasicWork): unknown => expected[work]();
