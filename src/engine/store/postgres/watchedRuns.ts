import type { RestRunStatus } from '../../../wire/runStatus.ts';
import { type ChangeNotifier, noChanges, type RunChange } from '../changeNotifier.ts';

interface Row {
  id: string;
  lastEvent: string;
  lease: string | null;
  status: RestRunStatus;
}

/** Runs a statement and returns its rows. */
export type ChangeQuery = <Result extends object>(text: string, values: readonly unknown[]) => Promise<Result[]>;

/** Runs that one statement reads. */
const maxIds = 5_000;

const statement = `select id, last_event::text as "lastEvent", lease, status
  from runs where id = any($1)`;

const rowsById = async (query: ChangeQuery, ids: string[]) => {
  const rows = new Map<string, Row>();
  for (let start = 0; start === 0 || start < ids.length; start += maxIds) {
    for (const row of await query<Row>(statement, [ids.slice(start, start + maxIds)])) rows.set(row.id, row);
  }
  return rows;
};

/**
 * Looks at the runs that have listeners, and calls those of runs that have changed since the last look: the notification of a
 * change is lost if its replica ends between the commit and the notification.
 */
export const watchedRunsOf = ({ watchedRuns, notify }: ChangeNotifier) => {
  /** The version of each run at the last look. */
  let seen = new Map<string, string>();

  return {
    /** Makes one statement even if no run has listeners: it shows whether the connection still works. */
    look: async (query: ChangeQuery): Promise<void> => {
      const ids = watchedRuns();
      const rows = await rowsById(query, ids);
      const changedRuns = new Map<string, RunChange>();
      const now = new Map<string, string>();
      for (const id of ids) {
        const row = rows.get(id);
        const version = row === undefined ? 'deleted' : `${row.lastEvent} ${row.status} ${row.lease ?? ''}`;
        now.set(id, version);
        if (seen.get(id) !== version) changedRuns.set(id, row && { status: row.status, lease: row.lease });
      }
      seen = now;
      notify({ ...noChanges(), changedRuns });
    },
  };
};
