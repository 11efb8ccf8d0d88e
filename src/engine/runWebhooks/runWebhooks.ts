import { httpAgent } from '../httpAgent.ts';
import type { Store } from '../store/store.ts';
import { signingKeyOf } from '../tools/signature.ts';
import { webhookSecrets } from '../tools/webhookSecrets.ts';
import { deliver } from './delivery.ts';
import { runQueue } from './queue.ts';
import { targetOf } from './target.ts';

export interface RunWebhooksOptions {
  urls: readonly string[];
  /** `whsec_` and the key in base64. */
  secret: string;
  /** Of one attempt. Default: 10,000. */
  timeoutMs?: number | undefined;
  /** Milliseconds before the second attempt; each further one doubles it, up to an hour. Default: 5,000. */
  firstPauseMs?: number | undefined;
}

/** Sends the messages that are waiting for webhooks. */
export interface RunWebhooks {
  /** Stops sending. Messages that are under way are sent again by the next process. */
  close(): Promise<void>;
}

/** Milliseconds for what an attempt takes in addition to its timeout: to be stored, and the difference of the clocks of two processes. */
const attemptSlackMs = 60_000;

/** Starts to send the messages that `store` has for these webhooks. Each webhook has a queue of its own. */
export const startRunWebhooks = (
  store: Store,
  { urls, secret, timeoutMs = 10_000, firstPauseMs = 5_000 }: RunWebhooksOptions,
  log: (line: string) => void,
): RunWebhooks => {
  const dispatcher = httpAgent();
  const key = signingKeyOf(secret);
  const secrets = webhookSecrets(urls, secret).all;
  const delivery = { dispatcher, key, secrets, timeoutMs, firstPauseMs, log };
  const closing = new AbortController();
  const { signal } = closing;
  const queues = urls.map((address) => {
    const url = new URL(address);
    return runQueue({
      store,
      target: targetOf(address),
      leaseMs: timeoutMs + attemptSlackMs,
      send: (message) => deliver(delivery, url, message, signal),
      log,
      signal,
    });
  });
  return {
    close: async () => {
      closing.abort();
      await Promise.all(queues);
      await dispatcher.destroy();
    },
  };
};
