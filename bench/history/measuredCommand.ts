import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { peakRssMiB } from '../machine/usage.ts';

/** What running a command cost. */
export interface CommandCost {
  readonly code: number | null;
  readonly seconds: number;
  /** The most memory that it had in RAM, as the kernel counts it. */
  readonly peakMiB: number;
  /** The last line on its standard error. */
  readonly lastLine: string;
}

/** Runs the built command line with `env` as its only settings. */
export const measuredCommand = async (env: Record<string, string>, args: string[]): Promise<CommandCost> => {
  const started = performance.now();
  const child = spawn(process.execPath, ['dist/server.js', ...args], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  child.stderr.on('data', (chunk) => {
    log += String(chunk);
  });
  let peakMiB = 0;
  const timer = setInterval(() => {
    try {
      peakMiB = peakRssMiB(child.pid ?? 0);
    } catch {
      // It has ended.
    }
  }, 100);
  const [code] = (await once(child, 'close')) as [number | null];
  clearInterval(timer);
  const seconds = (performance.now() - started) / 1000;
  return { code, seconds, peakMiB, lastLine: log.trim().split('\n').at(-1) ?? '' };
};
