import { runnerOf } from './codeInterpreterParsers.ts';
import { secretWord, wholeNumber } from './parsers.ts';
import { setting } from './setting.ts';

/** The code interpreter of the embedded engine. */
export const codeInterpreterSettings = {
  codeInterpreter: setting({
    name: 'CODE_INTERPRETER',
    unit: 'name or URL',
    fallback: 'off',
    description:
      'What runs the Python code of `code_interpreter` tools: bubblewrap, for sandboxes on this machine (Linux), or the URL of a runner of yours. off leaves it to the model endpoint if MODEL_API is responses; otherwise, models do not get the tool. See docs/tools.md.',
    parse: runnerOf,
  }),
  codeInterpreterKey: setting({
    name: 'CODE_INTERPRETER_KEY',
    unit: 'key',
    fallback: '',
    description: 'Key that is sent to the runner at the URL of CODE_INTERPRETER as `Authorization: Bearer …`.',
    secret: true,
    parse: secretWord,
  }),
  codeInterpreterTimeoutMs: setting({
    name: 'CODE_INTERPRETER_TIMEOUT_MS',
    unit: 'milliseconds',
    fallback: '60000',
    description: 'Time limit for the code of one call, after which it is ended.',
    parse: wholeNumber(100, 600_000),
  }),
  codeInterpreterMemoryMb: setting({
    name: 'CODE_INTERPRETER_MEMORY_MB',
    unit: 'MiB',
    fallback: '1024',
    description: 'Address space of a sandbox, Python and its libraries included.',
    parse: wholeNumber(256, 65_536),
  }),
  codeInterpreterDiskMb: setting({
    name: 'CODE_INTERPRETER_DISK_MB',
    unit: 'MiB',
    fallback: '256',
    description: 'Files of a sandbox, which are in memory.',
    parse: wholeNumber(16, 65_536),
  }),
  codeInterpreterIdleMs: setting({
    name: 'CODE_INTERPRETER_IDLE_MS',
    unit: 'milliseconds',
    fallback: '1200000',
    description: 'How long the variables of a thread are kept after its last call.',
    parse: wholeNumber(1000, 86_400_000),
  }),
  codeInterpreterMaxSessions: setting({
    name: 'CODE_INTERPRETER_MAX_SESSIONS',
    unit: 'sandboxes',
    fallback: '8',
    description:
      'Maximum number of sandboxes at once. For another thread, the one that has been idle for longest is ended; if none is idle, the call waits.',
    parse: wholeNumber(1, 180),
  }),
};
