import { existingRun } from '../existing.ts';
import type { RunRecord, Store } from '../store/store.ts';
import { freshRun } from './expiry.ts';

/** The run as it is now, expired if its time is up. @throws {ApiError} 404 */
export const currentRun = async (store: Store, path: { thread_id: string; run_id: string }): Promise<RunRecord> =>
  freshRun(store, await existingRun(store, path.thread_id, path.run_id));
