import { MeanWait } from './meanWait.ts';

/**
 * How much one execution does in a turn of the event loop, in bytes written: at most 10 ms. What costs time without writing is
 * counted as so many bytes.
 */
export const WORK_PER_TURN = 256 * 1024;
export const RESOLVER_WORK = 100;
export const ERROR_WORK = 2_000;

/** Does a part of an execution, and returns how much work that was. */
export type Task = () => number;

interface WaitingTask {
  readonly task: Task;
  /** By `performance.now()`. */
  readonly since: number;
}

let tasks: WaitingTask[] = [];
let next = 0;
const meanWait = new MeanWait();

/** How long the tasks that began since the last call waited for their turn on average, in milliseconds. */
export const takeMeanTaskWait = (): number => {
  const first = tasks[next];
  return meanWait.take(first === undefined ? 0 : performance.now() - first.since);
};

/** Has `task` run in a later turn, after those that already wait, whichever execution they belong to. */
export const inLaterTurn = (task: Task): void => {
  tasks.push({ task, since: performance.now() });
  if (tasks.length === 1) setImmediate(turn);
};

/** Texts from this length on are parsed, and serialised, in a turn of their own. */
const LARGE_TEXT = 128 * 1024;

/** Undefined for a text of usual length; for a large one it resolves in a later turn, in which little else is done. */
export const turnForText = (length: number): Promise<void> | undefined =>
  length < LARGE_TEXT
    ? undefined
    : new Promise((resolve) => {
        inLaterTurn(() => {
          resolve();
          return Math.max(length, WORK_PER_TURN);
        });
      });

const turn = () => {
  for (let work = 0; work < WORK_PER_TURN; next += 1) {
    const waiting = tasks[next];
    if (waiting === undefined) {
      tasks = [];
      next = 0;
      return;
    }
    meanWait.add(performance.now() - waiting.since);
    work += waiting.task();
  }
  // What has run is dropped now and then: to take the first of many from an array moves all others.
  if (next > 1000) {
    tasks = tasks.slice(next);
    next = 0;
  }
  setImmediate(turn);
};
