import type { RestFile, RestFilePurpose } from '../../wire/file.ts';
import { unixSeconds } from '../clock.ts';
import { newId } from '../ids.ts';
import type { StoreWrites, TenantStore } from '../store/store.ts';
import type { StagedBlob } from './blobStore.ts';
import type { FileDependencies } from './fileDependencies.ts';
import { checkStoredBytes, stageContent } from './limits.ts';
import { removeUnreferenced } from './removeFile.ts';

/** Properties of a file that its creator chooses. */
export interface NewFile {
  filename: string;
  purpose: RestFilePurpose;
  /** Seconds from the creation until the file is deleted. By default only files for batches are deleted, after 30 days. */
  expiresAfterSeconds?: number | undefined;
}

/** By the API reference of files. */
const batchLifetimeSeconds = 30 * 24 * 60 * 60;

/**
 * Creates a file of a tenant. `content` is written as it is read. Once this resolves, both are durable; if it rejects, nothing
 * remains.
 * @throws {HttpError} 413 or 400 if the content is larger than a limit allows
 */
export const createFile = async (
  files: FileDependencies,
  store: TenantStore,
  { content, ...file }: NewFile & { content: AsyncIterable<Uint8Array> },
): Promise<RestFile> => insertFile(files, (work) => store.write(work), await stageContent(files, store, content), file);

/** Creates a file with staged content in the one transaction of `write`, which may return an earlier file instead. */
export const insertFile = (
  files: FileDependencies,
  write: (work: (writes: StoreWrites) => Promise<RestFile>) => Promise<RestFile>,
  staged: StagedBlob,
  { filename, purpose, expiresAfterSeconds }: NewFile,
): Promise<RestFile> => {
  const now = unixSeconds();
  const lifetime = expiresAfterSeconds ?? (purpose === 'batch' ? batchLifetimeSeconds : undefined);
  const file: RestFile = {
    id: newId('file'),
    object: 'file',
    bytes: staged.bytes,
    created_at: now,
    expires_at: lifetime === undefined ? null : now + lifetime,
    filename,
    purpose,
    status: 'processed',
    status_details: null,
  };
  return files.withContent(staged.sha256, async () => {
    let created: RestFile | undefined;
    try {
      await staged.keep();
      created = await write(async (writes) => {
        await checkStoredBytes(writes, staged.bytes, files.limits);
        await writes.files.insert(file, staged.sha256);
        return file;
      });
      return created;
    } finally {
      if (created?.id !== file.id) {
        await staged.discard();
        await removeUnreferenced(files, staged.sha256);
      }
    }
  });
};
