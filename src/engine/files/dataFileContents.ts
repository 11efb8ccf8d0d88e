import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BlobStore } from './blobStore.ts';
import { contentsFolderOf } from './contentsFolder.ts';
import { openFolderBlobStore } from './folderBlobStore.ts';

/**
 * Opens the contents of the files of a data file, in a folder next to it, with `.files` after its name. Those of `:memory:` are in a temporary
 * folder, which is deleted on closing. `isReferenced` returns whether a file or a part of an upload has a content.
 */
export const openDataFileContents = async (
  dataPath: string,
  isReferenced: (sha256: string) => Promise<boolean>,
): Promise<BlobStore> => {
  if (dataPath !== ':memory:') return openFolderBlobStore(contentsFolderOf(dataPath), isReferenced);
  const folder = await mkdtemp(join(tmpdir(), 'assistants-files-'));
  const blobs = await openFolderBlobStore(folder, isReferenced);
  return {
    ...blobs,
    close: async () => {
      await blobs.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
};
