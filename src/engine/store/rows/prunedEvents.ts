import type { Kysely } from 'kysely';
import type { StoreDialect } from '../dialect.ts';
import type { Tables } from './tables.ts';

/** Maximum number of runs whose events are removed in one transaction. */
const maxRuns = 50;

/** See `RunEventWorkerWrites.prune`. */
export const pruneEvents = async (
  db: Kysely<Tables>,
  dialect: StoreDialect,
  endedUntil: number,
  rows: number,
): Promise<boolean> => {
  const ended = db
    .selectFrom('runs')
    .select('id')
    .where('unpruned_since', '<=', endedUntil)
    .orderBy('unpruned_since')
    .limit(maxRuns);
  const runs = await dialect.lockingFree(ended, ['runs']).execute();
  const ids = runs.map(({ id }) => id);
  if (ids.length === 0) return false;
  const removed = await removeEventsOf(db, ids, rows);
  if (removed === rows) return true;
  await db.updateTable('runs').set({ unpruned_since: null }).where('id', 'in', ids).execute();
  return ids.length === maxRuns;
};

/** Removes at most `rows` events of the runs, of each run the oldest first. Returns how many it has removed. */
export const removeEventsOf = async (db: Kysely<Tables>, runIds: readonly string[], rows: number): Promise<number> => {
  const { numDeletedRows } = await db
    .deleteFrom('run_events')
    .where((eb) =>
      eb(
        eb.refTuple('run_id', 'sequence'),
        'in',
        eb
          .selectFrom('run_events as oldest')
          .select(['oldest.run_id', 'oldest.sequence'])
          .where('oldest.run_id', 'in', runIds)
          .orderBy('oldest.run_id')
          .orderBy('oldest.sequence')
          .limit(rows)
          .$asTuple('run_id', 'sequence'),
      ),
    )
    .executeTakeFirst();
  return Number(numDeletedRows);
};
