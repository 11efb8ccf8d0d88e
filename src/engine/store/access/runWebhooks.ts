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
  /** When the next message to a webhook is to be sent, of those that nobody was sending at `now`. */
  nextDueAt(target: string, now: number): Promise<number | undefined>;
}

export interface RunWebhookWorkerWrites extends RunWebhookWrites, RunWebhookWorkerReads {
  /**
   * Takes messages to a webhook that were to be sent by `now`, longest waiting first. Until `until` no other process takes them, unless
   * they are postponed.
   */
  take(target: string, now: number, until: number, limit: number): Promise<WaitingRunWebhook[]>;
  postpone(seq: number, attempts: number, dueAt: number): Promise<void>;
  /** Makes all messages to a webhook due that are not. */
  makeDue(target: string, now: number): Promise<void>;
  remove(seqs: number[]): Promise<void>;
  /** Removes messages that were created before `than`, and returns how many. */
  removeOlder(than: number): Promise<number>;
}
