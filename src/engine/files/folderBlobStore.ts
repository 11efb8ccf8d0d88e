import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { syncFolder } from '../diskSync.ts';
import { errorCodeOf } from '../errorCode.ts';
import { blobWriteErrorOf } from './blobWriteError.ts';
import { type BlobStore, BlobMissingError, BlobTooLargeError, type StagedBlob } from './blobStore.ts';

/** Bytes that are read at a time. */
const chunkBytes = 64 * 1024;

/** Folders of contents are named by their first two digits, and staged contents are in this one. */
const stagingFolder = 'staging';

/**
 * Opens a folder for content, which is created with the first content. The file of a content is `ab/abcd…`, by its SHA-256. Only one
 * process may use the folder; that of an engine belongs to the one that holds the data file. What an earlier process was staging is deleted.
 */
export const openFolderBlobStore = async (folder: string): Promise<BlobStore> => {
  const staging = join(folder, stagingFolder);
  await rm(staging, { recursive: true, force: true });
  const active = new Set<Promise<unknown>>();

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

  const keep = async (path: string, sha256: string) => {
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
        keep: () => keep(path, sha256).catch(rethrow),
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

    remove: (sha256) => rm(pathOf(sha256), { force: true }),

    list: async function* () {
      for (const name of await namesIn(folder)) {
        if (/^[0-9a-f]{2}$/u.test(name)) yield* await namesIn(join(folder, name));
      }
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
