import type { RestRun } from '../../../wire/run.ts';
import { isTerminalStatus } from '../../../wire/runStatus.ts';
import type { CommittedChanges } from '../changeNotifier.ts';
import type { Ownership } from './ownership.ts';
import { isInRange, readPage } from './paging.ts';
import { readRunProgress } from '../runProgress.ts';
import type { RunRecord, RunWorkerWrites } from '../access/runs.ts';
import {
  activeRun,
  advanceRun,
  updateEndedRun,
  insertRun,
  lockedRun,
  newestRuns,
  selectRun,
  runInThread,
  type RunRow,
  updateRun,
  type WrittenRun,
} from './runStatements.ts';
import type { StatementScope } from './statement.ts';

const read = (row: RunRow): RunRecord => {
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

const readFirst = ({ rows: [row] }: { rows: RunRow[] }): RunRecord | undefined => row && read(row);

const columnsOf = ({ run, expiresAt, claimAfter, lease, lastEvent, progress }: RunRecord): WrittenRun => ({
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
  scope: StatementScope,
  changes: CommittedChanges,
  { ownThread }: Ownership,
): RunWorkerWrites => {
  const { db, dialect } = scope;
  const withThreads = () =>
    db.selectFrom('runs').innerJoin('threads', 'threads.id', 'runs.thread_id').selectAll('runs');
  const noteChange = ({ run, claimAfter, lease }: RunRecord) => {
    changes.changedRuns.set(run.id, { status: run.status, lease, events: [] });
    if (claimAfter !== null && lease === null) changes.runWaiting = true;
  };

  return {
    get: async (threadId, runId) => readFirst(await runInThread(scope, { threadId, runId })),

    find: async (runId) => readFirst(await selectRun(scope, { runId })),

    lock: async (runId) => readFirst(await lockedRun(scope, { runId })),

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

    newestIn: async (threadId, limit) => (await newestRuns(scope, { threadId, limit })).rows,

    activeIn: async (threadId) => readFirst(await activeRun(scope, { threadId })),

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
        .lockingFree(withThreads(), ['threads', 'runs'])
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
        .lockingFree(withThreads(), ['threads', 'runs'])
        .where('claim_after', '<=', now)
        .where('has_server_calls', '=', next === 'tool_calls' ? 1 : 0)
        .orderBy('claim_after')
        .orderBy('runs.seq')
        .limit(limit)
        .execute();
      return rows.map(read);
    },

    insert: async (record) => {
      const { id, thread_id: threadId } = record.run;
      await insertRun(scope, { id, threadId, ...columnsOf(record) });
      noteChange(record);
    },

    update: async (record) => {
      await updateRun(scope, { runId: record.run.id, ...columnsOf(record) });
      noteChange(record);
    },

    end: async (record) => {
      await updateEndedRun(scope, { runId: record.run.id, endedAt: Date.now(), ...columnsOf(record) });
      noteChange(record);
    },

    advance: async (runId, lease, count) => {
      const [row] = (await advanceRun(scope, { runId, lease, count })).rows;
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
