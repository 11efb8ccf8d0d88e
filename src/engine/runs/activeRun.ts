import type { RunRecord, StoreWrites } from '../store/store.ts';
import { expireIfOverdue } from './expiry.ts';
import { isTerminalStatus } from '../../wire/runStatus.ts';

/** The run that locks a thread. One whose time is up is expired on the way, and locks nothing. */
export const activeRunIn = async (writes: StoreWrites, threadId: string): Promise<RunRecord | undefined> => {
  const found = await writes.runs.activeIn(threadId);
  if (found === undefined) return undefined;
  const record = await expireIfOverdue(writes, found);
  return isTerminalStatus(record.run.status) ? undefined : record;
};
