import { httpErrors } from '../httpErrors.ts';
import type { StoreWrites } from '../store/store.ts';
import type { FileDependencies } from './fileDependencies.ts';

/** Removes a content that no file of any tenant has. Only within `withContent`. */
export const removeUnreferenced = async (
  { blobs, isReferenced }: Pick<FileDependencies, 'blobs' | 'isReferenced'>,
  sha256: string,
): Promise<void> => {
  if (!(await isReferenced(sha256))) await blobs.remove(sha256);
};

/**
 * Deletes a file of a tenant, and its content with the last file that has it.
 * @throws {HttpError} 404
 */
export const removeFile = async (
  files: FileDependencies,
  write: <Result>(work: (writes: StoreWrites) => Promise<Result>) => Promise<Result>,
  fileId: string,
): Promise<void> => {
  const sha256 = await write(async (writes) => {
    const removed = await writes.files.remove(fileId);
    if (removed === undefined) throw httpErrors.notFound('file', fileId);
    return removed.sha256;
  });
  await files.withContent(sha256, () => removeUnreferenced(files, sha256));
};
