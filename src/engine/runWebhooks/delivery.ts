import type { Dispatcher } from 'undici';
import { backoffMs } from '../../backoff.ts';
import { unixSeconds } from '../clock.ts';
import { withoutSecrets } from '../models/endpoint/secrets.ts';
import type { WaitingRunWebhook } from '../store/access/runWebhooks.ts';
import { signedHeaders } from '../tools/signature.ts';
import { sendWebhook, WebhookError } from '../tools/webhookRequest.ts';

export interface DeliveryOptions {
  dispatcher: Dispatcher;
  /** Signs the requests. */
  key: Buffer;
  /** What no log line may contain. */
  secrets: readonly string[];
  timeoutMs: number;
  firstPauseMs: number;
  log: (line: string) => void;
}

/** An attempt to deliver a message. */
export interface Delivery {
  message: WaitingRunWebhook;
  /** With this one. */
  attempts: number;
  /** Milliseconds before the next attempt; undefined if the message was delivered. */
  pauseMs: number | undefined;
}

export const longestPauseMs = 3_600_000;

const pauseAfter = (attempts: number, error: WebhookError, firstPauseMs: number): number => {
  const pauseMs = backoffMs(attempts, { firstMs: firstPauseMs, maxMs: longestPauseMs, jitter: 0.25 });
  return Math.min(Math.max(pauseMs, error.retryAfterMs ?? 0), longestPauseMs);
};

const described = ({ body }: WaitingRunWebhook): string => {
  const { type, data } = JSON.parse(body) as { type: string; data: { run_id: string } };
  return `${type} of ${data.run_id}`;
};

/** Sends a message once, signed, and logs the outcome. Rejects with the reason of an aborted `signal`. */
export const deliver = async (
  { dispatcher, key, secrets, timeoutMs, firstPauseMs, log }: DeliveryOptions,
  url: URL,
  message: WaitingRunWebhook,
  signal: AbortSignal,
): Promise<Delivery> => {
  const { id, body } = message;
  const headers = { 'content-type': 'application/json', ...signedHeaders(key, id, unixSeconds(), body) };
  const attempts = message.attempts + 1;
  const what = `run webhook ${id} to ${url.host}`;
  try {
    await sendWebhook(dispatcher, { url, headers, body, timeoutMs }, signal);
    log(`${what} was delivered, attempt ${attempts}: ${described(message)}`);
    return { message, attempts, pauseMs: undefined };
  } catch (error) {
    if (!(error instanceof WebhookError)) throw error;
    const pauseMs = pauseAfter(attempts, error, firstPauseMs);
    const reason = withoutSecrets(error.message, secrets);
    const next = `next in ${Math.ceil(pauseMs / 1000)} s`;
    log(`${what} failed, attempt ${attempts}, ${next}: ${described(message)}: ${reason}`);
    return { message, attempts, pauseMs };
  }
};
