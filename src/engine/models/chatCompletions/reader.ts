import type { ChatDelta, ChatFinishReason, ChatUsage } from '../delta.ts';
import type { CompletionReader } from '../endpoint/api.ts';
import { endpointErrorOf } from '../endpoint/endpointError.ts';
import { isObject, type JsonObject, numberIn, objectIn, objectsIn, textIn } from '../endpoint/json.ts';
import { streamedProblem } from '../endpoint/problem.ts';
import type { ChatRequest } from '../model.ts';
import { ModelError } from '../modelError.ts';
import { ToolCalls } from './toolCalls.ts';

/**
 * Servers' words for the reasons of OpenAI. Any other reason is a failure: servers end a completion that they broke off with
 * words such as `abort` (vLLM#57082) or `insufficient_system_resource` (DeepSeek), and what it has is not whole.
 */
const finishReasons: Readonly<Record<string, ChatFinishReason>> = {
  stop: 'stop',
  stop_sequence: 'stop',
  stop_string: 'stop',
  stop_token: 'stop',
  stop_word: 'stop',
  eos: 'stop',
  eos_token: 'stop',
  eod: 'stop',
  end: 'stop',
  end_turn: 'stop',
  finish: 'stop',
  finished: 'stop',
  complete: 'stop',
  completed: 'stop',
  done: 'stop',
  length: 'length',
  max_tokens: 'length',
  model_length: 'length',
  tool_calls: 'tool_calls',
  function_call: 'tool_calls',
  tool_use: 'tool_calls',
  content_filter: 'content_filter',
  content_filtered: 'content_filter',
  safety: 'content_filter',
  sensitive: 'content_filter',
  recitation: 'content_filter',
  blocklist: 'content_filter',
  prohibited_content: 'content_filter',
  refusal: 'content_filter',
  guardrail_intervened: 'content_filter',
};

/** Lower case; undefined if the completion has not ended. Some servers send the word `null` until it has. */
const reasonIn = (choice: JsonObject): string | undefined => {
  const reason = textIn(choice, 'finish_reason')?.toLowerCase();
  return reason === 'null' ? undefined : reason;
};

/** Characters of an unknown reason that an error quotes. */
const longestReason = 100;

const usageOf = (usage: JsonObject): ChatUsage | undefined => {
  const promptTokens = numberIn(usage, 'prompt_tokens');
  const completionTokens = numberIn(usage, 'completion_tokens');
  if (promptTokens === undefined || completionTokens === undefined) return undefined;
  return {
    promptTokens,
    completionTokens,
    cachedTokens: numberIn(objectIn(usage, 'prompt_tokens_details'), 'cached_tokens') ?? null,
    reasoningTokens: numberIn(objectIn(usage, 'completion_tokens_details'), 'reasoning_tokens') ?? null,
  };
};

/** The text of `content`: a string, or parts of which those of type `text` count. */
const contentIn = (delta: JsonObject): string =>
  textIn(delta, 'content') ??
  objectsIn(delta, 'content')
    .map((part) => (part['type'] === 'text' ? (textIn(part, 'text') ?? '') : ''))
    .join('');

const hasReasoning = (delta: JsonObject): boolean =>
  textIn(delta, 'reasoning_content') !== undefined ||
  textIn(delta, 'reasoning') !== undefined ||
  objectsIn(delta, 'content').length > 0;

/** Reads the chunks of a streamed chat completion, and a completion that comes whole. Reasoning is not passed on. */
export class ChatCompletionReader implements CompletionReader {
  readonly #calls: ToolCalls;
  readonly #model: { sent: string; asked: string };
  #reason: string | undefined;
  #usage: ChatUsage | undefined;

  constructor(request: ChatRequest, model: string) {
    this.#calls = new ToolCalls(request.tools.map(({ name }) => name));
    this.#model = { sent: model, asked: request.model };
  }

  get isFinished(): boolean {
    return this.#reason !== undefined;
  }

  read(chunk: JsonObject, deltas: ChatDelta[]): boolean {
    const choices = objectsIn(chunk, 'choices');
    const first = choices.find((each) => (numberIn(each, 'index') ?? 0) === 0);
    const choice = choices.length === 1 ? choices[0] : first;
    const error = isErrorChunk(chunk) ? chunk : choice !== undefined && hasError(choice) ? choice : undefined;
    if (error !== undefined) throw endpointErrorOf(streamedProblem(error), this.#model);
    // Some servers send the usage so far with each chunk: the last one counts.
    this.#usage = usageOf(objectIn(chunk, 'usage')) ?? this.#usage;
    return choice !== undefined && this.#readChoice(choice, deltas);
  }

  #readChoice(choice: JsonObject, deltas: ChatDelta[]): boolean {
    const delta = isObject(choice['delta']) ? choice['delta'] : objectIn(choice, 'message');
    const before = deltas.length;
    const text = contentIn(delta);
    if (text !== '') deltas.push({ type: 'text', text });
    const refusal = textIn(delta, 'refusal');
    if (refusal !== undefined) deltas.push({ type: 'refusal', refusal });
    const fragments = objectsIn(delta, 'tool_calls');
    this.#calls.take(fragments, deltas);
    this.#reason = reasonIn(choice) ?? this.#reason;
    return deltas.length > before || fragments.length > 0 || hasReasoning(delta);
  }

  end(): ChatDelta[] {
    if (this.#reason === undefined) {
      const message = 'The model endpoint ended the completion before it was finished.';
      throw new ModelError('server_error', message, { isRetryable: true });
    }
    const known = Object.hasOwn(finishReasons, this.#reason) ? finishReasons[this.#reason] : undefined;
    if (known === undefined) {
      const message = `The model endpoint broke off the completion; its reason: ${this.#reason.slice(0, longestReason)}`;
      throw new ModelError('server_error', message, { isRetryable: true });
    }
    const deltas: ChatDelta[] = [];
    this.#calls.end(deltas);
    if (this.#usage !== undefined) deltas.push({ type: 'usage', ...this.#usage });
    deltas.push({ type: 'finish', reason: this.#finishReason(known) });
    return deltas;
  }

  /** The calls are believed more than the reason: servers confuse `stop` and `tool_calls` (vLLM#25054). */
  #finishReason(reason: ChatFinishReason): ChatFinishReason {
    if (reason === 'stop' && this.#calls.count > 0) return 'tool_calls';
    if (reason === 'tool_calls' && this.#calls.count === 0) {
      throw new ModelError('server_error', 'The model said that it called functions, but named none.');
    }
    return reason;
  }
}

/** Some servers send an empty error beside choices. */
const hasError = ({ error }: JsonObject): boolean =>
  isObject(error)
    ? Object.keys(error).length > 0
    : error !== undefined && error !== null && error !== '' && error !== false;

/** Also an error that is not in a member `error`, as of vLLM and FastAPI. */
const isErrorChunk = (chunk: JsonObject): boolean =>
  hasError(chunk) ||
  chunk['object'] === 'error' ||
  (chunk['choices'] === undefined && (chunk['detail'] !== undefined || textIn(chunk, 'message') !== undefined));
