import type { ChatDelta, ChatFinishReason, ChatUsage } from '../delta.ts';
import type { CompletionReader } from '../endpoint/api.ts';
import { endpointErrorOf } from '../endpoint/endpointError.ts';
import { isObject, type JsonObject, numberIn, objectIn, objectsIn, textIn } from '../endpoint/json.ts';
import { streamedProblem } from '../endpoint/problem.ts';
import type { ChatRequest } from '../model.ts';
import { ModelError } from '../modelError.ts';
import { ResponseItems } from './items.ts';

const usageOf = (usage: JsonObject): ChatUsage | undefined => {
  const promptTokens = numberIn(usage, 'input_tokens');
  const completionTokens = numberIn(usage, 'output_tokens');
  if (promptTokens === undefined || completionTokens === undefined) return undefined;
  return {
    promptTokens,
    completionTokens,
    cachedTokens: numberIn(objectIn(usage, 'input_tokens_details'), 'cached_tokens') ?? null,
    reasoningTokens: numberIn(objectIn(usage, 'output_tokens_details'), 'reasoning_tokens') ?? null,
  };
};

const hasJson = ({ responseFormat: format }: ChatRequest): boolean => format !== 'auto' && format.type !== 'text';

/** Reads the events of a streamed response, and a response that comes whole. Reasoning is not passed on. */
export class ResponseReader implements CompletionReader {
  readonly #items: ResponseItems;
  readonly #model: { sent: string; asked: string };
  #hasRefusal = false;
  #reason: ChatFinishReason | undefined;
  #usage: ChatUsage | undefined;

  constructor(request: ChatRequest, model: string) {
    this.#items = new ResponseItems(!hasJson(request));
    this.#model = { sent: model, asked: request.model };
  }

  get isFinished(): boolean {
    return this.#reason !== undefined;
  }

  read(event: JsonObject, deltas: ChatDelta[]): boolean {
    if (event['object'] === 'response') {
      this.#readWhole(event, deltas);
      return true;
    }
    const type = textIn(event, 'type') ?? '';
    if (type === 'error') this.#fail(isObject(event['error']) ? event : { error: event });
    if (isObject(event['error']) || typeof event['error'] === 'string') this.#fail(event);
    const before = deltas.length;
    this.#readEvent(type, event, deltas);
    return deltas.length > before || type.endsWith('.delta') || type.includes('_call.');
  }

  #readEvent(type: string, event: JsonObject, deltas: ChatDelta[]): void {
    const key =
      numberIn(event, 'output_index') ?? textIn(event, 'item_id') ?? textIn(objectIn(event, 'item'), 'id') ?? '';
    const piece = textIn(event, 'delta') ?? '';
    const write = (item: string) => this.#items.write(this.#items.begin(key, { type: item }, deltas), piece, deltas);
    switch (type) {
      case 'response.output_item.added':
        this.#items.begin(key, objectIn(event, 'item'), deltas);
        return;
      case 'response.output_text.delta':
        return write('message');
      case 'response.function_call_arguments.delta':
        return write('function_call');
      case 'response.code_interpreter_call_code.delta':
        return write('code_interpreter_call');
      case 'response.refusal.delta':
        this.#hasRefusal = true;
        deltas.push({ type: 'refusal', refusal: piece });
        return;
      case 'response.output_text.annotation.added':
        return this.#items.citations.cite(objectIn(event, 'annotation'), deltas);
      case 'response.output_item.done':
        return this.#endItem(key, objectIn(event, 'item'), deltas);
      case 'response.completed':
      case 'response.incomplete':
      case 'response.failed':
      case 'response.cancelled':
        this.#readWhole(objectIn(event, 'response'), deltas, type.slice('response.'.length));
    }
  }

  #endItem(key: number | string, item: JsonObject, deltas: ChatDelta[]): void {
    const isRefused = this.#hasRefusal && textIn(item, 'type') === 'message';
    if (!isRefused) this.#items.end(key, item, deltas);
  }

  /** Reads a whole response: its end, and the items that have not been streamed. `ended` is its status if it has none itself. */
  #readWhole(response: JsonObject, deltas: ChatDelta[], ended?: string): void {
    const status = textIn(response, 'status') ?? ended;
    if (status === 'failed' || isObject(response['error'])) this.#fail(response);
    for (const [index, item] of objectsIn(response, 'output').entries()) {
      const id = textIn(item, 'id') ?? '';
      this.#endItem(this.#items.has(id) && !this.#items.has(index) ? id : index, item, deltas);
    }
    this.#usage = usageOf(objectIn(response, 'usage')) ?? this.#usage;
    if (status === 'incomplete') {
      const reason = textIn(objectIn(response, 'incomplete_details'), 'reason');
      this.#reason = reason === 'content_filter' ? 'content_filter' : 'length';
    } else if (status === 'completed') this.#reason = this.#items.functionCalls > 0 ? 'tool_calls' : 'stop';
    else throw new ModelError('server_error', `The model endpoint ended the response as "${status ?? 'unknown'}".`);
  }

  #fail(event: JsonObject): never {
    throw endpointErrorOf(streamedProblem(event), this.#model);
  }

  end(): ChatDelta[] {
    if (this.#reason === undefined) {
      const message = 'The model endpoint ended the response before it was finished.';
      throw new ModelError('server_error', message, { isRetryable: true });
    }
    const usage: ChatDelta[] = this.#usage === undefined ? [] : [{ type: 'usage', ...this.#usage }];
    return [...usage, { type: 'finish', reason: this.#reason }];
  }
}
