import { setTimeout as sleep } from 'node:timers/promises';
import type { Store } from '../store/store.ts';
import type { WaitingRunWebhook } from '../store/access/runWebhooks.ts';
import { type Delivery, longestPauseMs } from './delivery.ts';

/** Messages to one webhook at a time. */
const maxConcurrent = 32;
/** After which a message is given up. */
const maxAgeMs = 3 * 24 * 3_600_000;
/** After a failure of the store. */
const storePauseMs = 1_000;

export interface QueueOptions {
  store: Store;
  /** Identifies the webhook. */
  target: string;
  /** After which other processes send what this one was sending: more than an attempt takes. */
  leaseMs: number;
  send: (message: WaitingRunWebhook) => Promise<Delivery>;
  log: (line: string) => void;
  /** Stops sending. */
  signal: AbortSignal;
}

/** Sends the messages that are due, and stores the outcomes. False if there were none. */
const sendDue = async ({ store, target, leaseMs, send, signal }: QueueOptions): Promise<boolean> => {
  const now = Date.now();
  const due = await store.write(({ runWebhooks }) => runWebhooks.take(target, now, maxConcurrent, now + leaseMs));
  if (due.length === 0) return false;
  const settled = await Promise.allSettled(due.map(send));
  const sent = settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  const unsent = due.filter((_message, index) => settled[index]?.status === 'rejected');
  await store.write(async ({ runWebhooks }) => {
    await runWebhooks.remove(sent.flatMap(({ message, pauseMs }) => (pauseMs === undefined ? [message.seq] : [])));
    for (const { message, attempts, pauseMs } of sent) {
      if (pauseMs !== undefined) await runWebhooks.postpone(message.seq, attempts, Date.now() + pauseMs);
    }
    for (const { seq, attempts } of unsent) await runWebhooks.postpone(seq, attempts, Date.now());
  });
  const failed = settled.find((each) => each.status === 'rejected');
  if (failed !== undefined && !signal.aborted) throw failed.reason;
  return true;
};

const giveUpOld = async ({ store, log }: QueueOptions) => {
  const removed = await store.write(({ runWebhooks }) => runWebhooks.removeOlder(Date.now() - maxAgeMs));
  if (removed > 0) log(`${removed} run webhooks were given up after ${maxAgeMs / 3_600_000} hours`);
};

/** Sends the messages to one webhook, those that are stored and new ones as they are committed, until `signal` is aborted. */
export const runQueue = async (options: QueueOptions): Promise<void> => {
  const { store, target, log, signal } = options;
  let hasNew = false;
  let wake: (() => void) | undefined;
  const wait = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
      if (hasNew || signal.aborted) wake?.();
    });
  const onNew = () => {
    hasNew = true;
    wake?.();
  };
  const unsubscribe = store.onWebhookWaiting(onNew);
  signal.addEventListener('abort', onNew);

  const sendAndWait = async () => {
    hasNew = false;
    if (await sendDue(options)) return;
    const next = await store.runWebhooks.nextDueAt(target);
    const pauseMs = next === undefined ? longestPauseMs : Math.max(next - Date.now(), 0);
    await wait(Math.min(pauseMs, longestPauseMs));
  };
  /** What waits is sent at the start: it may have waited for the machine on which this server was started again. */
  const begin = async () => {
    await giveUpOld(options);
    await store.write(({ runWebhooks }) => runWebhooks.makeDue(target, Date.now()));
  };

  let hasBegun = false;
  let latestFailure: string | undefined;
  let checkedAt = Date.now();
  while (!signal.aborted) {
    try {
      if (!hasBegun) await begin();
      hasBegun = true;
      if (Date.now() - checkedAt > longestPauseMs) {
        checkedAt = Date.now();
        await giveUpOld(options);
      }
      await sendAndWait();
      latestFailure = undefined;
    } catch (error) {
      if (signal.aborted) break;
      const failure = `run webhooks could not be sent: ${String(error)}`;
      if (failure !== latestFailure) log(failure);
      latestFailure = failure;
      await sleep(storePauseMs, undefined, { signal }).catch(() => undefined);
    }
  }
  unsubscribe();
  signal.removeEventListener('abort', onNew);
};
