import type { RunEventWorkerWrites } from '../access/events.ts';
import type { CommittedChanges } from '../changeNotifier.ts';
import { eventsInLines, eventLinesOf, storedEvents } from './eventLines.ts';
import { pruneEvents } from './prunedEvents.ts';
import { type StatementParts, type StatementScope, statement } from './statement.ts';

/** Maximum number of events in one row. */
const maxInRow = 50;
/** Maximum number of rows that are read at once. */
const readRows = 4;

/** Rows whose last event has a number above `sequence`. */
const rowsAfter = statement(({ db, owned, value }: StatementParts<{ runId: string; sequence: number }>) =>
  db
    .selectFrom('run_events')
    .select(['sequence', 'event', 'data'])
    .where('run_id', '=', owned.ownRun(value('runId')))
    .where('sequence', '>', value('sequence'))
    .orderBy('sequence')
    .limit(readRows),
);

/** Stores one row: `sequence` is the number of the last event in `data`. */
const insertRow = statement(({ db, owned, value }: StatementParts<{ runId: string; sequence: number; data: string }>) =>
  db.insertInto('run_events').values({
    run_id: owned.ownRun(value('runId')),
    sequence: value('sequence'),
    event: '',
    data: value('data'),
  }),
);

export const eventRows = (scope: StatementScope, changes: CommittedChanges): RunEventWorkerWrites => ({
  after: async (runId, sequence) => {
    const { rows } = await rowsAfter(scope, { runId, sequence });
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
      const sequence = first + start + inRow.length - 1;
      await insertRow(scope, { runId, sequence, data: eventLinesOf(inRow) });
    }
    const change = changes.changedRuns.get(runId);
    if (change?.events) changes.changedRuns.set(runId, { ...change, events: [...change.events, ...stored] });
  },

  prune: (endedUntil, rows) => pruneEvents(scope.db, scope.dialect, endedUntil, rows),
});
