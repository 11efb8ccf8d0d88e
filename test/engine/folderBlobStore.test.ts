import { readlinkSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openFolderBlobStore } from '../../src/engine/files/folderBlobStore.ts';
import { newDirectory } from './dataFiles.ts';

test('content is kept once its bytes, and the names of its file and of all its folders, are on the disk', async () => {
  const parent = newDirectory();
  const handle = await open(process.execPath);
  const prototype = Object.getPrototypeOf(handle) as FileHandle;
  await handle.close();
  const synced: string[] = [];
  const sync = vi.spyOn(prototype, 'sync').mockImplementation(function (this: FileHandle) {
    synced.push(readlinkSync(`/proc/self/fd/${this.fd}`));
    return Promise.resolve();
  });
  onTestFinished(() => sync.mockRestore());

  const folder = join(parent, 'files');
  const blobs = await openFolderBlobStore(folder, () => Promise.resolve(true));
  const staged = await blobs.stage(
    (async function* () {
      yield Buffer.from('content');
    })(),
    100,
  );
  await staged.keep(() => Promise.resolve());
  expect(synced).toEqual([
    parent,
    expect.stringContaining(join(folder, 'staging')),
    join(folder, staged.sha256.slice(0, 2)),
    folder,
  ]);
});
