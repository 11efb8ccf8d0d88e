import { setTimeout as pause } from 'node:timers/promises';
import { NotFoundError, toStreamingFile } from 'openai';
import type { FileObject } from 'openai/resources/files';
import { expect, onTestFinished, test, vi } from 'vitest';
import { readForm } from '../../src/engine/files/form.ts';
import { newDataPath } from './dataFiles.ts';
import { changeStored, storedRows } from './storedData.ts';
import { sdkErrorOf, startFilesSdk, storedIn, textFile } from './filesWorld.ts';

const namesOf = ({ data }: { data: FileObject[] }) => data.map(({ filename }) => filename);

test('a file is created, read, downloaded and deleted through the SDK', async () => {
  const dataPath = newDataPath();
  const { sdk } = await startFilesSdk({ dataPath });
  const created = await sdk.files.create({ file: textFile('héllo'), purpose: 'assistants' });
  expect(created).toEqual({
    id: expect.stringMatching(/^file-[A-Za-z0-9]{24}$/u),
    object: 'file',
    bytes: 6,
    created_at: expect.closeTo(Date.now() / 1000, -1),
    expires_at: null,
    filename: 'notes.txt',
    purpose: 'assistants',
    status: 'processed',
    status_details: null,
  });
  expect(await sdk.files.retrieve(created.id)).toEqual(created);
  expect(await sdk.files.waitForProcessing(created.id)).toEqual(created);
  expect(await (await sdk.files.content(created.id)).text()).toBe('héllo');
  expect(await storedIn(dataPath)).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/u)]);

  expect(await sdk.files.delete(created.id)).toEqual({ id: created.id, object: 'file', deleted: true });
  await expect(sdk.files.retrieve(created.id)).rejects.toThrow(NotFoundError);
  await expect(sdk.files.content(created.id)).rejects.toThrow(`No file found with id '${created.id}'.`);
  expect(await storedIn(dataPath)).toEqual([]);
});

test('a file that the SDK streams is stored byte for byte', async () => {
  const { sdk } = await startFilesSdk();
  const chunks = Array.from({ length: 64 }, (_, index) => Buffer.alloc(50_001, index));
  const file = toStreamingFile(
    (async function* () {
      yield* chunks;
    })(),
    'big.bin',
  );
  const created = await sdk.files.create({
    file,
    purpose: 'user_data',
    expires_after: { anchor: 'created_at', seconds: 3600 },
  });
  expect(created).toMatchObject({ bytes: 64 * 50_001, filename: 'big.bin', expires_at: created.created_at + 3600 });
  const content = Buffer.from(await (await sdk.files.content(created.id)).arrayBuffer());
  expect(content.equals(Buffer.concat(chunks))).toBe(true);
});

test('two files with the same content share its bytes, which are removed with the last of them', async () => {
  const dataPath = newDataPath();
  const { sdk } = await startFilesSdk({ dataPath });
  const [one, two] = await Promise.all([
    sdk.files.create({ file: textFile('same', 'one.txt'), purpose: 'assistants' }),
    sdk.files.create({ file: textFile('same', 'two.txt'), purpose: 'vision' }),
  ]);
  expect(await storedIn(dataPath)).toHaveLength(1);
  await sdk.files.delete(one.id);
  expect(await (await sdk.files.content(two.id)).text()).toBe('same');
  await sdk.files.delete(two.id);
  expect(await storedIn(dataPath)).toEqual([]);
});

