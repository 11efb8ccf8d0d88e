import type { Kysely } from 'kysely';
import type { StoreDialect } from '../dialect.ts';
import { NOBODY } from './ownership.ts';
import { removeEventsOf } from './prunedEvents.ts';
import type { Tables } from './tables.ts';

/** Maximum number of runs whose rows are removed in one transaction. */
const maxRuns = 50;

/** Removes rows that belong to some of the runs of a thread, at most `rows`. False if the thread has no runs. */
const removeRuns = async (db: Kysely<Tables>, threadId: string, rows: number): Promise<boolean> => {
  const runs = await db.selectFrom('runs').select('id').where('thread_id', '=', threadId).limit(maxRuns).execute();
  const ids = runs.map(({ id }) => id);
  if (ids.length === 0) return false;
  if ((await removeEventsOf(db, ids, rows)) === rows) return true;
  for (const table of ['engine_calls', 'steps'] as const) {
    const { numDeletedRows } = await db
      .deleteFrom(table)
      .where('seq', 'in', (eb) => eb.selectFrom(table).select('seq').where('run_id', 'in', ids).limit(rows))
      .executeTakeFirst();
    if (Number(numDeletedRows) === rows) return true;
  }
  await db.deleteFrom('runs').where('id', 'in', ids).execute();
  return true;
};

/** Removes messages of the thread, and then the positions of those that were deleted before, at most `rows`. False if there are none. */
const removeMessages = async (db: Kysely<Tables>, threadId: string, rows: number): Promise<boolean> => {
  for (const table of ['messages', 'deleted_messages'] as const) {
    const { numDeletedRows } = await db
      .deleteFrom(table)
      .where('id', 'in', (eb) => eb.selectFrom(table).select('id').where('thread_id', '=', threadId).limit(rows))
      .executeTakeFirst();
    if (Number(numDeletedRows) > 0) return true;
  }
  return false;
};

/** See `ThreadWorkerWrites.removeDeleted`. */
export const removeDeletedThread = async (
  db: Kysely<Tables>,
  dialect: StoreDialect,
  rows: number,
): Promise<boolean> => {
  const deleted = db
    .selectFrom('threads')
    .select('id')
    .where('tenant', '=', NOBODY)
    .orderBy('created_at')
    .orderBy('seq')
    .limit(1);
  const thread = await dialect.lockingFree(deleted, ['threads']).executeTakeFirst();
  if (thread === undefined) return false;
  if (await removeRuns(db, thread.id, rows)) return true;
  if (await removeMessages(db, thread.id, rows)) return true;
  await db.deleteFrom('threads').where('id', '=', thread.id).execute();
  return true;
};
