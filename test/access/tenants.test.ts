import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { RestAssistant } from '../../src/wire/assistant.ts';
import type { RestPage } from '../../src/wire/page.ts';
import { executeIn, newDataPath } from '../engine/dataFiles.ts';
import { ALICE, type App, openApp, startApp, TOKENS } from './apps.ts';
import { clientWith } from './tenantWorld.ts';

const DEFAULT = 'token-of-the-default-tenant';
const OLDER = 'older-token-of-alice-0123';

const namesFor = async (app: App, token: string) => {
  const { data } = await clientWith(app, token).send<RestPage<RestAssistant>>('GET', '/assistants?order=asc');
  return data.map(({ name }) => name);
};

const create = (app: App, token: string, name: string) =>
  clientWith(app, token).send('POST', '/assistants', { model: 'm', name });

test('what a data file held before there were tenants belongs to the tenant `default`', async () => {
  const dataPath = newDataPath();
  const dump = join(import.meta.dirname, '..', 'engine', 'fixtures', 'schemaVersion1.sql');
  executeIn(dataPath, readFileSync(dump, 'utf8'));
  const app = await startApp({
    ACCESS: 'server',
    ACCESS_TOKENS: JSON.stringify({ alice: ALICE, default: DEFAULT }),
    DATA_PATH: dataPath,
  });

  expect(await namesFor(app, DEFAULT)).toEqual(['Kept', 'Second']);
  expect(await namesFor(app, ALICE)).toEqual([]);
});

test('what was created without authentication belongs to the tenant `default`, and tenants keep their own', async () => {
  const dataPath = newDataPath();
  const open = await openApp({ DATA_PATH: dataPath });
  await create(open, 'any-key', 'of anyone');
  await open.close();

  const tokens = JSON.stringify({ alice: [ALICE, OLDER], default: DEFAULT });
  const first = await openApp({ ACCESS: 'server', ACCESS_TOKENS: tokens, DATA_PATH: dataPath });
  await create(first, ALICE, "alice's");
  expect(await namesFor(first, DEFAULT)).toEqual(['of anyone']);
  await first.close();

  const second = await openApp({ ACCESS: 'server', ACCESS_TOKENS: tokens, DATA_PATH: dataPath });
  onTestFinished(second.close);
  expect(await namesFor(second, OLDER)).toEqual(["alice's"]);
  expect(await namesFor(second, DEFAULT)).toEqual(['of anyone']);
});

test('no header of a client chooses its tenant', async () => {
  const app = await startApp(TOKENS);
  await clientWith(app, ALICE).send('POST', '/assistants', { model: 'm', name: "alice's" });

  for (const name of ['x-tenant', 'tenant', 'openai-organization', 'openai-project', 'x-forwarded-user']) {
    const listed = await app.rest('GET', '/assistants', { 'api-key': 'token-of-bob-0123456789', [name]: 'alice' });
    expect(await listed.json()).toMatchObject({ data: [] });
  }
});
