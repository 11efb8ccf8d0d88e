import { existingFile } from '../existing.ts';
import type { TenantStore } from '../store/store.ts';
import { type BlobStore, BlobMissingError } from './blobStore.ts';

/**
 * The content of a file of a tenant, whose first bytes have been read.
 * @throws {HttpError} 404, also if the file is deleted at the same time
 */
export const readContent = async (blobs: Pick<BlobStore, 'read'>, store: TenantStore, fileId: string) => {
  const { file, sha256 } = await existingFile(store, fileId);
  const chunks = blobs.read(sha256)[Symbol.asyncIterator]();
  try {
    const first = await chunks.next();
    return { file, content: streamOf(first, chunks) };
  } catch (error) {
    if (error instanceof BlobMissingError) await existingFile(store, fileId);
    throw error;
  }
};

/** A stream that reads only as fast as its reader. */
const streamOf = (first: IteratorResult<Uint8Array>, chunks: AsyncIterator<Uint8Array>): ReadableStream<Uint8Array> => {
  let next: IteratorResult<Uint8Array> | undefined = first;
  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        const { done, value } = next ?? (await chunks.next());
        next = undefined;
        if (done === true) controller.close();
        else controller.enqueue(value);
      },
      cancel: async () => {
        await chunks.return?.();
      },
    },
    { highWaterMark: 0 },
  );
};
