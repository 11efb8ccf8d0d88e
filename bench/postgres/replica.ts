import { freePort } from '../machine/freePort.ts';
import { type Child, startNode } from '../machine/children.ts';

/** A server process that can be killed and started again on its port. */
export interface Replica {
  readonly port: number;
  readonly url: string;
  /** Of the process that runs. */
  pid(): number;
  start(): Promise<void>;
  /** Ends it as a power cut would. */
  kill(): void;
  stop(): Promise<void>;
}

/** Starts the built server. `env` has its settings but for the port. */
export const startReplica = async (name: string, env: Readonly<Record<string, string>>): Promise<Replica> => {
  const port = await freePort();
  let child: Child | undefined;
  const start = async () => {
    child = await startNode({
      name,
      args: ['dist/server.js'],
      cwd: new URL('../..', import.meta.url),
      env: { PORT: String(port), HOST: '127.0.0.1', OVERLOAD_QUEUE_MS: '0', ...env },
      ready: /(http:\S+)\/graphql\n/,
    });
  };
  await start();
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    pid: () => child?.pid ?? 0,
    start,
    kill: () => {
      if (child !== undefined) process.kill(child.pid, 'SIGKILL');
    },
    stop: async () => child?.stop(),
  };
};
