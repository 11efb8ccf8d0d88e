import { createHash, randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { newDataPath } from './dataFiles.ts';
import { changeStored, settingMember } from './storedData.ts';
import { sdkErrorOf, startFilesSdk, storedIn } from './filesWorld.ts';

const upload = { filename: 'big.txt', mime_type: 'text/plain', purpose: 'assistants' } as const;
const part = (content: Uint8Array | string) => new File([Buffer.from(content)], 'blob');

test('an upload in parts becomes a file with the parts in the order of their ids', async () => {
  const dataPath = newDataPath();
  const { sdk } = await startFilesSdk({ dataPath });
  const created = await sdk.uploads.create({ ...upload, bytes: 11 });
  expect(created).toEqual({
    id: expect.stringMatching(/^upload_[A-Za-z0-9]{24}$/u),
    object: 'upload',
    bytes: 11,
    created_at: expect.closeTo(Date.now() / 1000, -1),
    expires_at: created.created_at + 3600,
    filename: 'big.txt',
    purpose: 'assistants',
    status: 'pending',
    file: null,
  });
  // In parallel, and the second one first.
  const [last, first] = await Promise.all([
    sdk.uploads.parts.create(created.id, { data: part(' world') }),
    sdk.uploads.parts.create(created.id, { data: part('hello') }),
  ]);
  expect(first).toEqual({
    id: expect.stringMatching(/^part_[A-Za-z0-9]{24}$/u),
    object: 'upload.part',
    created_at: expect.any(Number),
    upload_id: created.id,
  });
  const completed = await sdk.uploads.complete(created.id, {
    part_ids: [first.id, last.id],
    md5: createHash('md5').update('hello world').digest('hex'),
  });
  expect(completed).toEqual({ ...created, status: 'completed', file: expect.objectContaining({ bytes: 11 }) });
  const fileId = completed.file?.id ?? '';
  expect(await sdk.files.retrieve(fileId)).toEqual(completed.file);
  expect(await (await sdk.files.content(fileId)).text()).toBe('hello world');
  // The parts are gone.
  expect(await storedIn(dataPath)).toHaveLength(1);
  await sdk.files.delete(fileId);
  expect(await storedIn(dataPath)).toEqual([]);
});

test('the file of an upload expires as its creator asked', async () => {
  const { sdk } = await startFilesSdk();
  const { id } = await sdk.uploads.create({
    ...upload,
    bytes: 1,
    expires_after: { anchor: 'created_at', seconds: 7200 },
  });
  const { id: partId } = await sdk.uploads.parts.create(id, { data: part('a') });
  const { file } = await sdk.uploads.complete(id, { part_ids: [partId] });
  expect(file?.expires_at).toBe((file?.created_at ?? 0) + 7200);
});

test('a file of 30 MB in parts of 5 MB is stored byte for byte', async () => {
  const { sdk } = await startFilesSdk();
  const content = randomBytes(30_000_000);
  const { id } = await sdk.uploads.create({ ...upload, bytes: content.length });
  const partIds: string[] = [];
  for (let start = 0; start < content.length; start += 5_000_000) {
    const { id: partId } = await sdk.uploads.parts.create(id, {
      data: part(content.subarray(start, start + 5_000_000)),
    });
    partIds.push(partId);
  }
  const { file } = await sdk.uploads.complete(id, { part_ids: partIds });
  const stored = Buffer.from(await (await sdk.files.content(file?.id ?? '')).arrayBuffer());
  expect(stored.equals(content)).toBe(true);
});

test('an upload whose parts are not what was announced stays pending', async () => {
  const { sdk } = await startFilesSdk();
  const { id } = await sdk.uploads.create({ ...upload, bytes: 2 });
  const other = await sdk.uploads.create({ ...upload, bytes: 2 });
  const a = await sdk.uploads.parts.create(id, { data: part('a') });
  const b = await sdk.uploads.parts.create(id, { data: part('b') });
  const foreign = await sdk.uploads.parts.create(other.id, { data: part('c') });
  const errorOf = (part_ids: string[], md5?: string) =>
    sdkErrorOf(sdk.uploads.complete(id, { part_ids, ...(md5 !== undefined && { md5 }) }));
  expect(await errorOf([a.id])).toBe(
    '400 The parts have 1 bytes together. Expected the 2 bytes with which the upload was created.',
  );
  expect(await errorOf([])).toContain('400 The parts have 0 bytes');
  expect(await errorOf([a.id, a.id])).toBe(`400 Invalid 'part_ids': '${a.id}' is in it several times.`);
  expect(await errorOf([a.id, foreign.id])).toBe(`400 Invalid 'part_ids': '${foreign.id}' is no part of upload ${id}.`);
  expect(await errorOf([a.id, b.id], '0'.repeat(32))).toBe(
    `400 Invalid 'md5': the uploaded content has the checksum 187ef4436122d1cc2f40dc2b92f0eba0. Expected ${'0'.repeat(32)}.`,
  );
  expect((await sdk.uploads.complete(id, { part_ids: [a.id, b.id] })).status).toBe('completed');
});

test('an upload that has ended takes no parts, and ends once', async () => {
  const dataPath = newDataPath();
  const { sdk } = await startFilesSdk({ dataPath });
  const { id } = await sdk.uploads.create({ ...upload, bytes: 1 });
  const { id: partId } = await sdk.uploads.parts.create(id, { data: part('a') });
  expect(await storedIn(dataPath)).toHaveLength(1);
  expect(await sdk.uploads.cancel(id)).toMatchObject({ id, status: 'cancelled', file: null });
  expect(await storedIn(dataPath)).toEqual([]);
  const ended = `400 Upload ${id} has the status 'cancelled'. Expected an upload with the status 'pending'.`;
  expect(await sdkErrorOf(sdk.uploads.parts.create(id, { data: part('b') }))).toBe(ended);
  expect(await sdkErrorOf(sdk.uploads.complete(id, { part_ids: [partId] }))).toBe(ended);
  expect(await sdkErrorOf(sdk.uploads.cancel(id))).toBe(ended);
  expect(await storedIn(dataPath)).toEqual([]);
});

test('of two requests that complete an upload at the same time, one creates the file', async () => {
  const { sdk } = await startFilesSdk();
  const { id } = await sdk.uploads.create({ ...upload, bytes: 1 });
  const { id: partId } = await sdk.uploads.parts.create(id, { data: part('a') });
  const results = await Promise.allSettled([
    sdk.uploads.complete(id, { part_ids: [partId] }),
    sdk.uploads.complete(id, { part_ids: [partId] }),
  ]);
  expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  expect((await sdk.files.list()).data).toHaveLength(1);
});

test('a request to complete an upload that is sent again with its Idempotency-Key returns the same file', async () => {
  const { sdk } = await startFilesSdk();
  const { id } = await sdk.uploads.create({ ...upload, bytes: 1 });
  const { id: partId } = await sdk.uploads.parts.create(id, { data: part('a') });
  const complete = () =>
    sdk.uploads.complete(id, { part_ids: [partId] }, { headers: { 'idempotency-key': 'complete-1' } });
  const first = await complete();
  expect(await complete()).toEqual(first);
});

test('an upload that was not completed in time has expired, and its parts are deleted', async () => {
  const dataPath = newDataPath();
  const first = await startFilesSdk({ dataPath });
  const { id } = await first.sdk.uploads.create({ ...upload, bytes: 1 });
  await first.sdk.uploads.parts.create(id, { data: part('a') });
  await first.engine.close();
  await changeStored(dataPath, settingMember('uploads', 'expires_at', 1, true));

  const { sdk } = await startFilesSdk({ dataPath, sweepIntervalMs: 20 });
  await expect.poll(() => storedIn(dataPath)).toEqual([]);
  expect(await sdkErrorOf(sdk.uploads.parts.create(id, { data: part('b') }))).toContain("has the status 'expired'");
});

test('an upload has at most 2000 parts', async () => {
  const dataPath = newDataPath();
  const first = await startFilesSdk({ dataPath });
  const { id } = await first.sdk.uploads.create({ ...upload, bytes: 1 });
  await first.engine.close();
  await changeStored(
    dataPath,
    `with recursive parts (n) as (select 1 union all select n + 1 from parts where n < 1999)
      insert into upload_parts (id, upload_id, sha256, bytes) select 'part_' || n, '${id}', 'a', 0 from parts`,
  );

  const { sdk } = await startFilesSdk({ dataPath });
  await sdk.uploads.parts.create(id, { data: part('a') });
  expect(await sdkErrorOf(sdk.uploads.parts.create(id, { data: part('b') }))).toBe(
    '400 An upload may have at most 2000 parts.',
  );
});

test('an upload is checked when it is created', async () => {
  const { sdk } = await startFilesSdk({ fileLimits: { file: 10, upload: 100, tenant: 1000, total: 1000 } });
  const errorOf = (body: object) => sdkErrorOf(sdk.uploads.create({ ...upload, bytes: 1, ...body }));
  expect(await errorOf({ bytes: 101 })).toBe('413 File is too large: expected at most 100 bytes, but got 101.');
  expect(await errorOf({ bytes: 0 })).toContain("400 Invalid 'bytes': integer below minimum value");
  expect(await errorOf({ filename: 'a\u0000b' })).toContain("400 Invalid 'filename'");
  expect(await errorOf({ purpose: 'x' })).toContain("400 Invalid value: 'x'. Supported values are: 'assistants'");
  expect(await errorOf({ expires_after: { anchor: 'created_at', seconds: 1 } })).toContain(
    "400 Invalid 'expires_after.seconds': integer below minimum value",
  );
});
