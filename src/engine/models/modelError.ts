export type ModelErrorCode =
  | 'server_error'
  | 'rate_limit_exceeded'
  | 'invalid_prompt'
  | 'context_length_exceeded'
  | 'model_not_found';

export interface ModelErrorOptions {
  /** Whether the same request may succeed later. */
  isRetryable?: boolean | undefined;
  /** Milliseconds that the endpoint asks clients to wait. */
  retryAfterMs?: number | undefined;
  /** The size of the model's context, if the error says it. */
  contextTokens?: number | undefined;
}

/** A model that can't write a completion. The message becomes part of the run's `last_error`, so it must be fit for clients. */
export class ModelError extends Error {
  override readonly name: string = 'ModelError';
  readonly code: ModelErrorCode;
  readonly isRetryable: boolean;
  readonly retryAfterMs: number | undefined;
  readonly contextTokens: number | undefined;

  constructor(code: ModelErrorCode, message: string, options: ModelErrorOptions = {}) {
    super(message);
    this.code = code;
    this.isRetryable = options.isRetryable ?? false;
    this.retryAfterMs = options.retryAfterMs;
    this.contextTokens = options.contextTokens;
  }
}
