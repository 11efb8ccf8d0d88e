import type { Kysely } from 'kysely';
import type { RestMetadata } from '../../../wire/page.ts';
import type { Tables } from './tables.ts';

/** Stores the pairs of a thread, by which the list is filtered, in place of those that it had. */
export const setThreadMetadata = async (
  db: Kysely<Tables>,
  { tenant, seq: thread_seq, created_at }: { tenant: string; seq: number; created_at: number },
  metadata: RestMetadata | null,
  isNew: boolean,
): Promise<void> => {
  if (!isNew) await db.deleteFrom('thread_metadata').where('thread_seq', '=', thread_seq).execute();
  const pairs = Object.entries(metadata ?? {}).map(([key, value]) => ({ tenant, key, value, created_at, thread_seq }));
  if (pairs.length > 0) await db.insertInto('thread_metadata').values(pairs).execute();
};
