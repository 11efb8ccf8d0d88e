import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { syncFolder } from '../diskSync.ts';
import { errorCodeOf } from '../errorCode.ts';
import { blobWriteErrorOf } from './blobWriteError.ts';
import { type BlobStore, BlobMissingError, BlobTooLargeError, type StagedBlob } from './blobStore.ts';
import { contentLocks } from './contentLocks.ts';

/** Bytes that are read at a time. */
const chunkBytes = 64 * 1024;

/** Folders of contents are named by their first two digits, and staged contents are in this one. */
const stagingFolder = 'staging';

/** Contents checked in one turn of the event loop: each needs two queries, during which nothing else runs. */
const contentsPerTurn = 50;

/**
 * Opens a folder for content, which is created with the first content. The file of a content is `ab/abcd…`, by its SHA-256. Only one
 * process may use the folder; that of an engine belongs to the one that holds the data file. What an earlier process was staging is
 * deleted. `isReferenced` returns whether a file or a part of an upload has a content.
 */
export const openFolderBlobStore = async (
  folder: string,
  isReferenced: (sha256: string) => Promise<boolean>,
): Promise<BlobStore> => {
  const staging = join(folder, stagingFolder);
  await rm(staging, { recursive: true, force: true });
  /** Only this process writes, so that orphans are of earlier ones. */
  let hasOrphans = true;
  const active = new Set<Promise<unknown>>();
  const withContent = contentLocks();

  const folderOf = (sha256: string) => {
    if (!/^[0-9a-f]{64}$/u.test(sha256)) throw new TypeError(`not a SHA-256 in hexadecimal digits: ${sha256}`);
    return join(folder, sha256.slice(0, 2));
  };
  const pathOf = (sha256: string) => join(folderOf(sha256), sha256);

  /** Writes the content to `path`, synced. */
  const write = async (path: string, content: AsyncIterable<Uint8Array>, maxBytes: number) => {
    const created = await mkdir(staging, { recursive: true });
    if (created !== undefined) await syncFolder(dirname(created));
    const hash = createHash('sha256');
    let bytes = 0;
    const file = await open(path, 'wx');
    try {
      for await (const chunk of content) {
        bytes += chunk.byteLength;
        if (bytes > maxBytes) throw new BlobTooLargeError(maxBytes);
        hash.update(chunk);
        await file.writeFile(chunk);
      }
      await file.sync();
    } finally {
      await file.close();
    }
    return { sha256: hash.digest('hex'), bytes };
  };

  const removeIfUnreferenced = async (sha256: string) => {
    if (!(await isReferenced(sha256))) await rm(pathOf(sha256), { force: true });
  };

  const keepFile = async (path: string, sha256: string) => {
    const target = folderOf(sha256);
    const created = await mkdir(target, { recursive: true });
    // If it is there already, this replaces it by the same content.
    await rename(path, pathOf(sha256));
    await syncFolder(target);
    if (created !== undefined) await syncFolder(folder);
  };

  const stage = async (content: AsyncIterable<Uint8Array>, maxBytes: number): Promise<StagedBlob> => {
    const path = join(staging, randomUUID());
    try {
      const { sha256, bytes } = await write(path, content, maxBytes);
      return {
        sha256,
        bytes,
        keep: (insert) =>
          withContent(sha256, async () => {
            try {
              await keepFile(path, sha256).catch(rethrow);
              return await insert();
            } finally {
              await rm(path, { force: true });
              // What cannot be checked now is checked at the next start.
              await removeIfUnreferenced(sha256).catch(() => undefined);
            }
          }),
        discard: () => rm(path, { force: true }),
      };
    } catch (error) {
      // What cannot be deleted now is deleted at the next start.
      await rm(path, { force: true }).catch(() => undefined);
      throw blobWriteErrorOf(error);
    }
  };

  return {
    stage: (content, maxBytes) => {
      const staged = stage(content, maxBytes);
      const settled = staged.then(
        () => undefined,
        () => undefined,
      );
      active.add(settled);
      void settled.then(() => active.delete(settled));
      return staged;
    },

    read: async function* (sha256, start = 0) {
      try {
        yield* createReadStream(pathOf(sha256), { start, highWaterMark: chunkBytes });
      } catch (error) {
        throw errorCodeOf(error) === 'ENOENT' ? new BlobMissingError(sha256, { cause: error }) : error;
      }
    },

    removeUnreferenced: async (contents) => {
      for (const sha256 of new Set(contents)) await withContent(sha256, () => removeIfUnreferenced(sha256));
    },

    removeOrphans: async (stopping) => {
      if (!hasOrphans) return;
      let checked = 0;
      for (const name of await namesIn(folder)) {
        if (!/^[0-9a-f]{2}$/u.test(name)) continue;
        for (const sha256 of await namesIn(join(folder, name))) {
          if (stopping.aborted) return;
          await withContent(sha256, () => removeIfUnreferenced(sha256));
          checked += 1;
          if (checked % contentsPerTurn === 0) await nextTurn();
        }
      }
      hasOrphans = false;
    },

    close: async () => {
      await Promise.all(active);
    },
  };
};

const rethrow = (error: unknown) => {
  throw blobWriteErrorOf(error);
};

/** None if there is no such folder. */
const namesIn = (path: string): Promise<string[]> =>
  readdir(path).catch((error: unknown) => {
    if (errorCodeOf(error) === 'ENOENT') return [];
    throw error;
  });
