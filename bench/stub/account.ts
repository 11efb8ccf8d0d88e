import type { RestRun } from '../../src/wire/run.ts';
import { assistant, assistantId, message, run, step, thread } from './objects.ts';

/** The runs of a thread use this many assistants, in turn. */
const ASSISTANTS_PER_THREAD = 10;
const STEPS_PER_RUN = 3;

const threadOf = (id: string, counts: { runs: number; messages: number }) => {
  const runs = range(counts.runs).map((n) => run(id, n, assistantId(1 + (n % ASSISTANTS_PER_THREAD))));
  const wrote = (n: number): RestRun => {
    const by = runs[Math.floor(n / 2) % runs.length];
    if (by === undefined) throw new Error('a thread of the stub has at least one run');
    return by;
  };
  return {
    thread: thread(id),
    runs: runs.map((one) => ({ run: one, steps: range(STEPS_PER_RUN).map((n) => step(one, n)) })),
    messages: range(counts.messages).map((n) => message(id, n, wrote(n))),
  };
};

/** Whole numbers from 1 to `count`. */
export const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

/** Everything that the stub upstream holds; the oldest member of each list comes first. */
export const account = {
  assistants: range(100).map(assistant),
  /** W1 and W3 read this one. */
  ordinary: threadOf('thread_ordinary', { runs: 20, messages: 100 }),
  /** For the checks that cost grows with the response and nothing else. */
  long: threadOf('thread_long', { runs: 200, messages: 1000 }),
};
