import type { RestResponseFormat, RestToolChoice } from '../../wire/tool.ts';

/** A function that the model may call. `parameters` is a JSON Schema object. */
export interface ChatTool {
  name: string;
  description?: string | undefined;
  parameters?: Record<string, unknown> | undefined;
  strict?: boolean | null | undefined;
}

/** `arguments` is a JSON string that a model wrote, so it may not parse. */
export interface ChatToolCall {
  id: string;
  name: string;
  arguments: string;
}

export type ChatImageDetail = 'auto' | 'low' | 'high';

export type ChatPart =
  | { type: 'text'; text: string }
  | { type: 'image_url'; url: string; detail?: ChatImageDetail | undefined };

export type ChatMessage =
  | { role: 'system'; content: string }
  | { role: 'user'; content: ChatPart[] }
  | { role: 'assistant'; content: string; toolCalls: ChatToolCall[] }
  | { role: 'tool'; toolCallId: string; content: string };

/** One question to a model, in the terms of Chat Completions. */
export interface ChatRequest {
  model: string;
  messages: ChatMessage[];
  tools: ChatTool[];
  toolChoice: RestToolChoice;
  parallelToolCalls: boolean;
  responseFormat: RestResponseFormat;
  /** 0 to 2. */
  temperature: number | null;
  /** 0 to 1. */
  topP: number | null;
  /** Tokens that the answer may have; null where there is no limit. */
  maxTokens: number | null;
  /** Aborted when nobody wants the answer any more. */
  signal: AbortSignal;
}

export type ChatFinishReason = 'stop' | 'length' | 'tool_calls' | 'content_filter';

/** A piece of an answer. The arguments of a call follow its `tool_call` in any number of pieces with the same `index`. Calls get their ids from the engine. */
export type ChatDelta =
  | { type: 'text'; text: string }
  | { type: 'tool_call'; index: number; name: string }
  | { type: 'arguments'; index: number; arguments: string }
  | { type: 'finish'; reason: ChatFinishReason }
  | { type: 'usage'; promptTokens: number; completionTokens: number };

/** Anything that answers a chat. */
export interface Model {
  readonly name: string;
  /** True where no network and no key is needed. */
  readonly offline: boolean;
  /** Tokens that a prompt may have; older messages are left out to stay within it. */
  readonly contextTokens: number;
  /** Yields the answer as it is written. Rejects with `ModelError`, or as `signal` was aborted. */
  answer(request: ChatRequest): AsyncIterable<ChatDelta>;
}

export type ModelErrorCode = 'server_error' | 'rate_limit_exceeded' | 'invalid_prompt';

/** A model that can't answer. Code and message become the run's `last_error`, so the message must be fit for clients. */
export class ModelError extends Error {
  override readonly name = 'ModelError';
  readonly code: ModelErrorCode;

  constructor(code: ModelErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
