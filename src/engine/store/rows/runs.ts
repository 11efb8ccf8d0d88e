import { type Kysely, type Selectable, sql } from 'kysely';
import type { RestRun } from '../../../wire/run.ts';
import { isTerminalStatus } from '../../../wire/runStatus.ts';
import type { CommittedChanges } from '../changeNotifier.ts';
import type { StoreDialect } from '../dialect.ts';
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

const columnsOf = ({ run, expiresAt, claimAfter, lease, lastEvent, progress }: RunRecord) => ({
  object: JSON.stringify(run),
  status: run.status,
  created_at: run.created_at,
  active: isTerminalStatus(run.status) ? 0 : 1,
  expires_at: Math.ceil(expiresAt),
  claim_after: claimAfter,
  lease,
  has_server_calls: progress.hasServerCalls ? 1 : 0,
  last_event: lastEvent,
  progress: JSON.stringify(progress),
});

export const runRows = (
  db: Kysely<Tables>,
  dialect: StoreDialect,
  changes: CommittedChanges,
  { ownThread, ownRun }: Ownership,
): RunWorkerWrites => {
  const runs = db.selectFrom('runs').selectAll();
  const withThreads = db.selectFrom('runs').innerJoin('threads', 'threads.id', 'runs.thread_id').selectAll('runs');
  const noteChange = ({ run, claimAfter, lease }: RunRecord) => {
    changes.changedRuns.set(run.id, { status: run.status, lease, events: [] });
    if (claimAfter !== null && lease === null) changes.runWaiting = true;
  };

  /** Of an update, which thereby locks the thread first. */
  const lockedThreads = (runId: string) =>
    dialect.locking(
      db
        .selectFrom('threads')
        .select('threads.id')
        .where('threads.id', '=', (eb) =>
          eb.selectFrom('runs as one').select('one.thread_id').where('one.id', '=', runId),
        ),
      ['threads'],
    );

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

    lock: async (runId) => {
      const row = await dialect
        .locking(withThreads, ['threads', 'runs'])
        .where('runs.id', '=', ownRun(runId))
        .executeTakeFirst();
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
        .select(['id', 'created_at as createdAt'])
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

    isAnyOverdue: async (now) => {
      const row = await db
        .selectFrom('runs')
        .select('id')
        .where('active', '=', (eb) => eb.lit(1))
        .where('expires_at', '<=', now)
        .limit(1)
        .executeTakeFirst();
      return row !== undefined;
    },

    overdue: async (now, limit) => {
      const rows = await dialect
        .lockingFree(withThreads, ['threads', 'runs'])
        .where('active', '=', (eb) => eb.lit(1))
        .where('expires_at', '<=', now)
        .orderBy('expires_at')
        .limit(limit)
        .execute();
      return rows.map(read);
    },

    countActive: async () => {
      const rows = await db
        .selectFrom('runs')
        .select(['status', (eb) => eb.fn.countAll<number>().as('count')])
        .where('active', '=', (eb) => eb.lit(1))
        .groupBy('status')
        .execute();
      return Object.fromEntries(rows.map(({ status, count }) => [status, count]));
    },

    claimable: async (now, limit, next) => {
      const rows = await dialect
        .lockingFree(withThreads, ['threads', 'runs'])
        .where('claim_after', '<=', now)
        .where('has_server_calls', '=', next === 'tool_calls' ? 1 : 0)
        .orderBy('claim_after')
        .orderBy('runs.seq')
        .limit(limit)
        .execute();
      return rows.map(read);
    },

    insert: async (record) => {
      const { id, thread_id } = record.run;
      await db
        .insertInto('runs')
        .values((eb) => ({
          id,
          thread_id: ownThread(thread_id),
          after_message: eb.fn.coalesce(
            eb
              .selectFrom('messages')
              .select('messages.id')
              .where('thread_id', '=', ownThread(thread_id))
              .orderBy('seq', 'desc')
              .limit(1),
            sql.lit(''),
          ),
          ...columnsOf(record),
        }))
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
        .set((eb) => ({ last_event: eb('runs.last_event', '+', count) }))
        .$if(dialect.isShared, (query) =>
          query.from(lockedThreads(runId).as('locked')).whereRef('thread_id', '=', 'locked.id'),
        )
        .where('runs.id', '=', ownRun(runId))
        .where('lease', '=', lease)
        .where('status', '=', 'in_progress')
        .returning('runs.last_event')
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

    release: async (lease, now) => {
      const released = await db
        .updateTable('runs')
        .set({ claim_after: now, lease: null })
        .where('claim_after', 'is not', null)
        .where('lease', '=', lease)
        .returningAll()
        .execute();
      for (const row of released) noteChange(read(row));
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
