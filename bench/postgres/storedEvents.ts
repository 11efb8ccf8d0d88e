import { eventsInLines } from '../../src/engine/store/rows/eventLines.ts';
import { queryDatabase } from '../../test/support/databases.ts';

interface Row {
  runId: string;
  sequence: number;
  event: string;
  data: string;
}

/** All events in a database, each as its number and its name, in the order of their numbers. By id of the run. */
export const storedEventsIn = async (databaseUrl: string): Promise<Map<string, string[]>> => {
  const rows = (await queryDatabase(
    databaseUrl,
    'select run_id as "runId", run_events.sequence::int, event, data from run_events order by run_id, run_events.sequence',
  )) as Row[];
  const stored = new Map<string, string[]>();
  for (const { runId, sequence, event, data } of rows) {
    const events = event === '' ? eventsInLines(data, sequence) : [{ sequence, event }];
    const known = stored.get(runId) ?? [];
    known.push(...events.map((each) => `${each.sequence} ${each.event}`));
    stored.set(runId, known);
  }
  return stored;
};
