import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Log, createLog } from '../../src/observability/log.ts';
import { connectSharedServer } from '../../src/shared/sharedServer.ts';
import { freePort } from '../support/freePort.ts';

/** A real Redis server of the test's own, without data on the disk. */
export interface RedisServer {
  /** Such as `redis://127.0.0.1:45678`. */
  readonly url: string;
  /** Stops it from replying, without closing its connections. */
  readonly freeze: () => void;
  readonly thaw: () => void;
  readonly stop: () => Promise<void>;
  /** Starts it again on its port, empty. */
  readonly restart: () => Promise<void>;
}

/** Starts Debian's `redis-server`, which ends with the test. Rejects if that is not installed, or does not start. */
export const startRedis = async (...options: string[]): Promise<RedisServer> => {
  const folder = mkdtempSync(join(tmpdir(), 'redis-'));
  const port = await freePort();
  let child: ChildProcess;
  const start = async () => {
    const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'no'];
    child = spawn('redis-server', [...args, ...options], { stdio: ['ignore', 'pipe', 'inherit'] });
    let written = '';
    await new Promise<void>((resolve, reject) => {
      child.once('error', ({ message }) =>
        reject(new Error(`This test needs redis-server (apt-get install redis-server): ${message}`)),
      );
      child.once('exit', (code) => reject(new Error(`redis-server ended with code ${code}:\n${written}`)));
      child.stdout?.setEncoding('utf8').on('data', (text: string) => {
        written += text;
        if (written.includes('Ready to accept connections')) resolve();
      });
    });
  };
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  };
  await start();
  onTestFinished(async () => {
    await stop();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    url: `redis://127.0.0.1:${port}`,
    freeze: () => child.kill('SIGSTOP'),
    thaw: () => child.kill('SIGCONT'),
    stop,
    restart: start,
  };
};

/** Long enough for a machine that has much else to do. */
const PATIENT = { replyMs: 10_000, startMs: 10_000 };

/** What one replica sends to the server, and the lines that it logs. */
export const replicaOf = async (url: string, timeouts = PATIENT) => {
  const logged: string[] = [];
  const log: Log = createLog({ level: 'info', write: (line) => logged.push(line) });
  const server = await connectSharedServer(url, log, timeouts);
  onTestFinished(() => server.close());
  let commands = 0;
  const send: typeof server.send = (...command) => {
    commands += 1;
    return server.send(...command);
  };
  return { shared: { ...server, send }, logged, commands: () => commands };
};
