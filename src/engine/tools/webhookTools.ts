import { setTimeout as sleep } from 'node:timers/promises';
import { backoffMs } from '../../backoff.ts';
import { unixSeconds } from '../clock.ts';
import { httpAgent } from '../httpAgent.ts';
import { withoutSecrets } from '../models/endpoint/secrets.ts';
import type { ServerToolCall, ServerTools } from './serverTools.ts';
import { signedHeaders, signingKeyOf } from './signature.ts';
import { sendWebhook, WebhookError } from './webhookRequest.ts';
import { webhookSecrets } from './webhookSecrets.ts';

export interface WebhookToolsOptions {
  /** URLs by the names of the functions. */
  urls: ReadonlyMap<string, string>;
  /** `whsec_` and the key in base64. */
  secret: string;
  /** Of one attempt. Default: 30,000. */
  timeoutMs?: number | undefined;
  /** How often a call that failed for a reason that may pass is made again. Default: 3. */
  maxRetries?: number | undefined;
  /** Milliseconds before the first retry at the most; each further retry doubles it. Default: 500. */
  firstPauseMs?: number | undefined;
  /** Called with one-line notes for the operator, without secrets. */
  log?: ((line: string) => void) | undefined;
}

const longestPauseMs = 8_000;
/** A webhook that asks for a longer pause is not called again. */
const longestRetryAfterMs = 60_000;

/** Milliseconds before the next attempt; undefined if there is none. */
const pauseBefore = (retry: number, error: unknown, firstPauseMs: number): number | undefined => {
  if (!(error instanceof WebhookError) || !error.isRetryable) return undefined;
  const pauseMs = backoffMs(retry, { firstMs: firstPauseMs, maxMs: longestPauseMs });
  if (error.retryAfterMs === undefined) return pauseMs;
  return error.retryAfterMs <= longestRetryAfterMs ? Math.max(pauseMs, error.retryAfterMs) : undefined;
};

const bodyOf = ({ id, name, arguments: written, threadId, runId, assistantId }: ServerToolCall): string =>
  JSON.stringify({
    tool_call_id: id,
    name,
    arguments: written,
    thread_id: threadId,
    run_id: runId,
    assistant_id: assistantId,
  });

/** Functions that are run by POST requests to the operator's URLs, signed as Standard Webhooks. */
export const webhookTools = (options: WebhookToolsOptions): ServerTools => {
  const { urls, secret, timeoutMs = 30_000, maxRetries = 3, firstPauseMs = 500, log = () => undefined } = options;
  const dispatcher = httpAgent();
  const key = signingKeyOf(secret);
  // Webhooks know the secret and could return it, and error pages of web frameworks quote the URL, which may hold a key.
  const { signing: signingSecrets, all: secrets } = webhookSecrets([...urls.values()], secret);

  const attempt = (url: URL, call: ServerToolCall, signal: AbortSignal) => {
    const body = bodyOf(call);
    const headers = { 'content-type': 'application/json', ...signedHeaders(key, call.id, unixSeconds(), body) };
    return sendWebhook(dispatcher, { url, headers, body, timeoutMs }, signal);
  };

  /** Rejects with `WebhookError`, or with the reason of an aborted `signal`. */
  const outputOf = async (url: URL, call: ServerToolCall, signal: AbortSignal): Promise<string> => {
    for (let retry = 1; ; retry += 1) {
      try {
        return await attempt(url, call, signal);
      } catch (error) {
        const pauseMs = retry > maxRetries ? undefined : pauseBefore(retry, error, firstPauseMs);
        if (pauseMs === undefined) throw error;
        await sleep(pauseMs, undefined, { signal }).catch(() => signal.throwIfAborted());
      }
    }
  };

  return {
    has: (name) => urls.has(name),
    call: async (call, signal) => {
      const url = urls.get(call.name);
      if (url === undefined) throw new Error(`the tool ${call.name} has no webhook`);
      try {
        return withoutSecrets(await outputOf(new URL(url), call, signal), signingSecrets);
      } catch (error) {
        if (!(error instanceof WebhookError)) throw error;
        const reason = withoutSecrets(error.message, secrets);
        log(`the webhook of the tool ${call.name} failed, call ${call.id}: ${reason}`);
        return `The tool failed: ${reason}`;
      }
    },
    close: () => dispatcher.destroy(),
  };
};
