import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { freePort } from '../machine/freePort.ts';

/** A PostgreSQL server of its own, on 127.0.0.1. */
export interface Cluster {
  readonly port: number;
  /** What it has logged. */
  readonly logFile: string;
  readonly pid: number;
  /** Creates an empty database, and returns its URL. */
  createDatabase(name: string): Promise<string>;
  /** Stops it and deletes its data. */
  stop(): Promise<void>;
}

const START_MS = 30_000;

/** The folder of the newest version's programs, where Debian has them. */
const programs = (): string => {
  const versions = readdirSync('/usr/lib/postgresql').map(Number).filter(Number.isInteger);
  return `/usr/lib/postgresql/${Math.max(...versions)}/bin`;
};

/** PostgreSQL does not run as root: then it runs as the user that Debian's package has created. */
const owner = (): { uid: number; gid: number } | undefined => {
  if (process.getuid?.() !== 0) return undefined;
  const line = readFileSync('/etc/passwd', 'utf8').match(/^postgres:[^:]*:(\d+):(\d+):/m);
  if (line === null) throw new Error('there is no user postgres: install Debian\'s package "postgresql"');
  return { uid: Number(line[1]), gid: Number(line[2]) };
};

const accepts = async (url: string): Promise<boolean> => {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
};

const run = async (url: string, statement: string) => {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
};

const running = new Set<ChildProcess>();

process.once('exit', () => {
  for (const child of running) child.kill('SIGQUIT');
});

/** Starts PostgreSQL with its data in a temporary folder. `settings` are those of postgresql.conf. */
export const startCluster = async (settings: Readonly<Record<string, string>> = {}): Promise<Cluster> => {
  const bin = programs();
  const user = owner();
  const folder = mkdtempSync(join(tmpdir(), 'assistants-postgres-'));
  if (user !== undefined) chownSync(folder, user.uid, user.gid);
  const data = join(folder, 'data');
  const options = { cwd: folder, ...user };
  execFileSync(`${bin}/initdb`, ['-D', data, '-U', 'postgres', '--auth=trust', '--encoding=UTF8', '--no-sync'], {
    ...options,
    stdio: 'ignore',
  });
  const port = await freePort();
  const all = { listen_addresses: '127.0.0.1', port: String(port), unix_socket_directories: folder, ...settings };
  const logFile = join(folder, 'log');
  const log = openSync(logFile, 'a');
  const child = spawn(
    `${bin}/postgres`,
    ['-D', data, ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    { ...options, stdio: ['ignore', log, log] },
  );
  running.add(child);
  const closed = once(child, 'close').then(() => running.delete(child));
  const urlOf = (database: string) => `postgres://postgres@127.0.0.1:${port}/${database}`;
  for (const started = Date.now(); !(await accepts(urlOf('postgres'))); await sleep(50)) {
    if (Date.now() - started > START_MS || child.exitCode !== null)
      throw new Error(`PostgreSQL did not start: ${readFileSync(logFile, 'utf8')}`);
  }
  return {
    port,
    logFile,
    pid: child.pid ?? 0,
    createDatabase: async (name) => {
      await run(urlOf('postgres'), `create database ${name}`);
      return urlOf(name);
    },
    stop: async () => {
      child.kill('SIGINT'); // Ends connections without waiting for them.
      await closed;
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
