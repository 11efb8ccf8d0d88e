import { type Selectable, sql } from 'kysely';
import { type StatementParts, statement } from './statement.ts';
import type { Tables } from './tables.ts';

/** A run as it is stored. */
export type RunRow = Selectable<Tables['runs']>;

/** The columns that every change of a run writes. */
export type WrittenRun = Omit<RunRow, 'seq' | 'id' | 'thread_id' | 'after_message' | 'unpruned_since'>;

type RunId = { runId: string };

const writtenColumns = ({ value }: StatementParts<WrittenRun>) => ({
  object: value('object'),
  status: value('status'),
  created_at: value('created_at'),
  active: value('active'),
  expires_at: value('expires_at'),
  claim_after: value('claim_after'),
  lease: value('lease'),
  has_server_calls: value('has_server_calls'),
  last_event: value('last_event'),
  progress: value('progress'),
});

export const selectRun = statement(({ db, owned, value }: StatementParts<RunId>) =>
  db
    .selectFrom('runs')
    .selectAll()
    .where('id', '=', owned.ownRun(value('runId'))),
);

export const runInThread = statement(({ db, owned, value }: StatementParts<RunId & { threadId: string }>) =>
  db
    .selectFrom('runs')
    .selectAll()
    .where('id', '=', value('runId'))
    .where('thread_id', '=', owned.ownThread(value('threadId'))),
);

export const lockedRun = statement(({ db, dialect, owned, value }: StatementParts<RunId>) =>
  dialect
    .locking(db.selectFrom('runs').innerJoin('threads', 'threads.id', 'runs.thread_id').selectAll('runs'), [
      'threads',
      'runs',
    ])
    .where('runs.id', '=', owned.ownRun(value('runId'))),
);

/** `active = 1` is a literal, not a parameter: otherwise SQLite does not use the partial index. */
export const activeRun = statement(({ db, owned, value }: StatementParts<{ threadId: string }>) =>
  db
    .selectFrom('runs')
    .selectAll()
    .where('thread_id', '=', owned.ownThread(value('threadId')))
    .where('active', '=', (eb) => eb.lit(1)),
);

export const newestRuns = statement(({ db, owned, value }: StatementParts<{ threadId: string; limit: number }>) =>
  db
    .selectFrom('runs')
    .select(['id', 'created_at as createdAt'])
    .where('thread_id', '=', owned.ownThread(value('threadId')))
    .orderBy('seq', 'desc')
    .limit(value('limit')),
);

export const insertRun = statement((parts: StatementParts<WrittenRun & { id: string; threadId: string }>) => {
  const { db, owned, value } = parts;
  const thread_id = owned.ownThread(value('threadId'));
  const newestMessage = db
    .selectFrom('messages')
    .select('messages.id')
    .where('thread_id', '=', thread_id)
    .orderBy('seq', 'desc')
    .limit(1);
  return db.insertInto('runs').values((eb) => ({
    id: value('id'),
    thread_id,
    after_message: eb.fn.coalesce(newestMessage, sql.lit('')),
    ...writtenColumns(parts),
  }));
});

const update = (parts: StatementParts<WrittenRun & RunId>) =>
  parts.db
    .updateTable('runs')
    .set(writtenColumns(parts))
    .where('id', '=', parts.owned.ownRun(parts.value('runId')));

export const updateRun = statement(update);

export const updateEndedRun = statement((parts: StatementParts<WrittenRun & RunId & { endedAt: number }>) =>
  update(parts).set({ unpruned_since: parts.value('endedAt') }),
);

/** Returns the number of the last event. An update that locks the thread first. */
export const advanceRun = statement(
  ({ db, dialect, owned, value }: StatementParts<RunId & { lease: string; count: number }>) =>
    db
      .updateTable('runs')
      .set((eb) => ({ last_event: eb('runs.last_event', '+', value('count')) }))
      .$if(dialect.isShared, (query) => {
        const threads = db
          .selectFrom('threads')
          .select('threads.id')
          .where('threads.id', '=', (eb) =>
            eb.selectFrom('runs as one').select('one.thread_id').where('one.id', '=', value('runId')),
          );
        return query.from(dialect.locking(threads, ['threads']).as('locked')).whereRef('thread_id', '=', 'locked.id');
      })
      .where('runs.id', '=', owned.ownRun(value('runId')))
      .where('lease', '=', value('lease'))
      .where('status', '=', 'in_progress')
      .returning('runs.last_event'),
);
