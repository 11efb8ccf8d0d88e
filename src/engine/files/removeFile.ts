import { httpErrors } from '../httpErrors.ts';
import type { StoreWrites } from '../store/store.ts';
import type { FileDependencies } from './fileDependencies.ts';

/**
 * Deletes a file of a tenant, and its content with the last file that has it.
 * @throws {HttpError} 404
 */
export const removeFile = async (
  files: FileDependencies,
  write: (work: (writes: StoreWrites) => Promise<string>) => Promise<string>,
  fileId: string,
): Promise<void> => {
  const sha256 = await write(async (writes) => {
    const removed = await writes.files.remove(fileId);
    if (removed === undefined) throw httpErrors.notFound('file', fileId);
    return removed.sha256;
  });
  await files.blobs.removeUnreferenced([sha256]);
};