test('lists are paged in either order, and filtered by purpose', async () => {
  const { sdk } = await startFilesSdk();
  const files: FileObject[] = [];
  for (const [index, purpose] of (['assistants', 'vision', 'assistants', 'batch'] as const).entries()) {
    files.push(await sdk.files.create({ file: textFile(`content ${index}`, `${index}.txt`), purpose }));
  }
  expect((await sdk.files.list()).data).toEqual(files.toReversed());
  expect(namesOf(await sdk.files.list({ order: 'asc' }))).toEqual(['0.txt', '1.txt', '2.txt', '3.txt']);
  expect(namesOf(await sdk.files.list({ purpose: 'assistants' }))).toEqual(['2.txt', '0.txt']);
  const first = await sdk.files.list({ limit: 3, order: 'asc' });
  expect([namesOf(first), first.has_more]).toEqual([['0.txt', '1.txt', '2.txt'], true]);
  expect(namesOf(await first.getNextPage())).toEqual(['3.txt']);
  // The SDK reads all pages. A deleted file stays a valid cursor.
  await sdk.files.delete(files[1]?.id ?? '');
  const all: string[] = [];
  for await (const { filename } of sdk.files.list({ limit: 1 })) all.push(filename);
  expect(all).toEqual(['3.txt', '2.txt', '0.txt']);
  expect(namesOf(await sdk.files.list({ after: files[1]?.id ?? '', order: 'asc' }))).toEqual(['2.txt', '3.txt']);
  expect(await sdkErrorOf(Promise.resolve(sdk.files.list({ limit: 10_001 })))).toContain('Expected a value <= 10000');
  expect(await sdkErrorOf(Promise.resolve(sdk.files.list({ after: 'file-none' })))).toBe(
    "400 Invalid 'after': 'file-none'. Expected the ID of an object in this list.",
  );
});

test('an id of another kind is rejected', async () => {
  const { sdk } = await startFilesSdk();
  expect(await sdkErrorOf(sdk.files.retrieve('asst_1'))).toBe(
    "400 Invalid 'file_id': 'asst_1'. Expected an ID that begins with 'file'.",
  );
});

test('a file that is sent again with its Idempotency-Key is created once', async () => {
  const dataPath = newDataPath();
  const { sdk } = await startFilesSdk({ dataPath });
  const create = (text: string, purpose: 'assistants' | 'vision' = 'assistants') =>
    sdk.files.create({ file: textFile(text), purpose }, { headers: { 'idempotency-key': 'one' } });
  const first = await create('hello');
  expect(await create('hello')).toEqual(first);
  expect(await sdkErrorOf(create('other'))).toMatch(/^409 /u);
  expect(await sdkErrorOf(create('hello', 'vision'))).toMatch(/^409 /u);
  expect((await sdk.files.list()).data).toEqual([first]);
  expect(await storedIn(dataPath)).toHaveLength(1);
  // Also after it was deleted, its content does not come back.
  await sdk.files.delete(first.id);
  expect(await create('hello')).toEqual(first);
  expect(await storedIn(dataPath)).toEqual([]);
});

test('files expire as their creators asked, those for batches after 30 days, and are then deleted', async () => {
  const dataPath = newDataPath();
  const first = await startFilesSdk({ dataPath });
  const create = (purpose: 'assistants' | 'batch', seconds?: number) =>
    first.sdk.files.create({
      file: textFile(`${purpose} ${seconds}`),
      purpose,
      ...(seconds !== undefined && { expires_after: { anchor: 'created_at', seconds } }),
    });
  const kept = await create('assistants');
  const batch = await create('batch');
  const short = await create('assistants', 3600);
  expect([kept, batch, short].map((file) => (file.expires_at ?? file.created_at) - file.created_at)).toEqual([
    0, 2_592_000, 3600,
  ]);
  await first.engine.close();
  await changeStored(dataPath, `update files set expires_at = 1 where id = '${short.id}'`);

  const unswept = await startFilesSdk({ dataPath, sweepIntervalMs: 1_000_000 });
  expect(await sdkErrorOf(unswept.sdk.files.retrieve(short.id))).toMatch(/^404 /u);
  expect((await unswept.sdk.files.list({ order: 'asc' })).data).toEqual([kept, batch]);
  await expect.poll(() => storedIn(dataPath)).toHaveLength(2);
  await unswept.engine.close();
  expect(await storedRows(dataPath, 'select count(*) as files from files')).toEqual([{ files: 2 }]);
});

test('a sweep deletes what expires while the engine runs', async () => {
  const dataPath = newDataPath();
  const { sdk, engine } = await startFilesSdk({ dataPath, sweepIntervalMs: 20 });
  const { id } = await sdk.files.create({
    file: textFile('hello'),
    purpose: 'assistants',
    expires_after: { anchor: 'created_at', seconds: 3600 },
  });
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_601_000 });
  onTestFinished(() => {
    vi.useRealTimers();
  });
  expect(await sdkErrorOf(sdk.files.content(id))).toMatch(/^404 /u);
  await expect.poll(() => storedIn(dataPath)).toEqual([]);
  await engine.close();
  expect(await storedRows(dataPath, 'select sum(bytes) as bytes from file_usage')).toEqual([{ bytes: 0 }]);
});

