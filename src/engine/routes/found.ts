import type { RestMessage } from '../../wire/message.ts';
import type { RestThread } from '../../wire/thread.ts';
import { apiErrors } from '../errors.ts';
import { freshRun } from '../runs/expiry.ts';
import type { RunRecord, Store, StoreReads, StoreWrites } from '../store/store.ts';

// What a path names, or the 404 that says what of it is missing. The thread is looked up only where what hangs on it
// is not there: its absence is then what the client should hear of.

const missing = async (reads: StoreReads, threadId: string, resource: 'message' | 'run', id: string) =>
  (await reads.threads.get(threadId)) === undefined
    ? apiErrors.notFound('thread', threadId)
    : apiErrors.notFound(resource, id);

/** @throws {ApiError} 404 */
export const threadFound = async (reads: StoreReads, threadId: string): Promise<RestThread> => {
  const thread = await reads.threads.get(threadId);
  if (thread === undefined) throw apiErrors.notFound('thread', threadId);
  return thread;
};

/** The thread, kept from other writers until the transaction ends. @throws {ApiError} 404 */
export const threadLocked = async (writes: StoreWrites, threadId: string): Promise<RestThread> => {
  const thread = await writes.threads.lock(threadId);
  if (thread === undefined) throw apiErrors.notFound('thread', threadId);
  return thread;
};

/** @throws {ApiError} 404 */
export const messageFound = async (reads: StoreReads, threadId: string, messageId: string): Promise<RestMessage> => {
  const message = await reads.messages.get(threadId, messageId);
  if (message === undefined) throw await missing(reads, threadId, 'message', messageId);
  return message;
};

/** @throws {ApiError} 404 */
export const runFound = async (reads: StoreReads, threadId: string, runId: string): Promise<RunRecord> => {
  const record = await reads.runs.get(threadId, runId);
  if (record === undefined) throw await missing(reads, threadId, 'run', runId);
  return record;
};

/** The run as it is now, expired if its time is up. @throws {ApiError} 404 */
export const currentRun = async (store: Store, path: { thread_id: string; run_id: string }): Promise<RunRecord> =>
  freshRun(store, await runFound(store, path.thread_id, path.run_id));
