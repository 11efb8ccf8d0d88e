export type ChatFinishReason = 'stop' | 'length' | 'tool_calls' | 'content_filter';

/** Tokens of one completion, as the endpoint counted them. */
export interface ChatUsage {
  promptTokens: number;
  completionTokens: number;
  /** Prompt tokens read from the endpoint's cache; null if the endpoint does not say. */
  cachedTokens?: number | null | undefined;
  /** Completion tokens spent on reasoning; null if the endpoint does not say. */
  reasoningTokens?: number | null | undefined;
}

export interface FileSearchResult {
  fileId: string;
  fileName: string;
  /** 0 to 1. */
  score: number;
  text: string | null;
}

/** The `url` of an image is valid as long as the endpoint keeps the container. */
export type CodeOutput = { type: 'logs'; logs: string } | { type: 'image'; url: string };

/** What a hosted tool returned. `results` is null if the endpoint does not return them. */
export type HostedResult =
  | { type: 'file_search'; queries: string[]; results: FileSearchResult[] | null }
  | { type: 'code_interpreter'; containerId: string | null; outputs: CodeOutput[] };

/**
 * A citation within the text that was written since the beginning of the completion or the last call, whichever is later.
 * `startIndex` and `endIndex` count UTF-16 units of it, and enclose `text`.
 */
export type ChatAnnotation = { text: string; startIndex: number; endIndex: number; fileId: string } & (
  | { type: 'file_citation'; fileName: string | null }
  /** A file that the code interpreter wrote, kept in a container for some minutes. */
  | { type: 'file_path'; containerId: string | null }
);

/**
 * A piece of a completion.
 *
 * - The arguments of a function call follow its `tool_call` in any number of pieces with the same `index`. Indices count
 *   from 0 in the order of the `tool_call` deltas. The engine gives calls their ids.
 * - A `hosted_call` has an index of its own count, any number of `code` pieces, and one `hosted_result`.
 * - There is one `usage` at most. If there is none, the usage is unknown.
 * - There is one `finish`, and it comes last. Its reason is `tool_calls` only if there was a `tool_call`, and never
 *   `stop` if there was one.
 */
export type ChatDelta =
  | { type: 'text'; text: string }
  | { type: 'refusal'; refusal: string }
  | { type: 'annotation'; annotation: ChatAnnotation }
  | { type: 'tool_call'; index: number; name: string }
  | { type: 'arguments'; index: number; arguments: string }
  | { type: 'hosted_call'; index: number; tool: HostedResult['type'] }
  | { type: 'code'; index: number; code: string }
  | { type: 'hosted_result'; index: number; result: HostedResult }
  | ({ type: 'usage' } & ChatUsage)
  | { type: 'finish'; reason: ChatFinishReason };
