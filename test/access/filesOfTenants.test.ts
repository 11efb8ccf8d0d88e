import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sdkAt, sdkErrorOf, storedIn, textFile } from '../engine/filesWorld.ts';
import { ALICE, type App, BOB, bearer, openApp, TOKENS } from './apps.ts';

const directory = mkdtempSync(join(tmpdir(), 'tenants-'));
const dataPath = join(directory, 'engine.db');

let app: App;
beforeAll(async () => {
  app = await openApp({ ...TOKENS, DATA_PATH: dataPath, MAX_TENANT_FILE_BYTES: '1000', MAX_TOTAL_FILE_BYTES: '1500' });
});
afterAll(async () => {
  await app.close();
  rmSync(directory, { recursive: true });
});

const sdkOf = (token: string) => sdkAt(app.url, token);
const secret = () => textFile('the same secret', 'secret.txt');
const unknownId = 'file-111111111111111111111111';

test('a tenant sees its own files only', async () => {
  const [alice, bob] = [sdkOf(ALICE), sdkOf(BOB)];
  const { id } = await alice.files.create({ file: secret(), purpose: 'assistants' });
  expect((await bob.files.list()).data).toEqual([]);
  for (const call of [
    (fileId: string) => bob.files.retrieve(fileId),
    (fileId: string) => bob.files.content(fileId),
    (fileId: string) => bob.files.delete(fileId),
    (fileId: string) => Promise.resolve(bob.files.list({ after: fileId })),
  ]) {
    const error = await sdkErrorOf(call(id));
    expect(error).toMatch(/^40[04] /u);
    expect(error.replaceAll(id, unknownId)).toBe(await sdkErrorOf(call(unknownId)));
  }
  expect(await (await alice.files.content(id)).text()).toBe('the same secret');
  await alice.files.delete(id);
  expect(await sdkErrorOf(Promise.resolve(bob.files.list({ after: id })))).toMatch(/^400 /u);
  expect((await alice.files.list({ after: id })).data).toEqual([]);
});

test('a content that two tenants have is stored once, and each can delete its own file only', async () => {
  const [alice, bob] = [sdkOf(ALICE), sdkOf(BOB)];
  const ofAlice = await alice.files.create({ file: secret(), purpose: 'assistants' });
  // Nothing in the response says that the content was known.
  const ofBob = await bob.files.create({ file: secret(), purpose: 'assistants' });
  const { id: _one, created_at: _then, ...alices } = ofAlice;
  const { id: _other, created_at: _later, ...bobs } = ofBob;
  expect(bobs).toEqual(alices);
  expect(await storedIn(dataPath)).toHaveLength(1);

  await alice.files.delete(ofAlice.id);
  expect(await (await bob.files.content(ofBob.id)).text()).toBe('the same secret');
  await bob.files.delete(ofBob.id);
  expect(await storedIn(dataPath)).toEqual([]);
});

test("the upload of another tenant is responded to as one that doesn't exist", async () => {
  const [alice, bob] = [sdkOf(ALICE), sdkOf(BOB)];
  const { id } = await alice.uploads.create({
    filename: 'a.txt',
    mime_type: 'text/plain',
    purpose: 'assistants',
    bytes: 15,
  });
  const part = await alice.uploads.parts.create(id, { data: secret() });
  const own = await bob.uploads.create({ filename: 'b', mime_type: 'text/plain', purpose: 'assistants', bytes: 15 });
  const unknownUpload = 'upload_111111111111111111111111';
  for (const call of [
    (uploadId: string) => bob.uploads.parts.create(uploadId, { data: secret() }),
    (uploadId: string) => bob.uploads.complete(uploadId, { part_ids: [part.id] }),
    (uploadId: string) => bob.uploads.cancel(uploadId),
  ]) {
    expect((await sdkErrorOf(call(id))).replaceAll(id, unknownUpload)).toBe(await sdkErrorOf(call(unknownUpload)));
  }
  expect(await sdkErrorOf(bob.uploads.complete(own.id, { part_ids: [part.id] }))).toContain('is no part of upload');
  await bob.uploads.cancel(own.id);
  const { file } = await alice.uploads.complete(id, { part_ids: [part.id] });
  expect(file?.bytes).toBe(15);
  await alice.files.delete(file?.id ?? '');
  expect(await storedIn(dataPath)).toEqual([]);
});

test('each tenant has its own limit, and what the others have is not in the error', async () => {
  const [alice, bob] = [sdkOf(ALICE), sdkOf(BOB)];
  const create = (sdk: typeof alice, bytes: number) =>
    sdk.files.create({ file: new File([new Uint8Array(bytes)], 'a'), purpose: 'assistants' });
  const first = await create(alice, 900);
  expect(await sdkErrorOf(create(alice, 101))).toBe(
    '400 Not enough storage for this file: all your files may have 1000 bytes together, and they have 900. Delete files that you no longer need.',
  );
  const second = await create(bob, 600);
  const full = '400 Not enough storage for this file: the files of this server have reached their maximum size.';
  expect(await sdkErrorOf(create(bob, 1))).toBe(full);
  // Parts of uploads count too.
  const { id } = await bob.uploads.create({ filename: 'b', mime_type: '', purpose: 'assistants', bytes: 1 });
  expect(await sdkErrorOf(bob.uploads.parts.create(id, { data: textFile('x') }))).toBe(full);

  await alice.files.delete(first.id);
  const third = await create(bob, 400);
  expect(await sdkErrorOf(create(bob, 1))).toContain('may have 1000 bytes together, and they have 1000.');
  await Promise.all([bob.files.delete(second.id), bob.files.delete(third.id)]);
  expect(await storedIn(dataPath)).toEqual([]);
});

test('many uploads at the same time stay within the limit of the tenant', async () => {
  const alice = sdkOf(ALICE);
  const results = await Promise.allSettled(
    Array.from({ length: 20 }, (_, index) =>
      alice.files.create({ file: new File([new Uint8Array(100).fill(index)], 'a'), purpose: 'assistants' }),
    ),
  );
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
  expect(await storedIn(dataPath)).toHaveLength(10);
  for (const { id } of (await alice.files.list()).data) await alice.files.delete(id);
});

test('a request without a token reads no file and stores nothing', async () => {
  const form = new FormData();
  form.append('purpose', 'assistants');
  form.append('file', secret());
  const refused = await fetch(`${app.url}/v1/files`, { method: 'POST', body: form });
  expect(refused.status).toBe(401);
  expect((await fetch(`${app.url}/v1/files`, { headers: bearer('wrong') })).status).toBe(401);
  expect(existsSync(`${dataPath}.files/staging`) ? readdirSync(`${dataPath}.files/staging`) : []).toEqual([]);
});
