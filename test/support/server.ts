import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/**
 * Settings of a server under test. By default any free port, data in memory (without a DATABASE_URL), no limit for the latency of a server that competes
 * with other tests, and no other variable of the environment.
 */
export type ServerEnv = Readonly<Record<string, string>>;

/** The answer to a GraphQL request. */
export interface GraphqlAnswer<Data> {
  readonly data?: Data | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions?: Readonly<Record<string, unknown>>;
  }[];
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** The server as a user starts it: a process of its own, reached over HTTP. */
export interface RunningServer {
  /** Such as `http://127.0.0.1:45678`. */
  readonly url: string;
  readonly pid: number | undefined;
  readonly graphql: <Data = Record<string, unknown>>(
    query: string,
    variables?: Readonly<Record<string, unknown>>,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<GraphqlAnswer<Data>>;
  /** Calls the REST API: `rest('/assistants')`. The beta header is sent along. */
  readonly rest: (path: string, init?: RequestInit) => Promise<Response>;
  /** Everything that it wrote so far, to standard output and to standard error. */
  readonly output: () => string;
  readonly signal: (name: NodeJS.Signals) => void;
  /** Resolves with the exit code once the process is gone; null if a signal killed it. */
  readonly exited: Promise<number | null>;
  /** Asks it to stop and waits until it has; resolves with the exit code. */
  readonly stop: () => Promise<number | null>;
  /** Ends it as a power cut would. */
  readonly kill9: () => Promise<void>;
}

/** Starts the server and waits until it says where it listens. Rejects with what it wrote, should it end instead. */
export const startServer = async (env: ServerEnv = {}): Promise<RunningServer> => {
  const { child, output, exited } = spawnServer(env, []);
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout?.on('data', () => {
      const [, listening] = output().match(/(http:\S+)\/graphql\n/) ?? [];
      if (listening !== undefined) resolve(listening);
    });
    exited.then((code) => reject(new Error(`the server ended with code ${code}:\n${output()}`)), reject);
  });
  return {
    url,
    pid: child.pid,
    graphql: async (query, variables, headers) => {
      const answer = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
        body: JSON.stringify({ query, variables }),
      });
      return JSON.parse(await answer.text());
    },
    rest: (path, init = {}) => {
      const headers = new Headers(init.headers);
      if (!headers.has('openai-beta')) headers.set('openai-beta', 'assistants=v2');
      if (typeof init.body === 'string' && !headers.has('content-type'))
        headers.set('content-type', 'application/json');
      return fetch(`${url}/v1${path}`, { ...init, headers });
    },
    output,
    signal: (name) => child.kill(name),
    exited,
    stop: () => {
      child.kill('SIGTERM');
      return exited;
    },
    kill9: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
};

/** Runs the server to its end, for the starts that are refused and for `--help`. */
export const runServer = async (env: ServerEnv, args: string[] = []) => {
  const { stdout, stderr, exited } = spawnServer(env, args);
  const code = await exited;
  return { code, stdout: stdout(), stderr: stderr() };
};

const running = new Set<ChildProcess>();

/** Ends the servers of tests that failed before they stopped them. */
export const killServers = (): void => {
  for (const child of running) child.kill('SIGKILL');
};

const spawnServer = (env: ServerEnv, args: string[]) => {
  // Built once for all tests, by `build.ts` in this folder.
  const child = spawn(process.execPath, ['dist/server.js', ...args], {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    env: {
      PATH: process.env['PATH'],
      PORT: '0',
      OVERLOAD_QUEUE_MS: '0',
      ...(env['DATABASE_URL'] === undefined && { DATA_PATH: ':memory:' }),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  const written = { stdout: '', stderr: '', both: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      written[name] += text;
      written.both += text;
    });
  }
  const exited = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    // 'close' and not 'exit': by then all that it wrote has been read.
    child.once('close', (code) => {
      running.delete(child);
      resolve(code);
    });
  });
  return {
    child,
    exited,
    stdout: () => written.stdout,
    stderr: () => written.stderr,
    output: () => written.both,
  };
};
