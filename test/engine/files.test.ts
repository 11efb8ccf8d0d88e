import { NotFoundError, toStreamingFile } from 'openai';
import { expect, test } from 'vitest';
import { newDataPath } from './dataFiles.ts';
import { startFilesSdk, storedIn, textFile } from './filesWorld.ts';

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
