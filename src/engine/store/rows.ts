import type { Kysely } from 'kysely';
import { assistantRows } from './assistants.ts';
import { eventRows } from './events.ts';
import { idempotencyKeyRows } from './idempotencyKeys.ts';
import { messageRows } from './messages.ts';
import type { Notices } from './notices.ts';
import { runRows } from './runs.ts';
import { stepRows } from './steps.ts';
import type { StoreWrites } from './store.ts';
import type { Tables } from './tables.ts';
import { threadRows } from './threads.ts';

/** Everything that can be read and written through `db`; `notices` collects what was changed. */
export const rowsOf = (db: Kysely<Tables>, notices: Notices): StoreWrites => ({
  assistants: assistantRows(db),
  threads: threadRows(db, notices),
  messages: messageRows(db),
  runs: runRows(db, notices),
  steps: stepRows(db),
  events: eventRows(db),
  idempotencyKeys: idempotencyKeyRows(db),
});
