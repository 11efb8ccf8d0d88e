import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, expect, test, vi } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'assistants-npm-'));
const started: ChildProcess[] = [];
const run = promisify(execFile);

const LISTENING = /(http:\S+)\/graphql\n/;

afterAll(() => {
  for (const { pid } of started) if (pid !== undefined) endGroup(pid);
  rmSync(folder, { recursive: true });
});

test('npm start passes SIGTERM on: the server stops, and npm ends with exit code 0', async () => {
  // A copy, since other tests run what is built here.
  const copy = join(folder, 'copy');
  for (const name of ['src', 'scripts', 'package.json'])
    cpSync(join(root, name), join(copy, name), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  const { child, output, url, exited } = await listening('npm', ['start'], copy);

  child.kill('SIGTERM');

  expect(await exited).toBe(0);
  expect(output()).toContain('"event":"stopping","signal":"SIGTERM"');
  await expect(fetch(`${url}/health`)).rejects.toThrow('fetch failed');
}, 90_000);

test('the packed package runs by npx in a folder that has nothing else, and answers a query', async () => {
  const { stdout } = await run('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder], {
    cwd: root,
  });
  const tarball = join(folder, stdout.trim());
  const packed = (await run('tar', ['-tzf', tarball])).stdout.trim().split('\n');
  expect(packed.filter((name) => !/^package\/(bin|dist)\/|^package\/[\w.]+$/.test(name))).toEqual([]);
  const npx = ['--yes', '--prefer-offline', `--package=${tarball}`, '--', 'assistants-graphql'];
  const empty = mkdtempSync(join(folder, 'empty-'));

  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  expect((await run('npx', [...npx, '--version'], { cwd: empty })).stdout).toBe(`${version}\n`);
  const tracing = { ...process.env, OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' };
  await expect(run('npx', npx, { cwd: empty, env: tracing })).rejects.toMatchObject({
    stderr: expect.stringMatching(/^OTEL_EXPORTER_OTLP_ENDPOINT is set, but .* npm install @opentelemetry\/api .*$/m),
  });
  const servers = join(folder, 'mcp.json');
  writeFileSync(servers, '{"mcpServers":{"docs":{"url":"http://127.0.0.1:9/mcp"}}}');
  const mcp = { ...process.env, TOOL_MCP: 'search=docs/search', TOOL_MCP_SERVERS_FILE: servers };
  await expect(run('npx', npx, { cwd: empty, env: mcp })).rejects.toMatchObject({
    stderr: expect.stringMatching(/^TOOL_MCP is set, but .* npm install @modelcontextprotocol\/sdk .*$/m),
  });
  const { child, output, url, exited } = await listening('npx', npx, empty);
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: 'mutation { createThread(input: {}) { thread { threadId } } }' }),
  });
  expect(await response.json()).toEqual({ data: { createThread: { thread: { threadId: expect.any(String) } } } });
  const page = await fetch(`${url}/graphql`, { headers: { accept: 'text/html' } });
  expect(await page.text()).toContain('GraphiQL');

  child.kill('SIGTERM');
  await exited; // npx itself ends with the shell that it started, and leaves the server behind
  await vi.waitFor(() => expect(output()).toContain('"event":"stopping","signal":"end of npm"'), { timeout: 10_000 });
  await expect
    .poll(() =>
      fetch(`${url}/health`).then(
        () => 'served',
        () => 'gone',
      ),
    )
    .toBe('gone');
}, 180_000);

/** Runs a command that starts the server, in a process group of its own, and waits until it listens. */
const listening = async (command: string, args: string[], cwd: string) => {
  const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], PORT: '0', DATA_PATH: ':memory:' };
  const child = spawn(command, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  started.push(child);
  const exited = new Promise((resolve) => child.once('exit', resolve));
  let written = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (written += text));
  const output = () => written;
  await vi.waitFor(() => expect(written).toMatch(LISTENING), { timeout: 120_000, interval: 100 });
  return { child, output, url: LISTENING.exec(written)?.[1] ?? '', exited };
};

/** Ends what a failed test has left running. */
const endGroup = (pid: number) => {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended, as it should.
  }
};
