import type { EngineRequest } from '../engineRequest.ts';
import { httpErrors } from '../httpErrors.ts';
import type { StoreWrites, TenantStore } from '../store/store.ts';
import { BlobTooLargeError, type StagedBlob } from './blobStore.ts';
import type { FileDependencies, FileLimits } from './fileDependencies.ts';

/**
 * Checks in a transaction that `bytes` more may be stored, and lets no other transaction store any until it ends.
 * @throws {HttpError} 400
 */
export const checkStoredBytes = async (
  { files }: Pick<StoreWrites, 'files'>,
  bytes: number,
  limits: Pick<FileLimits, 'tenant' | 'total'>,
): Promise<void> => {
  const stored = await files.lockStoredBytes();
  if (stored.tenant + bytes > limits.tenant) throw httpErrors.storageFull(limits.tenant, stored.tenant);
  // The sum of all tenants is not for one of them to know.
  if (stored.total + bytes > limits.total) throw httpErrors.serverStorageFull();
};

/**
 * Stages at most `maxBytes` of content, less if the tenant may store less. What is being staged counts for the limit of all tenants, so
 * that uploads at the same time do not fill the disk. `released` bytes of what is stored will be removed with the transaction that
 * refers to the content.
 * @throws {HttpError} 413 or 400
 */
export const stageContent = async (
  { blobs, limits, staging }: FileDependencies,
  store: Pick<TenantStore, 'files'>,
  content: AsyncIterable<Uint8Array>,
  maxBytes: number,
  released = 0,
): Promise<StagedBlob> => {
  const stored = await store.files.storedBytes();
  const remaining = limits.tenant - stored.tenant + released;
  let own = 0;
  const release = () => {
    staging.bytes -= own;
    own = 0;
  };
  const counted = async function* () {
    for await (const chunk of content) {
      own += chunk.byteLength;
      staging.bytes += chunk.byteLength;
      if (stored.total - released + staging.bytes > limits.total) throw httpErrors.serverStorageFull();
      yield chunk;
    }
  };
  try {
    const staged = await blobs.stage(counted(), Math.max(0, Math.min(maxBytes, remaining)));
    return {
      ...staged,
      keep: (insert) => staged.keep(insert).finally(release),
      discard: () => staged.discard().finally(release),
    };
  } catch (error) {
    release();
    if (!(error instanceof BlobTooLargeError)) throw error;
    throw error.limit < maxBytes
      ? httpErrors.storageFull(limits.tenant, stored.tenant)
      : httpErrors.fileTooLarge(maxBytes, 'more');
  }
};

/** Bytes that a form may have in addition to the content of its file. */
const formOverhead = 512 * 1024;

/** Rejects a form whose `Content-Length` shows that its file is too large, before it is read. @throws {HttpError} 413 */
export const checkAnnouncedSize = ({ headers }: EngineRequest, maxBytes: number): void => {
  const length = Number(headers.get('content-length') ?? 0);
  if (length > maxBytes + formOverhead) throw httpErrors.fileTooLarge(maxBytes, `a body of ${length} bytes`);
};
