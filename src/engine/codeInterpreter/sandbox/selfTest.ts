import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CodeRunner } from '../codeRunner.ts';
import type { SandboxLimits } from './limits.ts';

/** What an escape would reach: a server of this machine and a file of it. */
interface Bait {
  port: number;
  filePath: string;
  secret: string;
}

interface Attempt {
  /** What is open if it succeeds. */
  name: string;
  /** Python that prints `held` if it fails, as it must. */
  code: (bait: Bait, limits: SandboxLimits) => string;
}

/** Code that must raise one of the `errors`. */
const mustFail = (body: string, errors = 'OSError') =>
  `try:\n${body.replaceAll(/^/gmu, '    ')}\nexcept (${errors}):\n    print('held')`;

const libc = 'import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)';
const mustReturnError = (call: string) => `${libc}\nprint('held' if ${call} == -1 else 'done')`;

const attempts: Attempt[] = [
  {
    name: 'the network',
    code: ({ port }) => mustFail(`import socket\nsocket.create_connection(('127.0.0.1', ${port}), 2)`),
  },
  { name: 'sockets of the virtual machine', code: () => mustFail('import socket\nsocket.socket(40, 1)') },
  { name: 'files of this machine', code: ({ filePath }) => mustFail(`open(${JSON.stringify(filePath)})`) },
  { name: 'files of the system', code: () => mustFail(`open('/etc/passwd')`) },
  { name: 'information on processes', code: () => mustFail(`open('/proc/self/environ')`) },
  { name: 'writing to the system', code: () => mustFail(`open('/usr/lib/written', 'w')`) },
  {
    name: 'environment variables',
    code: ({ secret }) => `import os\nprint('held' if ${JSON.stringify(secret)} not in str(os.environ) else 'read')`,
  },
  { name: 'the user of the server', code: () => `import os\nprint('held' if os.getuid() == 65534 else os.getuid())` },
  { name: 'nested namespaces', code: () => mustReturnError('libc.unshare(0x10000000)') },
  { name: 'mounts', code: () => mustReturnError(`libc.mount(b'none', b'/mnt/data', b'tmpfs', 0, None)`) },
  { name: 'tracing processes', code: () => mustReturnError('libc.ptrace(16, 1, 0, 0)') },
  { name: 'processes', code: () => mustFail('import os\nif os.fork() == 0: os._exit(0)') },
  {
    name: 'memory beyond the limit',
    code: (_, { memory }) => mustFail(`bytearray(${memory})`, 'MemoryError'),
  },
  {
    name: 'files beyond the limit',
    code: (_, { disk }) =>
      mustFail(
        `try:\n    for n in range(1000):\n        with open(f'/tmp/{n}', 'wb') as file: file.write(bytes(${Math.ceil(disk / 50)}))\n` +
          `finally:\n    import os\n    for name in os.listdir('/tmp'):\n        if name.isdigit(): os.remove('/tmp/' + name)`,
      ),
  },
];

/** Runs `work` with a server and a file that code must not reach, and an environment variable that it must not read. */
const withBait = async <Result>(work: (bait: Bait) => Promise<Result>): Promise<Result> => {
  const secret = randomUUID();
  const folder = await mkdtemp(join(tmpdir(), 'self-test-'));
  const filePath = join(folder, 'secret');
  const server = createServer((socket) => socket.destroy());
  process.env['CODE_INTERPRETER_SELF_TEST'] = secret;
  try {
    // Not even the permissions of the file keep code from it.
    await chmod(folder, 0o755);
    await writeFile(filePath, secret, { mode: 0o644 });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return await work({ port: (server.address() as AddressInfo).port, filePath, secret });
  } finally {
    delete process.env['CODE_INTERPRETER_SELF_TEST'];
    server.close();
    await rm(folder, { recursive: true, force: true });
  }
};

const none = () => Promise.resolve([]);
const never = new AbortController().signal;

/** Why no code is run if a sandbox could not be started. */
export const startProblem = (error: unknown): string =>
  `it cannot be started: ${error instanceof Error ? error.message : String(error)}`;

/**
 * Tries to escape from the sandboxes of a runner. Returns why it must not be used: what is open, or that it does not
 * start. Undefined if all attempts fail, as they must. `brief` is the same kind of sandbox with a short time limit.
 */
export const problemOf = (
  { runner, brief }: { runner: CodeRunner; brief: CodeRunner },
  limits: SandboxLimits,
): Promise<string | undefined> =>
  withBait(async (bait) => {
    const open: string[] = [];
    try {
      for (const { name, code } of attempts) {
        const request = { sessionId: 'self-test', code: code(bait, limits), files: none };
        const { logs } = await runner.run(request, never);
        if (logs.trim() !== 'held') open.push(name);
      }
      const endless = { sessionId: 'self-test', code: 'while True: pass', files: none };
      const { notes } = await brief.run(endless, never);
      if (notes.length === 0) open.push('time beyond the limit');
    } catch (error) {
      return startProblem(error);
    }
    return open.length === 0 ? undefined : `code could reach what it must not: ${open.join(', ')}.`;
  });