test('a file keeps its content when the last other file with it is deleted at the same time', async () => {
  const dataPath = newDataPath();
  const { sdk } = await startFilesSdk({ dataPath });
  const create = () => sdk.files.create({ file: textFile('the same'), purpose: 'assistants' });
  let { id } = await create();
  for (let round = 0; round < 60; round += 1) {
    const creation = create();
    // At another moment of the creation in each round.
    await pause(round % 12);
    const [created] = await Promise.all([creation, sdk.files.delete(id)]);
    ({ id } = created);
    expect(await (await sdk.files.content(id)).text()).toBe('the same');
  }
  await sdk.files.delete(id);
  expect(await storedIn(dataPath)).toEqual([]);
}, 60_000);

test('a download goes on when its file is deleted', async () => {
  const { sdk } = await startFilesSdk();
  const content = Buffer.alloc(8_000_000, 'x');
  const { id } = await sdk.files.create({ file: new File([content], 'a.bin'), purpose: 'assistants' });
  const download = await sdk.files.content(id);
  await sdk.files.delete(id);
  expect(Buffer.from(await download.arrayBuffer()).equals(content)).toBe(true);
});

test('what is being uploaded counts for the limit of all files', async () => {
  const dataPath = newDataPath();
  const { sdk, engine } = await startFilesSdk({
    dataPath,
    fileLimits: { file: 1_000_000, upload: 1_000_000, tenant: 1_000_000, total: 1_000_000 },
  });
  let sent = 0;
  let finish: (() => void) | undefined;
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const slow = toStreamingFile(
    (async function* () {
      yield Buffer.alloc(800_000);
      sent += 800_000;
      yield Buffer.alloc(1);
      await finished;
    })(),
    'slow.bin',
  );
  const first = sdk.files.create({ file: slow, purpose: 'assistants' });
  await expect.poll(() => sent).toBe(800_000);
  // So that it is not the first upload that goes beyond the limit.
  await expect.poll(() => storedIn(dataPath)).toHaveLength(1);
  await pause(300);
  const create = (bytes: number) =>
    sdk.files.create({ file: new File([new Uint8Array(bytes)], 'a.bin'), purpose: 'assistants' });
  // The bytes of the first upload may still be on their way.
  await expect.poll(() => sdkErrorOf(create(400_000).then(({ id }) => sdk.files.delete(id)))).toMatch(/^400 /u);
  expect(await sdkErrorOf(create(400_000))).toBe(
    '400 Not enough storage for this file: the files of this server have reached their maximum size.',
  );
  finish?.();
  const { id } = await first;
  await create(100_000);
  await sdk.files.delete(id);
  // Nothing is counted any more of the uploads that have ended.
  await create(900_000);
  expect((await sdk.files.list()).data).toHaveLength(2);
  await engine.close();
});

test('an engine that closes ends the uploads in progress and leaves nothing of them', async () => {
  const dataPath = newDataPath();
  const { sdk, engine } = await startFilesSdk({ dataPath });
  const endless = toStreamingFile(
    (async function* () {
      for (;;) {
        yield Buffer.alloc(65_536);
        await pause(5);
      }
    })(),
    'endless.bin',
  );
  const upload = sdkErrorOf(sdk.files.create({ file: endless, purpose: 'assistants' }));
  await expect.poll(() => storedIn(dataPath)).toHaveLength(1);
  await engine.close();
  expect(await storedIn(dataPath)).toEqual([]);
  expect(await upload).toMatch(/^503 |Connection error/u);
});

test('a form whose reading begins when the engine is already closing is not waited for', async () => {
  const init: RequestInit & { duplex: 'half' } = {
    method: 'POST',
    body: new ReadableStream(), // Never delivers anything.
    headers: { 'content-type': 'multipart/form-data; boundary=x' },
    duplex: 'half',
  };
  const reading = readForm(new Request('http://engine.test/v1/files', init), {
    fileParam: 'file',
    store: () => Promise.resolve('stored'),
    discard: () => Promise.resolve(),
    closing: AbortSignal.abort(),
  });
  await expect(reading).rejects.toMatchObject({ status: 503 });
});
