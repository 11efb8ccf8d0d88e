import { setTimeout as pause } from 'node:timers/promises';
import { toStreamingFile } from 'openai';
import { expect, test } from 'vitest';
import { newDataPath } from '../engine/dataFiles.ts';
import { endHolds, sdkErrorOf, startFilesSdk, storedIn, textFile } from '../engine/filesWorld.ts';
import { changeStored, storedRows } from '../engine/storedData.ts';

/** Two servers on one database. Their `dataPath` names it. */
const startTwo = async () => {
  const dataPath = newDataPath();
  const [one, other] = [await startFilesSdk({ dataPath }), await startFilesSdk({ dataPath })];
  return { dataPath, one, other };
};

/** A file that is never complete. `sent` returns how many bytes were. */
const endlessFile = () => {
  let sent = 0;
  const content = async function* () {
    for (;;) {
      yield Buffer.alloc(262_144);
      sent += 262_144;
      await pause(2);
    }
  };
  return { file: toStreamingFile(content(), 'endless.bin'), sent: () => sent };
};

const countOf = async (dataPath: string, table: string): Promise<number> => {
  const [row] = (await storedRows(dataPath, `select count(*)::int as count from ${table}`)) as { count: number }[];
  return row?.count ?? 0;
};

test('a file that one server has stored is downloaded from another', async () => {
  const { one, other } = await startTwo();
  // Chunks of a mebibyte, the last of which is not full.
  const content = Buffer.alloc(3_300_000, 'many bytes');
  const { id } = await one.sdk.files.create({ file: new File([content], 'a.bin'), purpose: 'assistants' });
  const download = await other.sdk.files.content(id);
  expect(Buffer.from(await download.arrayBuffer()).equals(content)).toBe(true);
});

test('a file without content is stored', async () => {
  const { one, other } = await startTwo();
  const { id } = await one.sdk.files.create({ file: textFile(''), purpose: 'assistants' });
  expect(await (await other.sdk.files.content(id)).text()).toBe('');
});

test('files of two servers with the same content have it once, and it is removed with the last of them', async () => {
  const { dataPath, one, other } = await startTwo();
  const create = ({ sdk }: typeof one) => sdk.files.create({ file: textFile('the same'), purpose: 'assistants' });
  const created = await Promise.all([create(one), create(other), create(one), create(other)]);
  expect(await storedIn(dataPath)).toHaveLength(1);
  expect(await countOf(dataPath, 'content_chunks')).toBe(1);
  for (const { id } of created) {
    expect(await storedIn(dataPath)).toHaveLength(1);
    await other.sdk.files.delete(id);
  }
  expect(await storedIn(dataPath)).toEqual([]);
});

test('a file keeps its content when another server deletes the last other file with it at the same time', async () => {
  const { dataPath, one, other } = await startTwo();
  const create = () => one.sdk.files.create({ file: textFile('the same'), purpose: 'assistants' });
  let { id } = await create();
  for (let round = 0; round < 100; round += 1) {
    const creation = create();
    // At another moment of the creation in each round.
    await pause(round % 20);
    const [created] = await Promise.all([creation, other.sdk.files.delete(id)]);
    ({ id } = created);
    expect(await (await other.sdk.files.content(id)).text()).toBe('the same');
  }
  await one.sdk.files.delete(id);
  expect(await storedIn(dataPath)).toEqual([]);
}, 60_000);

test('what a server was writing when it ended is removed by the next one, and the server fails if it has not ended', async () => {
  const { dataPath, one } = await startTwo();
  const { id: kept } = await one.sdk.files.create({ file: textFile('kept'), purpose: 'assistants' });
  const { file, sent } = endlessFile();
  const upload = sdkErrorOf(one.sdk.files.create({ file, purpose: 'assistants' }));
  await expect.poll(sent).toBeGreaterThan(3_000_000);
  expect(await storedIn(dataPath)).toHaveLength(2);

  await endHolds(dataPath);
  const next = await startFilesSdk({ dataPath });
  await expect.poll(() => storedIn(dataPath)).toHaveLength(1);
  expect(await upload).toBe('503 The content of the file was written too slowly, so that it was not kept. Try again.');
  expect(await countOf(dataPath, 'content_chunks')).toBe(1);
  expect(await (await next.sdk.files.content(kept)).text()).toBe('kept');
});

test('contents whose files are gone are removed by the next server, and their chunks ten minutes later', async () => {
  const { dataPath, one } = await startTwo();
  const { id } = await one.sdk.files.create({ file: textFile('orphan'), purpose: 'assistants' });
  // As a server that ends between the two leaves it.
  await changeStored(dataPath, `delete from files where id = '${id}'`);
  expect(await storedIn(dataPath)).toHaveLength(1);
  const next = await startFilesSdk({ dataPath });
  await expect.poll(() => storedIn(dataPath)).toEqual([]);
  await next.engine.close();
  expect(await countOf(dataPath, 'content_chunks')).toBe(1);

  await endHolds(dataPath);
  await startFilesSdk({ dataPath });
  await expect.poll(() => countOf(dataPath, 'content_chunks')).toBe(0);
  expect(await countOf(dataPath, 'contents')).toBe(0);
});

test('a content that is lost fails its download, and the file can be uploaded again', async () => {
  const { dataPath, one, other } = await startTwo();
  const { id } = await one.sdk.files.create({ file: textFile('hello'), purpose: 'assistants' });
  await changeStored(dataPath, 'delete from contents');
  expect(await sdkErrorOf(other.sdk.files.content(id))).toMatch(/^500 The server had an error/u);
  const again = await one.sdk.files.create({ file: textFile('hello'), purpose: 'assistants' });
  expect(await (await other.sdk.files.content(again.id)).text()).toBe('hello');
});

test('a disk of the database that is full gives a clear error, and nothing of the file remains', async () => {
  const { dataPath, one, other } = await startTwo();
  await changeStored(dataPath, {
    sqlite: '',
    postgres: `create function disk_is_full() returns trigger language plpgsql as $$ begin
        raise exception 'could not extend file' using errcode = '53100'; end $$;
      create trigger disk_is_full before insert on content_chunks for each row when (new.position = 2) execute function disk_is_full()`,
  });
  const file = new File([Buffer.alloc(4_000_000)], 'a.bin');
  const error = await sdkErrorOf(one.sdk.files.create({ file, purpose: 'assistants' }));
  await changeStored(dataPath, { sqlite: '', postgres: 'drop function disk_is_full cascade' });
  expect(error).toBe('507 The disk of the database is full, so nothing can be written. Free some space and try again.');
  expect(await countOf(dataPath, 'content_chunks')).toBe(0);
  expect((await other.sdk.files.list()).data).toEqual([]);
});
