import { Agent } from 'undici';
import { ModelError } from '../modelError.ts';
import { type ModelNames, sameNames } from '../names.ts';
import { type Call, openCall } from './call.ts';
import { CallLimiter, type CallLimits } from './callLimiter.ts';
import { secretsIn, withoutPartsOfSecrets } from './secrets.ts';
import type { TokenClock, TokenTimeouts } from './tokenClock.ts';

export interface EndpointOptions {
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

/** Connections are let go before servers that close idle ones after 5 seconds do so. */
const keepAliveMs = 4_000;
const defaultTimeouts: TokenTimeouts = { firstTokenMs: 120_000, nextTokenMs: 60_000 };

/** A server that speaks one of OpenAI's APIs. */
export class Endpoint {
  readonly options: EndpointOptions;
  readonly names: ModelNames;
  readonly timeouts: TokenTimeouts;
  readonly maxRetries: number;
  readonly limiter: CallLimiter;
  readonly secrets: readonly string[];
  readonly host: string;
  readonly #agent = new Agent({ keepAliveTimeout: keepAliveMs, headersTimeout: 0, bodyTimeout: 0 });
  readonly #headers: Record<string, string>;

  constructor(options: EndpointOptions) {
    const { apiKey, headers = {}, query = {} } = options;
    this.options = options;
    this.names = options.names ?? sameNames;
    this.timeouts = options.timeouts ?? defaultTimeouts;
    this.maxRetries = options.maxRetries ?? 3;
    this.limiter = new CallLimiter(options.limits ?? {});
    this.secrets = secretsIn(apiKey, headers, query);
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

  log(line: string): void {
    this.options.log?.(withoutPartsOfSecrets(`model endpoint ${this.host}: ${line}`, this.secrets));
  }

  /** The error without the secrets, and without what the endpoint sent; what is no `ModelError` stays as it is. */
  cleaned(error: unknown): unknown {
    if (!(error instanceof ModelError)) return error;
    return new ModelError(error.code, withoutPartsOfSecrets(error.message, this.secrets), error);
  }
}
