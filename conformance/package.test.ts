import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { assistantsSdl } from './subgraphs.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'assistants-package-')));
const app = join(folder, 'app');

const run = (file: string, args: string[], cwd = app) =>
  promisify(execFile)(file, args, { cwd, maxBuffer: 10_000_000 });
const command = join(app, 'node_modules/.bin/assistants-graphql');

beforeAll(async () => {
  mkdirSync(app);
  writeFileSync(join(app, 'package.json'), '{ "private": true }');
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder], root);
  const [{ filename }] = JSON.parse(stdout);
  await run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', join(folder, filename)]);
}, 180_000);
afterAll(() => {
  rmSync(folder, { recursive: true });
});

test('the packed and installed command prints the subgraph, from a folder of its own', async () => {
  mkdirSync(join(app, 'deep'));
  const { stdout } = await run(command, ['schema', '--subgraph'], join(app, 'deep'));
  expect(stdout).toBe(assistantsSdl('--subgraph'));
});

test('--version and --help print their text', async () => {
  expect((await run(command, ['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  expect((await run(command, ['--help'])).stdout).toContain('assistants-graphql schema [--subgraph]');
});

test('without arguments it serves', async () => {
  const serving = execFile(command, [], {
    cwd: app,
    env: { PATH: process.env['PATH'], PORT: '0', DATA_PATH: ':memory:' },
  });
  const url = await new Promise<string>((resolve, reject) => {
    let said = '';
    serving.stdout?.on('data', (text: string) => {
      said += text;
      const [, found] = said.match(/(http:\S+\/graphql)\n/) ?? [];
      if (found !== undefined) resolve(found);
    });
    serving.once('exit', (code) => reject(new Error(`it ended with code ${code}`)));
  });
  const answer = await fetch(`${url}?query={__typename}`);
  expect(await answer.json()).toEqual({ data: { __typename: 'Query' } });
  serving.kill('SIGTERM');
});
