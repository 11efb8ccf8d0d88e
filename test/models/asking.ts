import type { ChatDelta } from '../../src/engine/models/delta.ts';
import type { ChatRequest, ChatTool, Model } from '../../src/engine/models/model.ts';

/** A request with one user message. */
export const requestFor = (text: string, rest: Partial<ChatRequest> = {}): ChatRequest => ({
  model: 'test-model',
  messages: [{ role: 'user', content: [{ type: 'text', text }] }],
  tools: [],
  hostedTools: [],
  toolChoice: 'auto',
  parallelToolCalls: true,
  responseFormat: 'auto',
  reasoningEffort: null,
  temperature: null,
  topP: null,
  maxTokens: null,
  signal: new AbortController().signal,
  ...rest,
});

export const tools = (...names: string[]): ChatTool[] => names.map((name) => ({ name }));

/** The deltas, and the error that ended them if one did. */
export const outcomeOf = async (model: Model, request: ChatRequest) => {
  const deltas: ChatDelta[] = [];
  try {
    await model.complete(request, (delta) => {
      deltas.push(delta);
      return undefined;
    });
    return { deltas, error: undefined };
  } catch (error) {
    return { deltas, error };
  }
};

/** What the deltas write. */
export const written = (deltas: readonly ChatDelta[]) => {
  const calls: { name: string; arguments: string }[] = [];
  let text = '';
  let refusal = '';
  for (const delta of deltas) {
    if (delta.type === 'text') text += delta.text;
    if (delta.type === 'refusal') refusal += delta.refusal;
    if (delta.type === 'tool_call') calls[delta.index] = { name: delta.name, arguments: '' };
    if (delta.type === 'arguments') {
      const call = calls[delta.index];
      if (call === undefined) throw new Error(`arguments of call ${delta.index} came before the call`);
      call.arguments += delta.arguments;
    }
  }
  return {
    text,
    refusal,
    calls,
    usage: deltas.find((delta) => delta.type === 'usage'),
    finish: deltas.flatMap((delta) => (delta.type === 'finish' ? [delta.reason] : [])),
  };
};

/** What a model writes in the end. Rejects if it fails. */
export const ask = async (model: Model, request: ChatRequest) => {
  const { deltas, error } = await outcomeOf(model, request);
  if (error !== undefined) throw error;
  return written(deltas);
};

/** Asks the same a number of times, one after the other. */
export const askTimes = async (count: number, model: Model, request: ChatRequest) => {
  const all: Awaited<ReturnType<typeof ask>>[] = [];
  while (all.length < count) all.push(await ask(model, request));
  return all;
};

/** Takes the first delta of a completion, and stops reading. */
export const takeOne = async (model: Model, request: ChatRequest) => {
  let first: ChatDelta | undefined;
  const enough = new Error('enough');
  const take = (delta: ChatDelta) => {
    first ??= delta;
    throw enough;
  };
  await model.complete(request, take).catch((error: unknown) => {
    if (error !== enough) throw error;
  });
  return first;
};
