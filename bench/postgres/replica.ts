import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { freePort } from '../machine/freePort.ts';

/** A server process that can be killed and started again on its port. */
export interface Replica {
  readonly port: number;
  readonly url: string;
  /** Of the process that runs. */
  pid(): number;
  start(): Promise<void>;
  /** Ends it as a power cut would, and waits until it has ended. */
  kill(): Promise<void>;
  stop(): Promise<void>;
  /** What it has written to standard error. */
  errors(): string;
  /** Ends of the process that nobody asked for. */
  failures(): readonly string[];
}

const ready = /http:\S+\/graphql\n/;

const running = new Set<ChildProcess>();

process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Starts the built server. `env` has its settings but for the port. */
export const startReplica = async (name: string, env: Readonly<Record<string, string>>): Promise<Replica> => {
  const port = await freePort();
  let child: ChildProcess | undefined;
  let isWanted = false;
  let errors = '';
  const failures: string[] = [];

  const start = async () => {
    const started = spawn(process.execPath, ['dist/server.js'], {
      cwd: new URL('../..', import.meta.url),
      env: { PATH: process.env['PATH'], PORT: String(port), HOST: '127.0.0.1', OVERLOAD_QUEUE_MS: '0', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child = started;
    isWanted = true;
    running.add(started);
    started.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors += text;
    });
    started.once('exit', (code, signal) => {
      running.delete(started);
      if (isWanted) failures.push(`${name} ended with ${signal ?? `code ${code}`}`);
    });
    let written = '';
    started.stdout.setEncoding('utf8');
    for await (const text of started.stdout.iterator({ destroyOnReturn: false })) {
      written += String(text);
      if (ready.test(written)) break;
    }
    if (!ready.test(written)) throw new Error(`${name} did not start: ${errors}`);
    started.stdout.resume();
  };
  const end = async (signal: NodeJS.Signals) => {
    isWanted = false;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  };
  await start();
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    pid: () => child?.pid ?? 0,
    start,
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
    errors: () => errors,
    failures: () => failures,
  };
};
