import type { Config } from '../cli/config.ts';
import type { CodeRunner } from '../engine/codeInterpreter/codeRunner.ts';
import { externalRunner } from '../engine/codeInterpreter/externalRunner.ts';
import { openBubblewrap } from '../engine/codeInterpreter/sandbox/openBubblewrap.ts';

const bytesPerMb = 1024 * 1024;

/** What CODE_INTERPRETER names; undefined if it is off. Runs the self-test of sandboxes. */
export const configuredCodeRunner = async (config: Config): Promise<CodeRunner | undefined> => {
  const { codeInterpreter, codeInterpreterKey: key, codeInterpreterTimeoutMs: callMs } = config;
  if (codeInterpreter === 'off') return undefined;
  if (codeInterpreter !== 'bubblewrap') {
    return externalRunner({ url: codeInterpreter.href.replace(/\/+$/, ''), key, callMs });
  }
  return openBubblewrap({
    limits: {
      callMs,
      memory: config.codeInterpreterMemoryMb * bytesPerMb,
      disk: config.codeInterpreterDiskMb * bytesPerMb,
    },
    idleMs: config.codeInterpreterIdleMs,
    maxSessions: config.codeInterpreterMaxSessions,
  });
};
