import { setTimeout as sleep } from 'node:timers/promises';
import type { ChatDelta } from './delta.ts';
import type { ChatMessage, ChatPart, ChatRequest, ListedModel, Model } from './model.ts';
import { ModelError, type ModelErrorCode } from './modelError.ts';
import { callsNamedIn, type PlannedCall } from './offlineCalls.ts';
import { instanceOf } from './schemaInstance.ts';
import { estimateMessageTokens, unitsPerToken } from './tokens.ts';

/** An answer comes in this many pieces at most, however long it is. */
const mostPieces = 32;
/** Seconds that a message can ask for: enough to outlive a run. */
const longestWait = 900;

const partText = (part: ChatPart): string => {
  if (part.type === 'text') return part.text;
  return part.type === 'image_url' ? `(an image at ${part.url})` : `(an image, ${part.mediaType})`;
};

const textOf = (message: ChatMessage): string =>
  message.role === 'user' ? message.content.map(partText).join('\n') : message.content;

/** What stands at the end of the conversation: the user's words, and what functions gave back since. */
const situationIn = (messages: ChatMessage[]) => {
  const asked = messages.findLastIndex(({ role }) => role === 'user');
  const question = messages[asked];
  const since = messages.slice(asked + 1);
  const calls = since.flatMap((message) => (message.role === 'assistant' ? message.toolCalls : []));
  const outputs = since.flatMap((message) => (message.role === 'tool' ? [message] : []));
  return {
    words: question && textOf(question),
    turnsTaken: since.filter((message) => message.role === 'assistant' && message.toolCalls.length > 0).length,
    results: outputs.map(({ toolCallId, content }) => {
      const call = calls.find(({ id }) => id === toolCallId);
      return { name: call?.name ?? toolCallId, output: content };
    }),
  };
};

type Situation = ReturnType<typeof situationIn>;

const sentenceFor = ({ words, results }: Situation): string => {
  if (results.length > 0) return results.map(({ name, output }) => `${name} returned: ${output}`).join('; ');
  return words === undefined ? 'There is no user message to answer.' : `You wrote: "${words}"`;
};

/** The answer in the format asked for. An instance of a schema has no room to say who wrote it. */
const answerFor = (situation: Situation, { responseFormat }: ChatRequest): string => {
  if (responseFormat === 'auto' || responseFormat.type === 'text') return `[offline model] ${sentenceFor(situation)}`;
  if (responseFormat.type === 'json_schema') return JSON.stringify(instanceOf(responseFormat.json_schema.schema ?? {}));
  const { words, results } = situation;
  return JSON.stringify({ model: 'offline', message: words ?? null, ...(results.length > 0 && { results }) });
};

const callsFor = ({ words, turnsTaken }: Situation, request: ChatRequest): PlannedCall[] => {
  const { tools, toolChoice, parallelToolCalls } = request;
  if (toolChoice === 'none') return [];
  if (typeof toolChoice === 'object') {
    const name = toolChoice.function?.name;
    return name === undefined ? [] : callsNamedIn(words ?? '', [name], turnsTaken, name);
  }
  const names = tools.map(({ name }) => name);
  const calls = callsNamedIn(words ?? '', names, turnsTaken, toolChoice === 'required' ? names[0] : undefined);
  return parallelToolCalls ? calls : calls.slice(0, 1);
};

/** The text in at most `mostPieces`, cut between words. */
const piecesOf = (text: string): string[] => {
  const words = text.split(/(?<=\s)(?=\S)/u);
  const size = Math.ceil(words.length / mostPieces);
  const count = Math.ceil(words.length / size);
  return Array.from({ length: count }, (_, index) => words.slice(index * size, (index + 1) * size).join(''));
};

/** The deltas that write `calls`, or else the answer, with as many tokens as are allowed. */
const deltasFor = (situation: Situation, request: ChatRequest): ChatDelta[] => {
  let left = (request.maxTokens ?? Number.POSITIVE_INFINITY) * unitsPerToken;
  let used = 0;
  const cut = (text: string) => {
    const kept = text.slice(0, left);
    left -= kept.length;
    used += kept.length;
    return { kept, whole: kept.length === text.length };
  };
  const deltas: ChatDelta[] = [];
  const calls = callsFor(situation, request);
  let whole = true;
  for (const [index, call] of calls.entries()) {
    const written = cut(call.arguments);
    deltas.push({ type: 'tool_call', index, name: call.name });
    for (const piece of piecesOf(written.kept)) deltas.push({ type: 'arguments', index, arguments: piece });
    whole &&= written.whole;
  }
  if (calls.length === 0) {
    const written = cut(answerFor(situation, request));
    for (const piece of piecesOf(written.kept)) deltas.push({ type: 'text', text: piece });
    whole = written.whole;
  }
  const promptTokens = request.messages.reduce((sum, message) => sum + estimateMessageTokens(message), 0);
  deltas.push({ type: 'usage', promptTokens, completionTokens: Math.ceil(used / unitsPerToken) });
  const finished = calls.length > 0 ? 'tool_calls' : 'stop';
  return [...deltas, { type: 'finish', reason: whole ? finished : 'length' }];
};

/** What the user's words ask for besides an answer. */
const orderIn = (words = '') => {
  const seconds = /\btake (\d+(?:\.\d+)?) seconds?\b/iu.exec(words)?.[1];
  const failure = /\bplease fail\b(?<halfway> halfway)?(?: with (?<code>rate_limit_exceeded|invalid_prompt))?/iu.exec(
    words,
  );
  return {
    wait: Math.min(Number(seconds ?? 0), longestWait),
    failure: failure && {
      halfway: failure.groups?.['halfway'] !== undefined,
      code: (failure.groups?.['code'] ?? 'server_error') as ModelErrorCode,
    },
  };
};

const listed: ListedModel = { id: 'offline', created: null, ownedBy: null, contextTokens: 128_000 };

/**
 * A model that needs no network: it says what it is, and answers by quoting the last user message. The same
 * conversation always gets the same answer. A user leads it by words in the last message:
 *
 * - the name of a function tool: calls it, with arguments from JSON in the message (see `callsNamedIn`); once there are
 *   outputs, the answer quotes them;
 * - `take 5 seconds`, at most 900: is that slow, with the pieces of its answer spread over the time;
 * - `please fail`, `please fail halfway`, `please fail with rate_limit_exceeded` (or `invalid_prompt`): fails.
 *
 * Where JSON is asked for it answers JSON; for a schema, a minimal instance of it. Its tokens are those of `tokens.ts`.
 */
export const offlineModel: Model = {
  name: 'offline',
  offline: true,
  hostedTools: [],
  contextTokensOf: () => listed.contextTokens,
  freeCalls: () => Number.POSITIVE_INFINITY,
  listModels: () => Promise.resolve({ models: [listed], isComplete: false }),
  async *complete(request) {
    const situation = situationIn(request.messages);
    const { wait, failure } = orderIn(situation.words);
    const deltas = deltasFor(situation, request);
    const writing = failure ? deltas.slice(0, failure.halfway ? Math.ceil(deltas.length / 2) : 0) : deltas;
    const pause = (wait * 1000) / Math.max(writing.length, 1);
    for (const delta of writing) {
      if (pause > 0) await sleep(pause, undefined, { signal: request.signal });
      request.signal.throwIfAborted();
      yield delta;
    }
    if (failure) throw new ModelError(failure.code, 'The offline model failed, as the last message asked it to.');
  },
};
