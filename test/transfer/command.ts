import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { ServerEnv } from '../support/server.ts';

/** What a command wrote, and its exit code; null if a signal ended it. */
export interface CommandResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** A command that is running. */
export interface RunningCommand {
  readonly child: ChildProcess;
  readonly result: Promise<CommandResult>;
}

/**
 * Starts the command line with `input` on its standard input, which stays open if that is undefined. It is killed if it
 * outlives the test.
 */
export const startCommand = (env: ServerEnv, args: string[], input: string | undefined): RunningCommand => {
  // Built once for all tests, by `build.ts` in test/support.
  const child = spawn(process.execPath, ['dist/server.js', ...args], {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  child.stdin.on('error', () => undefined); // The command may end before it has read everything.
  if (input !== undefined) child.stdin.end(input);
  const written = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    written.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    written.stderr += text;
  });
  const result = new Promise<CommandResult>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, ...written }));
  });
  return { child, result };
};

/** Runs the command line to its end. */
export const runCommand = (env: ServerEnv, args: string[], input = ''): Promise<CommandResult> =>
  startCommand(env, args, input).result;

/** The objects in JSON Lines. */
export const objectsIn = (lines: string): Record<string, unknown>[] =>
  lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

/** JSON Lines of objects. */
export const linesOf = (objects: readonly object[]): string =>
  objects.map((object) => `${JSON.stringify(object)}\n`).join('');
