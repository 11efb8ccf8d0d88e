import type { ChatDelta } from '../delta.ts';
import type { ChatHostedTool, ChatRequest } from '../model.ts';
import type { Fallback } from './fallbacks.ts';
import type { JsonObject } from './json.ts';

/** Turns what an endpoint sends for one completion into deltas. */
export interface CompletionReader {
  /** True once the endpoint has said how the completion ended. */
  readonly isFinished: boolean;
  /**
   * Reads one event, and appends the deltas that come of it. Returns whether the model wrote something, even if only
   * reasoning, which no delta shows. @throws {ModelError}
   */
  read(event: JsonObject, deltas: ChatDelta[]): boolean;
  /** The last deltas: what was still open, usage, and finish. @throws {ModelError} if the completion has not finished. */
  end(): ChatDelta[];
}

/** One of the APIs that an endpoint may speak. */
export interface ModelApi {
  readonly title: string;
  readonly path: string;
  readonly hostedTools: readonly ChatHostedTool['type'][];
  readonly fallbacks: readonly Fallback[];
  /** The body of a request, with the named fallbacks in place. `model` is the endpoint's name of the model. */
  bodyOf(request: ChatRequest, model: string, fallbacks: ReadonlySet<string>): Record<string, unknown>;
  readerOf(request: ChatRequest, model: string): CompletionReader;
}
