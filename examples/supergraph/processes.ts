import { type ChildProcess, spawn } from 'node:child_process';

/** A process that serves GraphQL. */
export interface Running {
  /** Where it serves, such as `http://127.0.0.1:4001/graphql`. */
  readonly url: string;
  readonly stop: () => Promise<void>;
}

interface Start {
  readonly command: string;
  readonly args: readonly string[];
  /** The folder to start it in. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Finds in the output of the process that it is ready, and its URL. */
  readonly ready: (written: string) => string | undefined;
}

/** Starts a process and waits until it serves. Rejects with what it wrote, should it end instead. */
export const start = ({ command, args, cwd, env, ready }: Start): Promise<Running> => {
  const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let written = '';
  return new Promise((resolve, reject) => {
    const read = (text: Buffer) => {
      written += text.toString();
      const url = ready(written);
      if (url !== undefined) resolve({ url, stop: () => stopped(child) });
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('error', reject);
    child.once('exit', (code) =>
      reject(new Error(`${command} ${args.join(' ')} ended with code ${code}:\n${written}`)),
    );
  });
};

const stopped = (child: ChildProcess) =>
  new Promise<void>((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) {
      resolve();
      return;
    }
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
