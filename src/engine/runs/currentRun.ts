import { existingRun } from '../existing.ts';
import type { RunRecord } from '../store/access/runs.ts';
import type { TenantStore } from '../store/store.ts';
import { upToDateRun } from './expiry.ts';

/** The run as it is now, expired if it is overdue. @throws {HttpError} 404 */
export const currentRun = async (store: TenantStore, path: { thread_id: string; run_id: string }): Promise<RunRecord> =>
  upToDateRun(store, await existingRun(store, path.thread_id, path.run_id));
