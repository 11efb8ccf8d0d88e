import { setTimeout as sleep } from 'node:timers/promises';
import type { ChatDelta } from './delta.ts';
import type { ChatMessage, ChatRequest, ChatTool, ListedModel, Model } from './model.ts';
import { ModelError, type ModelErrorCode } from './modelError.ts';
import { engineCallsFor, quotedFrom } from './offlineEngineCalls.ts';
import { callsNamedIn, type PlannedCall } from './offlineCalls.ts';
import { partText } from './partText.ts';
import { instanceOf } from './schemaInstance.ts';
import { estimateMessageTokens, unitsPerToken } from './tokens.ts';

/** Maximum number of deltas of one text, however long it is. */
const maxPieces = 32;
/** Maximum number of seconds that a message can request: longer than the default lifetime of a run. */
const maxWait = 900;

const textOf = (message: ChatMessage): string =>
  message.role === 'user' ? message.content.map(partText).join('\n') : message.content;

/** The end of the conversation: the last user message, and the tool outputs of this run. */
const situationIn = (messages: ChatMessage[]) => {
  const asked = messages.findLastIndex(({ role }) => role === 'user');
  const question = messages[asked];
  // A message without calls ended the run before: this one starts from the question again.
  const ended = messages.findLastIndex((message) => message.role === 'assistant' && message.toolCalls.length === 0);
  const since = messages.slice(Math.max(asked, ended) + 1);
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

const sentenceFor = ({ words, results }: Situation, tools: readonly ChatTool[]): string => {
  const searches = new Set(tools.flatMap(({ name, engineTool }) => (engineTool === 'file_search' ? [name] : [])));
  const about = ({ name, output }: Situation['results'][number]) =>
    searches.has(name) ? quotedFrom(output) : `${name} returned: ${output}`;
  if (results.length > 0) return results.map(about).join('; ');
  return words === undefined ? 'There is no user message to answer.' : `You wrote: "${words}"`;
};

/** The completion's text in the requested format. Only an instance of a schema does not name the model. */
const contentFor = (situation: Situation, { responseFormat, tools }: ChatRequest): string => {
  if (responseFormat === 'auto' || responseFormat.type === 'text')
    return `[offline model] ${sentenceFor(situation, tools)}`;
  if (responseFormat.type === 'json_schema') return JSON.stringify(instanceOf(responseFormat.json_schema.schema ?? {}));
  const { words, results } = situation;
  return JSON.stringify({ model: 'offline', message: words ?? null, ...(results.length > 0 && { results }) });
};

const callsFor = ({ words, turnsTaken }: Situation, request: ChatRequest): PlannedCall[] => {
  const { toolChoice, parallelToolCalls } = request;
  const tools = request.tools.filter(({ engineTool }) => engineTool === undefined);
  if (toolChoice === 'none') return [];
  const own = turnsTaken === 0 ? engineCallsFor(words ?? '', request.tools, typeof toolChoice === 'object') : [];
  if (typeof toolChoice === 'object') {
    const isChosen = ({ name }: { name: string }) => name === toolChoice.function?.name;
    if (own.some(isChosen)) return own.filter(isChosen);
    const chosen = request.tools.find(isChosen);
    return chosen === undefined ? [] : callsNamedIn(words ?? '', [chosen], turnsTaken, chosen);
  }
  const fallback = toolChoice === 'required' && own.length === 0 ? request.tools[0] : undefined;
  const calls = [...own, ...callsNamedIn(words ?? '', tools, turnsTaken, fallback)];
  return parallelToolCalls ? calls : calls.slice(0, 1);
};

/** The text in at most `maxPieces`, split between words. */
const piecesOf = (text: string): string[] => {
  const words = text.split(/(?<=\s)(?=\S)/u);
  const size = Math.ceil(words.length / maxPieces);
  const count = Math.ceil(words.length / size);
  return Array.from({ length: count }, (_, index) => words.slice(index * size, (index + 1) * size).join(''));
};

/** The deltas of the calls or, if there are none, of the text, up to the token limit. */
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
    const written = cut(contentFor(situation, request));
    for (const piece of piecesOf(written.kept)) deltas.push({ type: 'text', text: piece });
    whole = written.whole;
  }
  const promptTokens = request.messages.reduce((sum, message) => sum + estimateMessageTokens(message), 0);
  deltas.push({ type: 'usage', promptTokens, completionTokens: Math.ceil(used / unitsPerToken) });
  const finished = calls.length > 0 ? 'tool_calls' : 'stop';
  return [...deltas, { type: 'finish', reason: whole ? finished : 'length' }];
};

/** The delay and the failure that the user's message requests. */
const directivesIn = (words = '') => {
  const seconds = /\btake (\d+(?:\.\d+)?) seconds?\b/iu.exec(words)?.[1];
  const failure = /\bplease fail\b(?<halfway> halfway)?(?: with (?<code>rate_limit_exceeded|invalid_prompt))?/iu.exec(
    words,
  );
  return {
    wait: Math.min(Number(seconds ?? 0), maxWait),
    failure: failure && {
      halfway: failure.groups?.['halfway'] !== undefined,
      code: (failure.groups?.['code'] ?? 'server_error') as ModelErrorCode,
    },
  };
};

const listed: ListedModel = { id: 'offline', created: null, ownedBy: null, contextTokens: 128_000 };

/**
 * A model that needs no network: it names itself and quotes the last user message. It is deterministic. Words in the last
 * message control it:
 *
 * - the name of a function tool: calls it, with arguments from JSON in the message (see `callsNamedIn`); once there are
 *   outputs, quotes them;
 * - a fenced block of Python: calls the code interpreter with it, if the engine has one;
 * - a question mark: searches the files, if the run has file search and there are any, and cites the best result;
 * - `take 5 seconds`, at most 900: takes that long, with its deltas spread over the time;
 * - `please fail`, `please fail halfway`, `please fail with rate_limit_exceeded` (or `invalid_prompt`): fails.
 *
 * If the response format is JSON, it writes JSON; for a schema, a minimal instance. Tokens are counted by `tokens.ts`.
 */
export const offlineModel: Model = {
  name: 'offline',
  offline: true,
  hostedTools: [],
  contextTokensOf: () => listed.contextTokens,
  freeCalls: () => Number.POSITIVE_INFINITY,
  listModels: () => Promise.resolve({ models: [listed], isComplete: false }),
  probe: () => Promise.resolve(),
  close: () => Promise.resolve(),
  async complete(request, take) {
    const situation = situationIn(request.messages);
    const { wait, failure } = directivesIn(situation.words);
    const deltas = deltasFor(situation, request);
    const writing = failure ? deltas.slice(0, failure.halfway ? Math.ceil(deltas.length / 2) : 0) : deltas;
    const pause = (wait * 1000) / Math.max(writing.length, 1);
    for (const delta of writing) {
      if (pause > 0) await sleep(pause, undefined, { signal: request.signal });
      request.signal.throwIfAborted();
      const waiting = take(delta);
      if (waiting !== undefined) await waiting;
    }
    if (failure) throw new ModelError(failure.code, 'The offline model failed, as the last message asked it to.');
  },
};
