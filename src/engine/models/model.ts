import type { RestReasoningEffort } from '../../wire/assistant.ts';
import type { RestRanker, RestResponseFormat, RestToolChoice } from '../../wire/tool.ts';
import type { ChatDelta } from './delta.ts';

/** A function that the model may call. `parameters` is a JSON Schema object. */
export interface ChatTool {
  name: string;
  description?: string | undefined;
  parameters?: Record<string, unknown> | undefined;
  strict?: boolean | null | undefined;
  /** Set if the engine runs the function itself: the tool of the API that it stands for. Not sent to endpoints. */
  engineTool?: 'code_interpreter' | 'file_search' | undefined;
}

/** A tool that the endpoint runs itself. File and store ids are those of the endpoint. */
export type ChatHostedTool =
  | {
      type: 'file_search';
      vectorStoreIds: readonly string[];
      /** 1 to 50. */
      maxNumResults?: number | undefined;
      ranker?: RestRanker | undefined;
      /** 0 to 1. */
      scoreThreshold?: number | undefined;
    }
  | { type: 'code_interpreter'; fileIds: readonly string[] };

/** `arguments` is a JSON string that a model wrote, so it may not parse. */
export interface ChatToolCall {
  id: string;
  name: string;
  arguments: string;
}

export type ChatImageDetail = 'auto' | 'low' | 'high';

export type ChatPart =
  | { type: 'text'; text: string }
  | { type: 'image_url'; url: string; detail?: ChatImageDetail | undefined }
  /** `mediaType` such as `image/png`. */
  | { type: 'image_bytes'; bytes: Uint8Array; mediaType: string; detail?: ChatImageDetail | undefined };

/** Each call of an assistant message is followed by the `tool` message with its output. */
export type ChatMessage =
  | { role: 'system'; content: string }
  | { role: 'user'; content: ChatPart[] }
  | { role: 'assistant'; content: string; toolCalls: ChatToolCall[] }
  | { role: 'tool'; toolCallId: string; content: string };

/** One request for a completion. */
export interface ChatRequest {
  /** As the assistant or the run names it. */
  model: string;
  messages: ChatMessage[];
  tools: ChatTool[];
  hostedTools: readonly ChatHostedTool[];
  toolChoice: RestToolChoice;
  parallelToolCalls: boolean;
  responseFormat: RestResponseFormat;
  reasoningEffort: RestReasoningEffort | null;
  /** 0 to 2. */
  temperature: number | null;
  /** 0 to 1. */
  topP: number | null;
  /** Tokens that the completion may have; null if there is no limit. */
  maxTokens: number | null;
  /** Aborts the request. */
  signal: AbortSignal;
}

/** A model as the endpoint lists it. */
export interface ListedModel {
  id: string;
  /** Unix seconds; null if the endpoint does not say. */
  created: number | null;
  ownedBy: string | null;
  /** Tokens of prompt and completion together; undefined if the endpoint does not say. */
  contextTokens: number | undefined;
}

export interface ModelList {
  models: ListedModel[];
  /** False if requests may give other names too. */
  isComplete: boolean;
}

/**
 * Takes the next delta of a completion. If it returns a promise, which must not reject, the model waits for that before it
 * writes more.
 */
export type TakeDelta = (delta: ChatDelta) => Promise<void> | undefined;

/** Something that writes completions: the offline model, or all the models of an endpoint. */
export interface Model {
  /** For logs and the start-up message. */
  readonly name: string;
  /** True if neither network nor key is needed. */
  readonly offline: boolean;
  /** The hosted tools that requests may name. */
  readonly hostedTools: readonly ChatHostedTool['type'][];
  /** Tokens that prompt and completion of the named model may have together; undefined if not known. */
  contextTokensOf(model: string): number | undefined;
  /** How many calls the configured limits allow to start now. Further calls wait in order. */
  freeCalls(): number;
  /** The models that requests may name. Spends no tokens. Rejects with `ModelError`, or with the reason of an aborted `signal`. */
  listModels(signal: AbortSignal): Promise<ModelList>;
  /** Checks that the endpoint can be reached and lists its models. Spends no tokens. Rejects as `listModels` does. */
  probe(signal: AbortSignal): Promise<void>;
  /**
   * Writes one completion, delta by delta. Resolves only after a `finish`, which is the last delta.
   * Rejects with `ModelError`, with the reason of an aborted `signal`, or as `take` throws. It calls a function, since an iterator
   * would cost several promises for each token.
   */
  complete(request: ChatRequest, take: TakeDelta): Promise<void>;
  /** Closes the connections. Calls in progress fail. */
  close(): Promise<void>;
}
