import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { freePort } from './freePort.ts';

/** A PostgreSQL server of its own for tests, in a temporary folder. */
export interface PostgresServer {
  /** Of a database; by default of the one that each server has. */
  url(database?: string): string;
  readonly pid: number;
  /** What it has logged. */
  output(): string;
  stop(): Promise<void>;
}

const user = 'tests';
/** With characters that a URL has to escape. */
const password = 'pass/word?@';

/** Where Debian's packages have their programs, the latest version first. */
export const binFolder = (): string => {
  const parent = '/usr/lib/postgresql';
  const versions = existsSync(parent) ? readdirSync(parent).toSorted((one, other) => Number(other) - Number(one)) : [];
  const found = versions.map((version) => join(parent, version, 'bin')).find((bin) => existsSync(join(bin, 'initdb')));
  if (found === undefined) throw new Error(`no PostgreSQL in ${parent}: install Debian's package postgresql`);
  return found;
};

/** Who runs the server: it refuses to run as root. Undefined: the user of the tests. */
const ownerOf = (): { uid: number; gid: number } | undefined => {
  if (process.getuid?.() !== 0) return undefined;
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const found = users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody');
  if (found === undefined) throw new Error('PostgreSQL does not run as root, and there is no user postgres or nobody');
  return { uid: Number(found[2]), gid: Number(found[3]) };
};

const outputOf = (child: ChildProcess) => {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (piece: string) => {
      text += piece;
    });
  }
  return () => text;
};

/** What a test loses with the machine need not be on the disk. */
const testSettings = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  autovacuum: 'off',
  max_connections: '300',
  shared_buffers: '64MB',
  max_wal_size: '1GB',
  log_min_messages: 'fatal',
  timezone: 'UTC',
};

const isReady = async (url: string) => {
  const client = new Client({ connectionString: url });
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
};

const running = new Set<ChildProcess>();

process.once('exit', () => {
  for (const server of running) server.kill('SIGQUIT');
});

/** Starts a server with an empty database, with these settings of postgresql.conf. Default: those for tests. */
export const startPostgres = async (
  settings: Readonly<Record<string, string>> = testSettings,
): Promise<PostgresServer> => {
  const bin = binFolder();
  const owner = ownerOf();
  const folder = mkdtempSync(join(tmpdir(), 'postgres-'));
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, password);
  if (owner !== undefined) for (const path of [folder, passwordFile]) chownSync(path, owner.uid, owner.gid);
  const data = join(folder, 'data');

  const initialise = [`--pgdata=${data}`, `--username=${user}`, `--pwfile=${passwordFile}`, '--auth=scram-sha-256'];
  const initdb = spawn(join(bin, 'initdb'), [...initialise, '--no-sync', '--no-locale', '--encoding=UTF8'], {
    ...owner,
  });
  const initialised = outputOf(initdb);
  const [code] = await once(initdb, 'close');
  if (code !== 0) throw new Error(`initdb failed:\n${initialised()}`);

  const port = await freePort();
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const server = spawn(join(bin, 'postgres'), ['-D', data, '-p', String(port), '-k', folder, ...options], { ...owner });
  const output = outputOf(server);
  running.add(server);
  const ended = once(server, 'close').then(() => running.delete(server));
  const url = (database = 'postgres') =>
    `postgres://${user}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`;
  while (!(await isReady(url()))) {
    if (server.exitCode !== null) throw new Error(`PostgreSQL ended:\n${output()}`);
    await sleep(50);
  }
  return {
    url,
    pid: server.pid ?? 0,
    output,
    stop: async () => {
      server.kill('SIGQUIT'); // Without a checkpoint.
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
