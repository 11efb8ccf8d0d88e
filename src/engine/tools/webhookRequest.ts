import type { Dispatcher } from 'undici';
import { boundedPieces } from '../../boundedPieces.ts';
import { retryHintsIn } from '../models/endpoint/retryHints.ts';

/** Bytes of an output. */
const longestOutput = 512 * 1024;
/** Characters of an error response that are passed to the model. */
const longestReason = 500;

/** Why a request to a webhook has no output. `message` is for the model, and contains no URL. */
export class WebhookError extends Error {
  override readonly name = 'WebhookError';
  /** Whether the failure may pass. */
  readonly isRetryable: boolean;
  /** Milliseconds that the webhook asks to wait. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, { isRetryable = false, retryAfterMs }: WebhookErrorOptions = {}) {
    super(message);
    this.isRetryable = isRetryable;
    this.retryAfterMs = retryAfterMs;
  }
}

interface WebhookErrorOptions {
  isRetryable?: boolean;
  retryAfterMs?: number | undefined;
}

export interface WebhookRequest {
  url: URL;
  headers: Record<string, string>;
  body: string;
  timeoutMs: number;
}

const tooLarge = () => new WebhookError(`its output is larger than ${longestOutput / 1024} KiB.`);

const reasonIn = (text: string) => {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line === '' ? '.' : `: ${line.slice(0, longestReason)}`;
};

const responseTo = async (dispatcher: Dispatcher, request: WebhookRequest, signal: AbortSignal): Promise<string> => {
  const { url, headers, body } = request;
  const sent = { origin: url.origin, path: url.pathname + url.search, method: 'POST', headers, body, signal } as const;
  const response = await dispatcher.request(sent);
  const pieces = await boundedPieces(response.body as AsyncIterable<Uint8Array>, longestOutput, tooLarge);
  const text = Buffer.concat(pieces).toString('utf8');
  const { statusCode: status } = response;
  if (status >= 200 && status < 300) return text;
  const header = (name: string) => [response.headers[name]].flat()[0];
  throw new WebhookError(`it returned the status ${status}${reasonIn(text)}`, {
    isRetryable: status === 429 || status >= 500,
    retryAfterMs: retryHintsIn(header).retryAfterMs,
  });
};

/**
 * Sends one request and returns the body of its 2xx response. Redirects are not followed: only the configured URL gets
 * the arguments. Rejects with `WebhookError`, or with the reason of an aborted `signal`.
 */
export const sendWebhook = async (
  dispatcher: Dispatcher,
  request: WebhookRequest,
  signal: AbortSignal,
): Promise<string> => {
  const late = AbortSignal.timeout(request.timeoutMs);
  try {
    return await responseTo(dispatcher, request, AbortSignal.any([signal, late]));
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof WebhookError) throw error;
    const reason = late.aborted
      ? `it did not respond within ${request.timeoutMs} ms.`
      : 'it could not be reached, or closed the connection.';
    throw new WebhookError(reason, { isRetryable: true });
  }
};
