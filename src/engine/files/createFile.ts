import type { RestFile, RestFilePurpose } from '../../wire/file.ts';
import { unixSeconds } from '../clock.ts';
import { newId } from '../ids.ts';
import type { StoreWrites, TenantStore } from '../store/store.ts';
import type { StagedBlob } from './blobStore.ts';
import type { FileDependencies } from './fileDependencies.ts';
import { checkStoredBytes, stageContent } from './limits.ts';

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
  { content, ...newFile }: NewFile & { content: AsyncIterable<Uint8Array> },
): Promise<RestFile> => {
  const staged = await stageContent(files, store, content, files.limits.file);
  return staged.keep(() => store.write((writes) => insertFile(files, writes, staged, newFile)));
};

/**
 * Inserts a file with content that is being kept.
 * @throws {HttpError} 400 if all files together are larger than a limit allows
 */
export const insertFile = async (
  { limits }: Pick<FileDependencies, 'limits'>,
  writes: StoreWrites,
  { sha256, bytes }: Pick<StagedBlob, 'sha256' | 'bytes'>,
  { filename, purpose, expiresAfterSeconds }: NewFile,
): Promise<RestFile> => {
  await checkStoredBytes(writes, bytes, limits);
  const now = unixSeconds();
  const lifetime = expiresAfterSeconds ?? (purpose === 'batch' ? batchLifetimeSeconds : undefined);
  const file: RestFile = {
    id: newId('file'),
    object: 'file',
    bytes,
    created_at: now,
    expires_at: lifetime === undefined ? null : now + lifetime,
    filename,
    purpose,
    status: 'processed',
    status_details: null,
  };
  await writes.files.insert(file, sha256);
  return file;
};
