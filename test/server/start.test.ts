import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningServer, runServer, startServer } from '../support/server.ts';

const folder = mkdtempSync(join(tmpdir(), 'assistants-start-'));
const dataPath = join(folder, 'made', 'assistants.db');
let server: RunningServer;

beforeAll(async () => {
  server = await startServer({ DATA_PATH: dataPath, ASSISTANTS_BASEURL: 'http://127.0.0.1:9/v1' });
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

test('the start says where it listens, what is upstream, which model answers, what it can do, and where data is kept', () => {
  const said = server.output();
  expect(said).toContain(`${server.url}/graphql\n`);
  expect(said).toContain(`${server.url}/v1\n`);
  expect(said).toContain('the embedded engine\n');
  expect(said).toContain('offline model: no key, no network needed');
  expect(said).toMatch(/function tools.*; stored and echoed, but not executed: code interpreter\n/);
  expect(said).toContain('by words (EMBEDDING_BASE_URL adds vectors)\n');
  expect(said).toContain(`${dataPath}\n`);
});

test('a variable that only looks like a setting is pointed out, and does not stop the start', () => {
  expect(server.output()).toContain('ASSISTANTS_BASEURL');
});

test('--help lists every setting with its unit and default', async () => {
  const { code, stdout, stderr } = await runServer({}, ['--help']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/PORT +TCP port, default 4000\n/);
  expect(stdout).toMatch(/ASSISTANTS_TIMEOUT_MS +milliseconds, default 30000\n/);
  expect(stdout).toMatch(/ASSISTANTS_BASE_URL +URL, default unset\n/);
});

test('--version prints the version', async () => {
  const { code, stdout } = await runServer({}, ['--version']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test('an unknown argument is one clear line and exit code 1', async () => {
  expect(await runServer({}, ['--port=5000'])).toEqual(refusal('Unknown argument --port=5000'));
});

test('a port in use is one clear line and exit code 1', async () => {
  const { port } = new URL(server.url);
  expect(await runServer({ PORT: port })).toEqual(refusal(`Port ${port} on 127.0.0.1 is in use`));
});

test('an address that is not of this machine is one clear line and exit code 1', async () => {
  const refused = await runServer({ HOST: '192.0.2.1', ACCESS_OPEN_TO_NETWORK: 'on' });
  expect(refused).toEqual(refusal('HOST must be an address of this machine, got "192.0.2.1"'));
});

test('a data path that cannot be written is one clear line and exit code 1', async () => {
  const file = join(folder, 'a-file');
  writeFileSync(file, '');
  expect(await runServer({ DATA_PATH: join(file, 'assistants.db') })).toEqual(refusal(file));
});

test('a data file that is no database is one clear line and exit code 1, and is left as it was', async () => {
  const letter = join(folder, 'letter.txt');
  const text = 'Dear reader, this is not a database. '.repeat(200);
  writeFileSync(letter, text);
  expect(await runServer({ DATA_PATH: letter })).toEqual(refusal(letter));
  expect(readFileSync(letter, 'utf8')).toBe(text);
});

test('a data file that another process uses is one clear line and exit code 1, and that process goes on', async () => {
  expect(await runServer({ DATA_PATH: dataPath })).toEqual(refusal(dataPath));

  const created = await server.rest('/threads', { method: 'POST', body: '{}' });
  expect(created.status).toBe(200);
});

/** Exit code 1, and nothing said but one line that holds `saying`. */
const refusal = (saying: string) => {
  const verbatim = saying.replaceAll(/[.[\]()?*+\\]/g, String.raw`\$&`);
  return { code: 1, stdout: '', stderr: expect.stringMatching(new RegExp(`^.*${verbatim}.*\n$`)) };
};
