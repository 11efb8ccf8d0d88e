import { httpErrors } from '../httpErrors.ts';
import type { StoreWrites, TenantStore } from '../store/store.ts';
import { BlobTooLargeError, type StagedBlob } from './blobStore.ts';
import type { FileDependencies, FileLimits } from './fileDependencies.ts';

/**
 * Checks in a transaction that `bytes` more may be stored.
 * @throws {HttpError} 400
 */
export const checkStoredBytes = async (writes: StoreWrites, bytes: number, limits: FileLimits): Promise<void> => {
  const stored = await writes.files.storedBytes();
  if (stored.tenant + bytes > limits.tenant) throw httpErrors.storageFull(limits.tenant, stored.tenant, bytes);
  // The sum of all tenants is not for one of them to know.
  if (stored.total + bytes > limits.total) throw httpErrors.serverStorageFull(bytes);
};

/** Stages content within the limits. @throws {HttpError} 413 */
export const stageContent = (
  { blobs, limits }: FileDependencies,
  _store: TenantStore,
  content: AsyncIterable<Uint8Array>,
): Promise<StagedBlob> =>
  blobs.stage(content, limits.file).catch((error: unknown) => {
    throw error instanceof BlobTooLargeError ? httpErrors.fileTooLarge(error.limit, 'more') : error;
  });

/** Bytes that a form may have in addition to the content of its file. */
const formOverhead = 512 * 1024;

/** Rejects a body whose `Content-Length` shows that its file is too large, before it is read. @throws {HttpError} 413 */
export const checkAnnouncedSize = ({ headers }: Request, limits: Pick<FileLimits, 'file'>): void => {
  const length = Number(headers.get('content-length') ?? 0);
  if (length > limits.file + formOverhead) throw httpErrors.fileTooLarge(limits.file, `a body of ${length}`);
};
