import { type Kysely, type Selectable, sql } from 'kysely';
import type { RestRun } from '../../../wire/run.ts';
import { isTerminalStatus } from '../../../wire/runStatus.ts';
import type { CommittedChanges } from '../changeNotifier.ts';
import type { Ownership } from './ownership.ts';
import { isInRange, readPage } from './paging.ts';
import { readRunProgress } from '../runProgress.ts';
import type { RunRecord, RunWorkerWrites } from '../access/runs.ts';
import type { Tables } from './tables.ts';

type Row = Selectable<Tables['runs']>;

const read = (row: Row): RunRecord => {
  const run = JSON.parse(row.object) as RestRun;
  return {
    run,
    expiresAt: row.expires_at,
    claimAfter: row.claim_after,
    lease: row.lease,
    lastEvent: row.last_event,
    progress: readRunProgress(row.progress, run),
  };
};

/** As the index of such runs has it. Earlier versions stored no such member. */
const hasServerCalls = sql<boolean>`coalesce(json_extract(progress, '$.hasServerCalls'), 0)`;

const columnsOf = ({ run, expiresAt, claimAfter, lease, lastEvent, progress }: RunRecord) => ({
  object: JSON.stringify(run),
  active: isTerminalStatus(run.status) ? 0 : 1,
  expires_at: expiresAt,
  claim_after: claimAfter,
  lease,
  last_event: lastEvent,
  progress: JSON.stringify(progress),
});

export const runRows = (
  db: Kysely<Tables>,
  changes: CommittedChanges,
  { ownThread, ownRun }: Ownership,
): RunWorkerWrites => {
  const runs = db.selectFrom('runs').selectAll();
  const noteChange = ({ run, claimAfter, lease }: RunRecord) => {
    changes.changedRuns.set(run.id, { status: run.status, lease, events: [] });
    if (claimAfter !== null && lease === null) changes.runWaiting = true;
  };

  const updateOf = (record: RunRecord) =>
    db.updateTable('runs').set(columnsOf(record)).where('id', '=', ownRun(record.run.id));

  return {
    get: async (threadId, runId) => {
      const row = await runs.where('id', '=', runId).where('thread_id', '=', ownThread(threadId)).executeTakeFirst();
      return row && read(row);
    },

    find: async (runId) => {
      const row = await runs.where('id', '=', ownRun(runId)).executeTakeFirst();
      return row && read(row);
    },

    list: (threadId, page) => {
      const ofThread = db.selectFrom('runs').where('thread_id', '=', ownThread(threadId));
      return readPage(
        page,
        async (id) => (await ofThread.select('seq').where('id', '=', id).executeTakeFirst())?.seq,
        async (range) => {
          const rows = await ofThread
            .selectAll()
            .where(isInRange(range))
            .orderBy('seq', range.direction)
            .limit(range.limit)
            .execute();
          return rows.map(read);
        },
      );
    },

    newestIn: (threadId, limit) =>
      db
        .selectFrom('runs')
        .select(['id', sql<number>`json_extract(object, '$.created_at')`.as('createdAt')])
        .where('thread_id', '=', ownThread(threadId))
        .orderBy('seq', 'desc')
        .limit(limit)
        .execute(),

    // `active = 1` is a literal, not a parameter: otherwise SQLite does not use the partial indexes.
    activeIn: async (threadId) => {
      const row = await runs
        .where('thread_id', '=', ownThread(threadId))
        .where('active', '=', (eb) => eb.lit(1))
        .executeTakeFirst();
      return row && read(row);
    },

    overdue: async (now, limit) => {
      const rows = await db
        .selectFrom('runs')
        .select('id')
        .where('active', '=', (eb) => eb.lit(1))
        .where('expires_at', '<=', now)
        .orderBy('expires_at')
        .limit(limit)
        .execute();
      return rows.map(({ id }) => id);
    },

    countActive: async () => {
      const rows = await db
        .selectFrom('runs')
        .select([sql<string>`json_extract(object, '$.status')`.as('status'), sql<number>`count(*)`.as('count')])
        .where('active', '=', (eb) => eb.lit(1))
        .groupBy('status')
        .execute();
      return Object.fromEntries(rows.map(({ status, count }) => [status, count]));
    },

    claimable: async (now, limit, next) => {
      const rows = await runs
        .where('claim_after', '<=', now)
        .where(next === 'tool_calls' ? hasServerCalls : sql<boolean>`not ${hasServerCalls}`)
        .orderBy('claim_after')
        .orderBy('seq')
        .limit(limit)
        .execute();
      return rows.map(read);
    },

    insert: async (record) => {
      const { id, thread_id } = record.run;
      await db
        .insertInto('runs')
        .values({ id, thread_id: ownThread(thread_id), ...columnsOf(record) })
        .execute();
      noteChange(record);
    },

    update: async (record) => {
      await updateOf(record).execute();
      noteChange(record);
    },

    end: async (record) => {
      await updateOf(record).set({ unpruned_since: Date.now() }).execute();
      noteChange(record);
    },

    advance: async (runId, lease, count) => {
      const row = await db
        .updateTable('runs')
        .set({ last_event: sql`last_event + ${count}` })
        .where('id', '=', ownRun(runId))
        .where('lease', '=', lease)
        .where(sql`json_extract(object, '$.status')`, '=', 'in_progress')
        .returning('last_event')
        .executeTakeFirst();
      if (row !== undefined) changes.changedRuns.set(runId, { status: 'in_progress', lease, events: [] });
      return row?.last_event;
    },

    hasPrunable: async (endedUntil) => {
      const row = await db
        .selectFrom('runs')
        .select('id')
        .where('unpruned_since', '<=', endedUntil)
        .limit(1)
        .executeTakeFirst();
      return row !== undefined;
    },

    renew: async (lease, until) => {
      await db
        .updateTable('runs')
        .set({ claim_after: until })
        .where('claim_after', 'is not', null)
        .where('lease', '=', lease)
        .execute();
    },
  };
};
