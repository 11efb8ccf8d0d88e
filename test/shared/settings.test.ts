import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { readConfig, secretsOf } from '../../src/cli/config.ts';
import { freePort } from '../support/freePort.ts';
import { runServer, startServer } from '../support/server.ts';
import { startRedis } from './redisServer.ts';

/** Options that make Node.js print which packages of Redis it loads. */
const reportingLoads = () => {
  const folder = mkdtempSync(join(tmpdir(), 'loads-'));
  const hooks = `export const resolve = (name, context, next) => {
    if (/^@redis\\//.test(name)) process.stdout.write('loads ' + name + '\\n');
    return next(name, context);
  };`;
  writeFileSync(join(folder, 'hooks.mjs'), hooks);
  writeFileSync(
    join(folder, 'register.mjs'),
    `import { register } from 'node:module'; register('./hooks.mjs', import.meta.url);`,
  );
  return { NODE_OPTIONS: `--import=${pathToFileURL(join(folder, 'register.mjs')).href}` };
};

test('the client is loaded only if REDIS_URL is set', async () => {
  const without = await startServer(reportingLoads());
  expect(await without.stop()).toBe(0);
  expect(without.output()).not.toContain('loads');

  const { url } = await startRedis();
  const replica = await startServer({ ...reportingLoads(), REDIS_URL: url.replace('redis:', 'valkey:') });
  expect(replica.output()).toContain('loads @redis/client');
  expect(replica.output()).not.toContain('shared state');
  expect(await replica.stop()).toBe(0);
});

test('a server whose REDIS_URL cannot be reached starts, serves, says so once, and stops', async () => {
  const server = await startServer({ REDIS_URL: `redis://:hunter2hunter2@127.0.0.1:${await freePort()}` });
  expect(await server.graphql('{ __typename }')).toEqual({ data: { __typename: 'Query' } });
  expect(await server.stop()).toBe(0);
  expect(server.output().match(/REDIS_URL cannot be used/g)).toHaveLength(1);
  expect(server.output()).toContain('ECONNREFUSED');
  expect(server.output()).not.toContain('hunter2');
});

test('a wrong password is reported, and is in no output', async () => {
  const { url } = await startRedis('--requirepass', 'right');
  const server = await startServer({ REDIS_URL: url.replace('//', '//:hunter2%2Fhunter2@') });
  expect(await server.stop()).toBe(0);
  expect(server.output()).toMatch(/REDIS_URL cannot be used.*WRONGPASS/);
  expect(server.output()).not.toContain('hunter2');
});

test('the password of REDIS_URL is kept out of the log in both its forms', () => {
  const config = readConfig({ REDIS_URL: 'redis://:a%2Fb-secret@valkey:6379' });
  expect(secretsOf(config)).toEqual(expect.arrayContaining(['a%2Fb-secret', 'a/b-secret']));
});

test.each(['localhost:6379', 'http://localhost:6379', 'redis:', 'redis:///'])(
  'REDIS_URL=%s ends the start with what is allowed, and without the value',
  async (REDIS_URL) => {
    const { code, stderr } = await runServer({ REDIS_URL });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^REDIS_URL must be a URL such as redis:\/\/valkey:6379.* got something else \(not shown/);
  },
);
