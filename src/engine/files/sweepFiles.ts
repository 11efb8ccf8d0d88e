import type { Store, WorkerReads } from '../store/store.ts';
import type { BlobStore } from './blobStore.ts';

/** Maximum number of files, and of uploads, that one sweep deletes. */
const sweepLimit = 100;

/** What a sweep reads and writes, for every tenant. */
export type SweptStore = Pick<Store, 'write'> & Pick<WorkerReads, 'files' | 'uploads'>;

/** Deletes files and ends uploads that have expired. Nobody sees them any more, so that this may be late. */
export const sweepFiles = async (blobs: Pick<BlobStore, 'removeUnreferenced'>, store: SweptStore): Promise<void> => {
  const now = Date.now();
  for (const fileId of await store.files.expired(now, sweepLimit)) {
    const removed = await store.write((writes) => writes.files.remove(fileId));
    if (removed !== undefined) await blobs.removeUnreferenced([removed.sha256]);
  }
  for (const uploadId of await store.uploads.expired(now, sweepLimit)) {
    const contents = await store.write(async (writes) => {
      const stored = await writes.uploads.lock(uploadId);
      return stored?.upload.status === 'pending' ? writes.uploads.end({ ...stored.upload, status: 'expired' }) : [];
    });
    await blobs.removeUnreferenced(contents);
  }
};
