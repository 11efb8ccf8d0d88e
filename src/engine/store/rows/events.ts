import type { Kysely } from 'kysely';
import type { RunEventWorkerWrites } from '../access/events.ts';
import type { CommittedChanges } from '../changeNotifier.ts';
import type { StoreDialect } from '../dialect.ts';
import { eventsInLines, eventLinesOf, storedEvents } from './eventLines.ts';
import type { Ownership } from './ownership.ts';
import { pruneEvents } from './prunedEvents.ts';
import type { Tables } from './tables.ts';

/** Maximum number of events in one row. */
const maxInRow = 50;
/** Maximum number of rows that are read at once. */
const readRows = 4;

export const eventRows = (
  db: Kysely<Tables>,
  dialect: StoreDialect,
  changes: CommittedChanges,
  { ownRun }: Ownership,
): RunEventWorkerWrites => ({
  after: async (runId, sequence) => {
    const rows = await db
      .selectFrom('run_events')
      .select(['sequence', 'event', 'data'])
      .where('run_id', '=', ownRun(runId))
      .where('sequence', '>', sequence)
      .orderBy('sequence')
      .limit(readRows)
      .execute();
    const events = rows
      .flatMap(({ sequence: last, event, data }) =>
        event === '' ? eventsInLines(data, last) : [{ sequence: last, event, json: data }],
      )
      .filter((each) => each.sequence > sequence);
    return { events, hasMore: rows.length === readRows };
  },

  append: async (runId, first, events) => {
    const stored = storedEvents(events, first);
    for (let start = 0; start < stored.length; start += maxInRow) {
      const inRow = stored.slice(start, start + maxInRow);
      await db
        .insertInto('run_events')
        .values({
          run_id: ownRun(runId),
          sequence: first + start + inRow.length - 1,
          event: '',
          data: eventLinesOf(inRow),
        })
        .execute();
    }
    const change = changes.changedRuns.get(runId);
    if (change?.events) changes.changedRuns.set(runId, { ...change, events: [...change.events, ...stored] });
  },

  prune: (endedUntil, rows) => pruneEvents(db, dialect, endedUntil, rows),
});
