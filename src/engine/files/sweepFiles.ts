import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Store, WorkerReads } from '../store/store.ts';
import type { FileDependencies } from './fileDependencies.ts';
import { removeContents } from './keepContent.ts';

/** Maximum number of files, and of uploads, that one sweep deletes. */
const sweepLimit = 100;

/** Contents checked in one turn of the event loop: each needs two queries, during which nothing else runs. */
const contentsPerTurn = 50;

/** What a sweep reads and writes, for every tenant. */
export type SweptStore = Pick<Store, 'write'> & Pick<WorkerReads, 'files' | 'uploads'>;

/** Deletes files and ends uploads that have expired. Nobody sees them any more, so that this may be late. */
export const sweepFiles = async (files: FileDependencies, store: SweptStore): Promise<void> => {
  const now = Date.now();
  for (const fileId of await store.files.expired(now, sweepLimit)) {
    const removed = await store.write((writes) => writes.files.remove(fileId));
    if (removed !== undefined) await removeContents(files, [removed.sha256]);
  }
  for (const uploadId of await store.uploads.expired(now, sweepLimit)) {
    const contents = await store.write(async (writes) => {
      const stored = await writes.uploads.lock(uploadId);
      return stored?.upload.status === 'pending' ? writes.uploads.end({ ...stored.upload, status: 'expired' }) : [];
    });
    await removeContents(files, contents);
  }
};

/** Removes contents to which nothing refers: those that an end of the process left between a commit and the disk. */
export const removeOrphans = async (files: FileDependencies, stopping: AbortSignal): Promise<void> => {
  let checked = 0;
  for await (const sha256 of files.blobs.list()) {
    if (stopping.aborted) return;
    await removeContents(files, [sha256]);
    checked += 1;
    if (checked % contentsPerTurn === 0) await nextTurn();
  }
};
