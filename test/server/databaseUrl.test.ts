import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { newDirectory } from '../engine/dataFiles.ts';
import { runServer, startServer } from '../support/server.ts';

const url = 'postgres://app:s3cret%2Fword@127.0.0.1:1/assistants';

test.each([
  [{ DATABASE_URL: 'mysql://app:s3cret@host/name' }, 'DATABASE_URL must be a URL such as postgres://'],
  [{ DATABASE_URL: 'app:s3cret@host' }, 'DATABASE_URL must be a URL such as postgres://'],
  [{ DATABASE_URL: 'postgres://app:%zzs3cret@host/name' }, 'DATABASE_URL must be a URL such as postgres://'],
  [{ DATABASE_URL: url, DATA_PATH: 'other.db' }, 'DATABASE_URL and DATA_PATH each name a place for the data.'],
  [
    { DATABASE_URL: url, DATA_PATH: '', ASSISTANTS_BASE_URL: 'http://127.0.0.1:1/v1' },
    'DATABASE_URL has no effect with ASSISTANTS_BASE_URL',
  ],
  [{ DATABASE_POOL_SIZE: '1' }, 'DATABASE_POOL_SIZE must be a whole number from 2 to 1000'],
  [
    { DATABASE_URL: url, DATA_PATH: '' },
    'the database assistants at 127.0.0.1:1 cannot be reached: nothing listens there',
  ],
])('with %j the server does not start, says why, and does not show the password', async (env, problem) => {
  const { code, stdout, stderr } = await runServer(env);
  expect(code).not.toBe(0);
  expect(stderr).toContain(problem);
  expect(stdout + stderr).not.toContain('s3cret');
});

test('there is no backup of a data file if the data is in PostgreSQL', async () => {
  const { code, stderr } = await runServer({ DATABASE_URL: url, DATA_PATH: '' }, ['backup', 'copy.db']);
  expect(code).not.toBe(0);
  expect(stderr).toContain('There is no data file: DATABASE_URL is set. Use pg_dump.');
});

test('without DATABASE_URL nothing of the PostgreSQL client is loaded', async () => {
  const hook = join(newDirectory(), 'loaded.cjs');
  writeFileSync(
    hook,
    `process.on('exit', () => {
      const loaded = Object.keys(require('node:module')._cache).filter((path) => /node_modules.pg(-|\\W)/.test(path));
      console.log('client files: ' + loaded.length);
    });`,
  );
  const env = { NODE_OPTIONS: `--require ${hook}` };
  const server = await startServer(env);
  await server.stop();
  expect(server.output()).toContain('client files: 0');
  // What the line says if it is loaded.
  expect((await runServer({ ...env, DATABASE_URL: url, DATA_PATH: '' })).stdout).toMatch(/client files: [1-9]/u);
});
