import { createHash } from 'node:crypto';
import type { CompleteUploadBody, RestUpload } from '../../wire/upload.ts';
import { existingUpload, lockedUpload } from '../existing.ts';
import { httpErrors } from '../httpErrors.ts';
import type { StoredPart } from '../store/access/uploads.ts';
import type { StoreWrites, TenantStore } from '../store/store.ts';
import type { BlobStore } from './blobStore.ts';
import { insertFile } from './createFile.ts';
import type { FileDependencies } from './fileDependencies.ts';
import { stageContent } from './limits.ts';
import { checkIsPending } from './pendingUpload.ts';

type Write = (work: (writes: StoreWrites) => Promise<RestUpload>) => Promise<RestUpload>;

/**
 * Makes a file of the parts, in the order of `part_ids`, and ends the upload. If this rejects, the upload is still pending.
 * @throws {HttpError} 404, or 400 if the upload has ended or its parts are not those that were announced
 */
export const completeUpload = async (
  files: FileDependencies,
  { store, write }: { store: TenantStore; write: Write },
  uploadId: string,
  { part_ids: partIds, md5 }: CompleteUploadBody,
): Promise<RestUpload> => {
  const { upload, expiresAfterSeconds } = await existingUpload(store, uploadId);
  // `write` alone knows whether it was this request that completed it.
  if (upload.status !== 'pending') return write(async () => rejectEnded(upload));
  checkIsPending(upload);
  const added = await store.uploads.parts(uploadId);
  const parts = partsInOrder(added, partIds, upload);
  const hash = createHash('md5');
  const staged = await stageContent(files, store, joined(files.blobs, parts, hash), upload.bytes, sizeOf(added));
  const removed: string[] = [];
  try {
    checkMd5(md5, hash.digest('hex'));
    return await staged.keep(() =>
      write(async (writes) => {
        // Another request may have ended it, or added parts.
        checkIsPending((await lockedUpload(writes, uploadId)).upload);
        const ended: RestUpload = { ...upload, status: 'completed' };
        // First, so that the parts do not count for the limits in addition to the file.
        removed.push(...(await writes.uploads.end(ended)));
        const { filename, purpose } = upload;
        const file = await insertFile(files, writes, staged, { filename, purpose, expiresAfterSeconds });
        const completed: RestUpload = { ...ended, file };
        await writes.uploads.end(completed);
        return completed;
      }),
    );
  } finally {
    await staged.discard();
    await files.blobs.removeUnreferenced(removed);
  }
};

const rejectEnded = (upload: RestUpload): RestUpload => {
  checkIsPending(upload);
  return upload;
};

/** @throws {HttpError} 400 */
const partsInOrder = (parts: StoredPart[], partIds: string[], { id, bytes }: RestUpload): StoredPart[] => {
  const byId = new Map(parts.map((part) => [part.id, part]));
  const ordered = partIds.map((partId, index) => {
    const part = byId.get(partId);
    if (part === undefined) throw httpErrors.unknownPart(partId, id);
    if (partIds.indexOf(partId) !== index) throw httpErrors.repeatedPart(partId);
    return part;
  });
  const sum = sizeOf(ordered);
  if (sum !== bytes) throw httpErrors.wrongUploadSize(bytes, sum);
  return ordered;
};

const sizeOf = (parts: StoredPart[]) => parts.reduce((total, { bytes }) => total + bytes, 0);

async function* joined(blobs: Pick<BlobStore, 'read'>, parts: StoredPart[], hash: ReturnType<typeof createHash>) {
  for (const { sha256 } of parts) {
    for await (const chunk of blobs.read(sha256)) {
      hash.update(chunk);
      yield chunk;
    }
  }
}

/** @throws {HttpError} 400 */
const checkMd5 = (expected: string | undefined, got: string) => {
  if (expected !== undefined && expected.toLowerCase() !== got) throw httpErrors.wrongMd5(expected, got);
};
