import type { RestUploadPart } from '../../wire/upload.ts';
import { unixSeconds } from '../clock.ts';
import { lockedUpload } from '../existing.ts';
import { httpErrors } from '../httpErrors.ts';
import { newId } from '../ids.ts';
import type { StoreWrites } from '../store/store.ts';
import type { StagedBlob } from './blobStore.ts';
import type { FileDependencies } from './fileDependencies.ts';
import { checkStoredBytes } from './limits.ts';
import { checkIsPending } from './pendingUpload.ts';

/** By the API reference of uploads, in bytes. */
export const maxPartBytes = 64 * 1024 ** 2;

/** Parts of one upload. The API states no limit; 8 GiB in parts of 64 MiB are 128. */
const maxParts = 2000;

/**
 * Adds a part with content that is being kept.
 * @throws {HttpError} 404, or 400 if the upload has ended or a limit is reached
 */
export const addPart = async (
  { limits }: Pick<FileDependencies, 'limits'>,
  writes: StoreWrites,
  uploadId: string,
  { sha256, bytes }: Pick<StagedBlob, 'sha256' | 'bytes'>,
): Promise<RestUploadPart> => {
  checkIsPending((await lockedUpload(writes, uploadId)).upload);
  if ((await writes.uploads.countParts(uploadId)) >= maxParts) throw httpErrors.tooManyUploadParts(maxParts);
  await checkStoredBytes(writes, bytes, limits);
  const id = newId('part');
  await writes.uploads.insertPart(uploadId, { id, sha256, bytes });
  return { id, object: 'upload.part', created_at: unixSeconds(), upload_id: uploadId };
};
