/** A message for webhooks. `body` is JSON. */
export interface RunWebhookMessage {
  id: string;
  body: string;
}

/** A message that one of the webhooks has not got. */
export interface WaitingRunWebhook extends RunWebhookMessage {
  seq: number;
  /** How often it has been sent. */
  attempts: number;
}

export interface RunWebhookWrites {
  /** Stores messages about a run for each of the webhooks, if there are any. */
  add(messages: RunWebhookMessage[]): Promise<void>;
}

export interface RunWebhookWorkerReads {
  /** When the next message to a webhook is to be sent. */
  nextDueAt(target: string): Promise<number | undefined>;
}

export interface RunWebhookWorkerWrites extends RunWebhookWrites, RunWebhookWorkerReads {
  /** Messages to a webhook that were to be sent by `now`, longest waiting first. Other processes do not get them before `until`. */
  take(target: string, now: number, limit: number, until: number): Promise<WaitingRunWebhook[]>;
  postpone(seq: number, attempts: number, dueAt: number): Promise<void>;
  /** Makes all messages to a webhook due that are not. Has no effect if other processes may be sending some. */
  makeDue(target: string, now: number): Promise<void>;
  remove(seqs: number[]): Promise<void>;
  /** Removes messages that were created before `than`, and returns how many. */
  removeOlder(than: number): Promise<number>;
}
