import { type SqlBool, sql } from 'kysely';
import { type StatementParts, statement } from './statement.ts';

interface MessageKey {
  threadId: string;
  messageId: string;
}

type WrittenMessage = MessageKey & { object: string };

/** A range of positions as in `PositionRange`. */
interface Range {
  threadId: string;
  above: number;
  below: number;
  limit: number;
}

export const selectMessage = statement(({ db, owned, value }: StatementParts<MessageKey>) =>
  db
    .selectFrom('messages')
    .select('object')
    .where('id', '=', value('messageId'))
    .where('thread_id', '=', owned.ownThread(value('threadId'))),
);

const messagesIn = ({ db, owned, value }: StatementParts<Range>, direction: 'asc' | 'desc') =>
  db
    .selectFrom('messages')
    .select('object')
    .where('thread_id', '=', owned.ownThread(value('threadId')))
    .where(sql<SqlBool>`seq > ${value('above')} and seq < ${value('below')}`)
    .orderBy('seq', direction)
    .limit(value('limit'));

/** Messages of a thread, by the direction in which they are read. */
export const messagesInRange = {
  asc: statement((parts: StatementParts<Range>) => messagesIn(parts, 'asc')),
  desc: statement((parts: StatementParts<Range>) => messagesIn(parts, 'desc')),
};

/** Returns how many messages the thread has then. */
export const countMessages = statement(({ db, owned, value }: StatementParts<{ threadId: string; change: number }>) =>
  db
    .updateTable('threads')
    .set({ message_count: sql`message_count + ${value('change')}` })
    .where('id', '=', owned.ownThread(value('threadId')))
    .returning('message_count'),
);

export const insertMessage = statement(
  ({ db, owned, value }: StatementParts<WrittenMessage & { runId: string | null }>) =>
    db.insertInto('messages').values({
      id: value('messageId'),
      thread_id: owned.ownThread(value('threadId')),
      run_id: value('runId'),
      object: value('object'),
    }),
);

const update = ({ db, owned, value }: StatementParts<WrittenMessage>) =>
  db
    .updateTable('messages')
    .set({ object: value('object') })
    .where('id', '=', value('messageId'))
    .where('thread_id', '=', owned.ownThread(value('threadId')));

export const updateMessage = statement(update);

/** Updates a message whose metadata no client has changed. */
export const updateUnmodified = statement((parts: StatementParts<WrittenMessage>) =>
  update(parts).where('modified', '=', 0),
);

export const updateModified = statement((parts: StatementParts<WrittenMessage>) => update(parts).set({ modified: 1 }));
