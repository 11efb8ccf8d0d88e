import { Client } from 'pg';
import type { Followed, RunKey } from './follow.ts';

/** What a client knows of a run. */
export interface KnownRun extends RunKey {
  followed: readonly Followed[];
}

/** What clients know to be stored, since it was acknowledged. */
export interface Acknowledged {
  threadIds: string[];
  messageIds: string[];
  runs: KnownRun[];
}

/** Events that a subscriber did not get, or got twice, or out of order. */
const eventFaults = ({ runId, followed }: KnownRun, stored: readonly string[]): string[] =>
  followed.flatMap(({ events }) => {
    const got = events.map(({ sequence, event }) => `${sequence} ${event}`);
    return got.join() === stored.join() ? [] : [`run ${runId}: a subscriber got ${got.join()} of ${stored.join()}`];
  });

/** What of `acknowledged` is lost, doubled or unfinished in the database. Nothing if all is well. */
export const violationsIn = async (databaseUrl: string, acknowledged: Acknowledged): Promise<string[]> => {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  const rows = async <Row extends object>(text: string, values: unknown[] = []) =>
    (await client.query<Row>(text, values)).rows;
  try {
    const lost = async (table: string, ids: string[]) => {
      const missing = await rows<{ id: string }>(
        `select given.id from unnest($1::text[]) as given (id) left join ${table} using (id) where ${table}.id is null`,
        [ids],
      );
      return missing.map(({ id }) => `${id} was acknowledged and is not in ${table}`);
    };
    const runIds = acknowledged.runs.map(({ runId }) => runId);
    const notEnded = await rows<{ id: string; status: string }>(
      `select id, status from runs where status <> 'completed' or active <> 0 or claim_after is not null or lease is not null`,
    );
    const notOnce = await rows<{ id: string; ends: number; completed: number }>(`
      select runs.id,
        (select count(*)::int from run_events where run_id = runs.id
          and event in ('thread.run.completed', 'thread.run.failed', 'thread.run.cancelled', 'thread.run.expired')) as ends,
        (select count(*)::int from messages where run_id = runs.id and object::json ->> 'status' = 'completed') as completed
      from runs`);
    const notCounted = await rows<{ id: string }>(`
      select id from runs join (select run_id, count(*) as events, max(sequence) as last from run_events group by run_id) as own
        on own.run_id = runs.id where events <> last_event or last <> last_event`);
    const events = await rows<{ run_id: string; sequence: string; event: string }>(
      `select run_id, sequence::text, event from run_events order by run_id, run_events.sequence`,
    );
    const stored = new Map<string, string[]>();
    for (const { run_id: runId, sequence, event } of events) {
      const known = stored.get(runId) ?? [];
      known.push(`${sequence} ${event}`);
      stored.set(runId, known);
    }
    return [
      ...(await lost('threads', acknowledged.threadIds)),
      ...(await lost('messages', acknowledged.messageIds)),
      ...(await lost('runs', runIds)),
      ...notEnded.map(({ id, status }) => `run ${id} is ${status}, or still claimed`),
      ...notOnce.flatMap(({ id, ends, completed }) =>
        ends === 1 && completed === 1 ? [] : [`run ${id} has ended ${ends} times, with ${completed} complete messages`],
      ),
      ...notCounted.map(({ id }) => `run ${id} has gaps in its events`),
      ...acknowledged.runs.flatMap((run) => eventFaults(run, stored.get(run.runId) ?? [])),
    ];
  } finally {
    await client.end();
  }
};
