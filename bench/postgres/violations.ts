import { Client } from 'pg';
import type { Followed, RunKey } from './follow.ts';
import { storedEventsIn } from './storedEvents.ts';

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

const isEnd = /^\d+ thread\.run\.(completed|failed|cancelled|expired|incomplete)$/;

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
    const stored = await storedEventsIn(databaseUrl);
    const ended = await rows<{ id: string; last: number; completed: number }>(`
      select id, last_event::int as last,
        (select count(*)::int from messages where run_id = runs.id and object::json ->> 'status' = 'completed') as completed
      from runs`);
    const notOnce = ended.flatMap(({ id, last, completed }) => {
      const events = stored.get(id) ?? [];
      const ends = events.filter((event) => isEnd.test(event)).length;
      return [
        ...(ends === 1 && completed === 1
          ? []
          : [`run ${id} has ended ${ends} times, with ${completed} complete messages`]),
        ...(events.every((event, index) => event.startsWith(`${index + 1} `)) && events.length === last
          ? []
          : [`run ${id} has ${last} events, and these are stored: ${events.join()}`]),
      ];
    });
    return [
      ...(await lost('threads', acknowledged.threadIds)),
      ...(await lost('messages', acknowledged.messageIds)),
      ...(await lost('runs', runIds)),
      ...notEnded.map(({ id, status }) => `run ${id} is ${status}, or still claimed`),
      ...notOnce,
      ...acknowledged.runs.flatMap((run) => eventFaults(run, stored.get(run.runId) ?? [])),
    ];
  } finally {
    await client.end();
  }
};
