import type { Kysely } from 'kysely';
import { assistantRows } from './assistants.ts';
import { eventRows } from './events.ts';
import { idempotencyKeyRows } from './idempotencyKeys.ts';
import { messageRows } from './messages.ts';
import type { CommittedChanges } from './changeNotifier.ts';
import { runRows } from './runs.ts';
import { stepRows } from './steps.ts';
import type { StoreWrites } from './store.ts';
import type { Tables } from './tables.ts';
import { threadRows } from './threads.ts';

/** All reads and writes through `db`; `changes` collects what they change. */
export const rowsOf = (db: Kysely<Tables>, changes: CommittedChanges): StoreWrites => ({
  assistants: assistantRows(db),
  threads: threadRows(db, changes),
  messages: messageRows(db),
  runs: runRows(db, changes),
  steps: stepRows(db),
  events: eventRows(db),
  idempotencyKeys: idempotencyKeyRows(db),
});
