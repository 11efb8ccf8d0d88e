import type { Kysely } from 'kysely';
import type { RunEventWorkerWrites } from '../access/events.ts';
import type { CommittedChanges } from '../changeNotifier.ts';
import type { Ownership } from './ownership.ts';
import { pruneEvents } from './prunedEvents.ts';
import type { Tables } from './tables.ts';

/** Maximum number of rows in one insert. Each has four values, and SQLite binds at most 32,766. */
const maxRows = 1000;

export const eventRows = (
  db: Kysely<Tables>,
  changes: CommittedChanges,
  { ownRun }: Ownership,
): RunEventWorkerWrites => ({
  after: async (runId, sequence, limit) => {
    const rows = await db
      .selectFrom('run_events')
      .select(['sequence', 'event', 'data'])
      .where('run_id', '=', ownRun(runId))
      .where('sequence', '>', sequence)
      .orderBy('sequence')
      .limit(limit)
      .execute();
    return rows.map(({ data, ...row }) => ({ ...row, json: data }));
  },

  append: async (runId, first, events) => {
    const stored = events.map(({ event, data }, index) => ({
      sequence: first + index,
      event,
      json: JSON.stringify(data),
    }));
    for (let start = 0; start < stored.length; start += maxRows) {
      const rows = stored
        .slice(start, start + maxRows)
        .map(({ sequence, event, json }) => ({ run_id: ownRun(runId), sequence, event, data: json }));
      await db.insertInto('run_events').values(rows).execute();
    }
    const change = changes.changedRuns.get(runId);
    if (change !== undefined) changes.changedRuns.set(runId, { ...change, events: [...change.events, ...stored] });
  },

  prune: (endedUntil, rows) => pruneEvents(db, endedUntil, rows),
});
