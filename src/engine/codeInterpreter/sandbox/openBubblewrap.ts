import type { CodeRunner } from '../codeRunner.ts';
import { offRunner } from '../offRunner.ts';
import { startBubblewrap } from './bubblewrap.ts';
import type { SandboxLimits } from './limits.ts';
import { SandboxRunner, type SandboxRunnerOptions } from './sandboxRunner.ts';
import { problemOf, startProblem } from './selfTest.ts';

export interface BubblewrapOptions {
  limits: SandboxLimits;
  /** Milliseconds after its last call until a session ends. */
  idleMs: number;
  /** Maximum number of sessions at once. */
  maxSessions: number;
  /** Starts the process of a sandbox. Default: bubblewrap. */
  start?: SandboxRunnerOptions['start'] | undefined;
}

const name = 'bubblewrap';
/** Milliseconds of the endless code of the self-test. */
const briefMs = 300;

/**
 * Runs code in bubblewrap sandboxes, after a self-test that tries to escape from them. If it fails, or no sandbox can be started, no
 * code is run, and the runner says why.
 */
export const openBubblewrap = async (options: BubblewrapOptions): Promise<CodeRunner> => {
  if (process.platform !== 'linux') return offRunner(name, 'bubblewrap needs Linux.');
  const { start = startBubblewrap } = options;
  const runnerWith = (limits: SandboxLimits) => new SandboxRunner({ ...options, name, limits, start });
  const tested = { runner: runnerWith(options.limits), brief: runnerWith({ ...options.limits, callMs: briefMs }) };
  const problem = await problemOf(tested, options.limits);
  await Promise.all([tested.runner.close(), tested.brief.close()]);
  if (problem !== undefined) return offRunner(name, problem);
  const runner = runnerWith(options.limits);
  try {
    await runner.warmUp();
    return runner;
  } catch (error) {
    await runner.close();
    return offRunner(name, startProblem(error));
  }
};
