import type { Kysely } from 'kysely';
import type { RunEventWrites } from '../access/events.ts';
import type { Ownership } from './ownership.ts';
import type { Tables } from './tables.ts';

/** Maximum number of rows in one insert. Each has four values, and SQLite binds at most 32,766. */
const maxRows = 1000;

export const eventRows = (db: Kysely<Tables>, { ownRun }: Ownership): RunEventWrites => ({
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
    const rows = events.map(({ event, data }, index) => ({
      run_id: ownRun(runId),
      sequence: first + index,
      event,
      data: JSON.stringify(data),
    }));
    for (let start = 0; start < rows.length; start += maxRows) {
      await db
        .insertInto('run_events')
        .values(rows.slice(start, start + maxRows))
        .execute();
    }
  },
});
