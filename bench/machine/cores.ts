import { execFileSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** Asked at once: it counts the cores that this process may use, which are fewer once it has left one. */
const cores = availableParallelism();

/** Whether servers can be held to the first core and everything else to the others. */
export const canPin = (): boolean => cores > 1 && succeeds('taskset', ['--version']);

const succeeds = (command: string, args: string[]) => {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

/** The core that the measured server has to itself, and those for the stub, the load and this process. */
export const SERVER_CORES = '0';
export const OTHER_CORES = cores > 2 ? `1-${cores - 1}` : '1';

/** Moves this process off the servers' core. */
export const leaveServerCore = () =>
  execFileSync('taskset', ['-a', '-c', '-p', OTHER_CORES, String(process.pid)], { stdio: 'ignore' });
