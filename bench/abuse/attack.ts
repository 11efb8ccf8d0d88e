/** The server under attack, and what is in it. */
export interface Target {
  readonly url: string;
  readonly port: number;
  /** A thread with 100 short messages. */
  readonly threadId: string;
  /** A thread with 50 messages of 240,000 characters. */
  readonly largeThreadId: string;
  /** A run that waits for outputs, so that it can be followed without end. */
  readonly waiting: { readonly threadId: string; readonly runId: string };
}

/** One kind of abuse. `run` resolves with what became of it, in a few words. */
export interface Attack {
  readonly name: string;
  readonly run: (target: Target) => Promise<string>;
}

/** Counts of outcomes as text, such as `200 × 3, 400 TOO_DEEP × 2`. */
export const counted = (outcomes: readonly string[]): string => {
  const counts = new Map<string, number>();
  for (const outcome of outcomes) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  return [...counts].map(([outcome, count]) => (count === 1 ? outcome : `${outcome} × ${count}`)).join(', ');
};
