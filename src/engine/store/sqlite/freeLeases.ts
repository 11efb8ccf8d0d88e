import type { Kysely } from 'kysely';
import type { Tables } from '../rows/tables.ts';

/**
 * Gives up what a process that has ended had claimed: runs, files to be indexed, messages for webhooks. Only for the process that holds
 * the lock of the file, when no other can hold a lease.
 */
export const freeLeases = async (db: Kysely<Tables>): Promise<void> => {
  const now = Date.now();
  await db.updateTable('runs').set({ claim_after: 0, lease: null }).where('lease', 'is not', null).execute();
  await db.updateTable('vector_store_files').set({ work_after: now }).where('work_after', '>', now).execute();
  await db.updateTable('run_webhooks').set({ sending_until: 0 }).where('sending_until', '>', now).execute();
};
