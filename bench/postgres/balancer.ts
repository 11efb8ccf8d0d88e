import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../machine/freePort.ts';

export interface Balancer {
  /** Such as `http://127.0.0.1:4000`. */
  readonly url: string;
  stop(): Promise<void>;
}

/** What Debian's package "nginx-light" has installed. */
const program = 'nginx';

export const hasNginx = (): boolean => {
  try {
    execFileSync(program, ['-v'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

/**
 * Requests go to one replica after the other. A replica that cannot be reached is left out for a second, and a request that it has not
 * received goes to the next one.
 */
const configuration = (folder: string, port: number, replicas: readonly number[]) => `
daemon off;
worker_processes 1;
pid ${folder}/pid;
error_log ${folder}/error.log;
events { worker_connections 4096; }
http {
  access_log off;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  upstream replicas {
    ${replicas.map((each) => `server 127.0.0.1:${each} max_fails=1 fail_timeout=1s;`).join(' ')}
    keepalive 64;
  }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://replicas;
      proxy_http_version 1.1;
      proxy_set_header Host $http_host;
      proxy_set_header Connection "";
      proxy_buffering off;
      proxy_connect_timeout 2s;
      proxy_read_timeout 1h;
    }
  }
}
`;

const running = new Set<ChildProcess>();

process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Starts nginx in front of replicas on these ports of 127.0.0.1. */
export const startBalancer = async (replicas: readonly number[]): Promise<Balancer> => {
  const folder = mkdtempSync(join(tmpdir(), 'assistants-nginx-'));
  const port = await freePort();
  const file = join(folder, 'nginx.conf');
  writeFileSync(file, configuration(folder, port, replicas));
  const child = spawn(program, ['-p', folder, '-e', join(folder, 'error.log'), '-c', file], { stdio: 'inherit' });
  running.add(child);
  const closed = once(child, 'close').then(() => running.delete(child));
  const url = `http://127.0.0.1:${port}`;
  const listens = () =>
    fetch(url).then(
      () => true,
      () => false,
    );
  for (let attempt = 0; !(await listens()); attempt += 1) {
    if (attempt === 100 || child.exitCode !== null) throw new Error('nginx did not start');
    await sleep(50);
  }
  return {
    url,
    stop: async () => {
      child.kill('SIGTERM');
      await closed;
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
