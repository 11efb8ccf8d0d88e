import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { expect, onTestFinished, test, vi } from 'vitest';
import { newDataPath, newDirectory } from './dataFiles.ts';
import { sdkErrorOf, startFilesSdk, storedIn, textFile } from './filesWorld.ts';

test('contents without a file, and what was being written, are deleted at the start', async () => {
  const dataPath = newDataPath();
  const first = await startFilesSdk({ dataPath });
  const { id } = await first.sdk.files.create({ file: textFile('kept'), purpose: 'assistants' });
  await first.engine.close();
  const [kept = ''] = await storedIn(dataPath);
  const orphan = 'f'.repeat(64);
  mkdirSync(`${dataPath}.files/ff`, { recursive: true });
  writeFileSync(`${dataPath}.files/ff/${orphan}`, 'orphan');
  mkdirSync(`${dataPath}.files/staging`, { recursive: true });
  writeFileSync(`${dataPath}.files/staging/half`, 'half');
  expect(await storedIn(dataPath)).toHaveLength(3);

  const { sdk } = await startFilesSdk({ dataPath });
  await expect.poll(() => storedIn(dataPath)).toEqual([kept]);
  expect(await (await sdk.files.content(id)).text()).toBe('kept');
});

test('a file whose content was lost is listed, and its download fails and is logged', async () => {
  const dataPath = newDataPath();
  const lines: string[] = [];
  const { sdk } = await startFilesSdk({ dataPath, log: (line) => lines.push(line) });
  const { id } = await sdk.files.create({ file: textFile('hello'), purpose: 'assistants' });
  rmSync(`${dataPath}.files`, { recursive: true });
  expect((await sdk.files.list()).data).toHaveLength(1);
  expect(await sdkErrorOf(sdk.files.content(id))).toMatch(/^500 The server had an error/u);
  expect(lines).toEqual([expect.stringContaining('There is no content with the SHA-256 2cf24dba')]);
  // It can be deleted, and uploaded again.
  await sdk.files.delete(id);
  const again = await sdk.files.create({ file: textFile('hello'), purpose: 'assistants' });
  expect(await (await sdk.files.content(again.id)).text()).toBe('hello');
});

test('files of an engine in memory are gone with it', async () => {
  const temporary = newDirectory();
  vi.stubEnv('TMPDIR', temporary);
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  const { sdk, engine } = await startFilesSdk();
  const { id } = await sdk.files.create({ file: textFile('hello'), purpose: 'assistants' });
  expect(await (await sdk.files.content(id)).text()).toBe('hello');
  expect(readdirSync(temporary)).toHaveLength(1);
  await engine.close();
  expect(readdirSync(temporary)).toEqual([]);
});

test('a folder that cannot be written gives a clear error, and reads go on', async () => {
  const dataPath = newDataPath();
  const { sdk } = await startFilesSdk({ dataPath });
  writeFileSync(`${dataPath}.files`, 'not a folder');
  expect(await sdkErrorOf(sdk.files.create({ file: textFile('hello'), purpose: 'assistants' }))).toBe(
    '503 The folder for the content of files cannot be created: another file is at its path.',
  );
  expect((await sdk.files.list()).data).toEqual([]);
});
