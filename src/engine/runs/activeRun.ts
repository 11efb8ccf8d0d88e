import type { RunRecord } from '../store/access/runs.ts';
import type { StoreWrites } from '../store/store.ts';
import { expireIfOverdue } from './expiry.ts';
import { isTerminalStatus } from '../../wire/runStatus.ts';

/** The active run of a thread, which locks it. An overdue run is expired first and does not count. */
export const activeRunOf = async (writes: StoreWrites, threadId: string): Promise<RunRecord | undefined> => {
  const found = await writes.runs.activeIn(threadId);
  if (found === undefined) return undefined;
  const record = await expireIfOverdue(writes, found);
  return isTerminalStatus(record.run.status) ? undefined : record;
};
