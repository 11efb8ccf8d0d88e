import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { devNull } from 'node:os';

/** A process that was started for the benchmark. */
export interface Child {
  readonly pid: number;
  /** What the groups of `ready` found in its output. */
  readonly found: readonly string[];
  /** Sends it the signal to stop, and the one that it cannot ignore if it has not after 5 seconds. */
  readonly stop: () => Promise<void>;
  /** What it sends to this process, one message at a time. */
  readonly ask: (message: string) => Promise<unknown>;
}

export interface ChildOptions {
  /** For messages. */
  readonly name: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly cwd?: URL | undefined;
  /** What it writes to standard output once it is ready. */
  readonly ready: RegExp;
  /** Cores to hold it to, such as `0` or `1-3`; undefined leaves it free. */
  readonly cores?: string | undefined;
}

const START_MS = 60_000;
const STOP_MS = 5_000;

const running = new Set<ChildProcess>();

process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Ends all that was started, at once. */
export const killAll = () => {
  for (const child of running) child.kill('SIGKILL');
};

/** Starts a node process and waits until it is ready. Its standard error goes to /dev/null; rejects if it ends or takes a minute. */
export const startNode = async (options: ChildOptions): Promise<Child> => {
  const { name, args, env, cwd, ready, cores } = options;
  const [command, ...before] = cores === undefined ? [process.execPath] : ['taskset', '-c', cores, process.execPath];
  const noise = openSync(devNull, 'w');
  const child = spawn(command, [...before, ...args], {
    cwd,
    env: { PATH: process.env['PATH'], NODE_ENV: 'production', ...env },
    stdio: ['ignore', 'pipe', process.env['BENCH_DEBUG'] === undefined ? noise : 'inherit', 'ipc'],
  });
  closeSync(noise);
  running.add(child);
  const closed = new Promise<void>((resolve) => {
    child.once('close', () => {
      running.delete(child);
      resolve();
    });
  });
  const found = await readiness(name, child, ready, closed);
  return {
    pid: child.pid ?? 0,
    found,
    stop: async () => {
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      await closed;
      clearTimeout(late);
    },
    ask: (message) =>
      new Promise((resolve) => {
        child.once('message', resolve);
        child.send(message);
      }),
  };
};

const readiness = (name: string, child: ChildProcess, ready: RegExp, closed: Promise<void>) =>
  new Promise<string[]>((resolve, reject) => {
    let written = '';
    const fail = (why: string) =>
      reject(new Error(`${name} did not start: ${why}. BENCH_DEBUG=1 shows its standard error. It wrote:\n${written}`));
    const late = setTimeout(() => fail(`it was not ready after ${START_MS / 1000} s`), START_MS);
    child.once('error', (error) => fail(error.message));
    void closed.then(() => fail('it ended'));
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      if (written.length < 10_000) written += text;
      const found = ready.exec(written);
      if (found === null) return;
      clearTimeout(late);
      resolve(found.slice(1));
    });
  });
