import { httpAgent } from '../../httpAgent.ts';
import { ModelError } from '../modelError.ts';
import { type ModelNames, sameNames } from '../names.ts';
import { type Call, openCall } from './call.ts';
import { CallLimiter, type CallLimits } from './callLimiter.ts';
import { credentialsAmong, secretFormsOf, withoutPartsOfSecrets } from './secrets.ts';
import type { TokenClock, TokenTimeouts } from './tokenClock.ts';

export interface ModelEndpointOptions {
  /** Without a slash at its end: `https://api.openai.com/v1`. */
  baseUrl: string;
  /** Sent as `Authorization: Bearer …`. */
  apiKey?: string | undefined;
  /** Sent with every request; replaces `authorization` if it has one. */
  headers?: Readonly<Record<string, string>> | undefined;
  /** Sent with every request. */
  query?: Readonly<Record<string, string>> | undefined;
  /** Which of the endpoint's models stands for a name. By default each name for itself. */
  names?: ModelNames | undefined;
  /** Context sizes by the endpoint's model, or by `*` for all others; they go before what the endpoint says. */
  contextTokens?: ReadonlyMap<string, number> | undefined;
  /** Which parameter limits the completion; the other one is tried if it is rejected. By default `max_completion_tokens`. */
  maxTokensParameter?: 'max_completion_tokens' | 'max_tokens' | undefined;
  timeouts?: TokenTimeouts | undefined;
  /** How often a request that failed before its first token is sent again. 3 by default. */
  maxRetries?: number | undefined;
  limits?: CallLimits | undefined;
  /** Called with one-line notes for the operator, without secrets. */
  log?: ((line: string) => void) | undefined;
}

const defaultTimeouts: TokenTimeouts = { firstTokenMs: 120_000, nextTokenMs: 60_000 };

/** A server that speaks one of OpenAI's APIs. */
export class ModelEndpoint {
  readonly options: ModelEndpointOptions;
  readonly names: ModelNames;
  readonly timeouts: TokenTimeouts;
  readonly maxRetries: number;
  readonly limiter: CallLimiter;
  readonly secrets: readonly string[];
  readonly host: string;
  readonly #agent = httpAgent();
  readonly #headers: Record<string, string>;

  constructor(options: ModelEndpointOptions) {
    const { apiKey, headers = {}, query = {} } = options;
    this.options = options;
    this.names = options.names ?? sameNames;
    this.timeouts = options.timeouts ?? defaultTimeouts;
    this.maxRetries = options.maxRetries ?? 3;
    this.limiter = new CallLimiter(options.limits ?? {});
    this.secrets = secretFormsOf([apiKey ?? '', ...credentialsAmong(headers), ...credentialsAmong(query)]);
    this.host = new URL(options.baseUrl).host;
    this.#headers = {
      'content-type': 'application/json',
      accept: 'text/event-stream, application/json',
      'accept-encoding': 'identity',
      ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }),
      ...headers,
    };
  }

  /** Rejects as `openCall` does. */
  send(
    method: 'GET' | 'POST',
    path: string,
    body: string | null,
    clock: TokenClock,
    signal: AbortSignal,
  ): Promise<Call> {
    const url = new URL(this.options.baseUrl + path);
    for (const [name, value] of Object.entries(this.options.query ?? {})) url.searchParams.set(name, value);
    return openCall(this.#agent, { url, method, headers: this.#headers, body }, clock, signal);
  }

  close(): Promise<void> {
    return this.#agent.destroy();
  }

  log(line: string): void {
    this.options.log?.(withoutPartsOfSecrets(`model endpoint ${this.host}: ${line}`, this.secrets));
  }

  /** The error without the secrets, and without what the endpoint sent; what is no `ModelError` stays as it is. */
  cleaned(error: unknown): unknown {
    if (!(error instanceof ModelError)) return error;
    const { isRetryable, retryAfterMs, contextTokens } = error;
    const summary = withoutPartsOfSecrets(error.summary, this.secrets);
    const message = withoutPartsOfSecrets(error.message, this.secrets);
    return new ModelError(error.code, message, { isRetryable, retryAfterMs, contextTokens, summary });
  }
}
