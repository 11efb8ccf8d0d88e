import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import { freePort } from '../support/freePort.ts';

const configuration = readFileSync(new URL('../../deploy/nginx/nginx.conf', import.meta.url), 'utf8');
const replicasFile = readFileSync(new URL('../../deploy/nginx/replicas.conf', import.meta.url), 'utf8');

/** The line of `replicas.conf` that names the replicas, and its parameters. Debian's nginx has no `resolve`. */
const SERVER = /^ *server assistants-graphql:4000 resolve (?<parameters>.*);$/m;

const accepts = (port: number) =>
  new Promise<void>((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve();
    });
    socket.once('error', reject);
  });

/**
 * Starts nginx with the files in `deploy/nginx`, changed only in where it listens, where the replicas are, and in which folder it
 * keeps its own files. Resolves with its URL. It ends with the test.
 */
export const startNginx = async (replicas: readonly string[]): Promise<string> => {
  const folder = mkdtempSync(join(tmpdir(), 'nginx-'));
  const port = await freePort();
  const [line = '', parameters = ''] = SERVER.exec(replicasFile) ?? [];
  if (line === '') throw new Error('replicas.conf has no line with the replicas');
  const servers = replicas.map((url) => `  server ${new URL(url).host} ${parameters};`);
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `  ${name}_temp_path ${folder}/${name};`,
  );
  writeFileSync(
    join(folder, 'nginx.conf'),
    configuration
      .replace('pid /tmp/nginx.pid;', `pid ${folder}/nginx.pid;\nerror_log stderr error;\ndaemon off;`)
      .replace('listen 4000;', `listen 127.0.0.1:${port};`)
      .replace('http {\n', `http {\n${paths.join('\n')}\n`),
  );
  writeFileSync(
    join(folder, 'replicas.conf'),
    replicasFile.replace(line, servers.join('\n')).replace(/^resolver .*$/m, ''),
  );
  const child = spawn('nginx', ['-c', join(folder, 'nginx.conf'), '-p', folder, '-e', 'stderr'], {
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  let written = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (written += text));
  const missing = new Promise<never>((_resolve, reject) => {
    child.once('error', ({ message }) =>
      reject(new Error(`This test needs nginx (apt-get install nginx-light): ${message}`)),
    );
  });
  const exited = once(child, 'close');
  onTestFinished(async () => {
    child.kill('SIGTERM');
    await exited;
    rmSync(folder, { recursive: true, force: true });
  });
  const listening = vi.waitFor(
    async () => {
      if (child.exitCode !== null) throw new Error(`nginx ended:\n${written}`);
      await accepts(port);
    },
    { timeout: 20_000, interval: 20 },
  );
  await Promise.race([listening, missing]);
  return `http://127.0.0.1:${port}`;
};
