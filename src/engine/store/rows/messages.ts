import { sql } from 'kysely';
import { turnForText } from '../../../turns.ts';
import type { RestMessage } from '../../../wire/message.ts';
import type { MessageWrites } from '../access/messages.ts';
import type { Ownership } from './ownership.ts';
import {
  countMessages,
  insertMessage,
  selectMessage,
  messagesInRange,
  updateMessage,
  updateModified,
  updateUnmodified,
} from './messageStatements.ts';
import { isInRange, type PositionRange, readPage } from './paging.ts';
import type { StatementScope } from './statement.ts';
import { statementChunks } from './statementChunks.ts';

const read = ({ object }: { object: string }): RestMessage => JSON.parse(object) as RestMessage;

const written = (message: RestMessage) => ({
  messageId: message.id,
  threadId: message.thread_id,
  object: JSON.stringify(message),
});

export const messageRows = (scope: StatementScope, { ownThread }: Ownership): MessageWrites => {
  const { db } = scope;
  const countBy = async (threadId: string, change: number): Promise<number> => {
    const [row] = (await countMessages(scope, { threadId, change })).rows;
    return row?.message_count ?? 0;
  };

  const get = async (threadId: string, messageId: string) => {
    const [row] = (await selectMessage(scope, { threadId, messageId })).rows;
    return row && read(row);
  };

  const ofRun = (table: 'messages' | 'deleted_messages', threadId: string, runId: string | undefined) =>
    db
      .selectFrom(table)
      .where('thread_id', '=', ownThread(threadId))
      .$if(runId !== undefined, (query) => query.where('run_id', '=', runId ?? null));

  const objectsIn = async (range: PositionRange, threadId: string, runId: string | undefined) => {
    const { above = 0, below = Number.MAX_SAFE_INTEGER, direction, limit } = range;
    if (runId === undefined) return (await messagesInRange[direction](scope, { threadId, above, below, limit })).rows;
    return ofRun('messages', threadId, runId)
      .select('object')
      .where(isInRange(range))
      .orderBy('seq', direction)
      .limit(limit)
      .execute();
  };

  return {
    get,

    list: (threadId, page, runId) =>
      readPage(
        page,
        async (id) => {
          const positionIn = (table: 'messages' | 'deleted_messages') =>
            ofRun(table, threadId, runId).select('seq').where('id', '=', id).executeTakeFirst();
          return ((await positionIn('messages')) ?? (await positionIn('deleted_messages')))?.seq;
        },
        async (range) => {
          const rows = await objectsIn(range, threadId, runId);
          await turnForText(rows.reduce((length, { object }) => length + object.length, 0));
          return rows.map(read);
        },
      ),

    followingRuns: async (threadId, runIds, readerId) => {
      const { rows } = await sql<{ runId: string; messageId: string | null }>`
        select runs.id as "runId", (
          select messages.id from messages
          where messages.thread_id = runs.thread_id and (messages.run_id is null or messages.run_id <> ${readerId})
            and messages.seq > coalesce((select seq from messages as m where m.id = runs.after_message),
              (select seq from deleted_messages as d where d.id = runs.after_message), 0)
          order by messages.seq limit 1) as "messageId"
        from runs
        where runs.id in (${sql.join(runIds)}) and runs.thread_id = ${ownThread(threadId)}
          and runs.after_message is not null`.execute(db);
      return rows;
    },

    insert: async (threadId, messages) => {
      const count = await countBy(threadId, messages.length); // First: this locks the thread.
      const [only] = messages;
      if (only !== undefined && messages.length === 1) {
        await insertMessage(scope, { ...written(only), threadId, runId: only.run_id });
        return count;
      }
      for (const chunk of statementChunks(messages)) {
        const rows = chunk.map((message) => ({
          id: message.id,
          thread_id: ownThread(threadId),
          run_id: message.run_id,
          object: JSON.stringify(message),
        }));
        await db.insertInto('messages').values(rows).execute();
      }
      return count;
    },

    update: async (message) => {
      await updateModified(scope, written(message));
    },

    rewrite: async (message) => {
      const { numAffectedRows = 0n } = await updateUnmodified(scope, written(message));
      if (numAffectedRows > 0n) return message;
      const stored = await get(message.thread_id, message.id);
      if (stored === undefined) return undefined;
      const merged = { ...message, metadata: stored.metadata };
      await updateMessage(scope, written(merged));
      return merged;
    },

    remove: async (threadId, messageId) => {
      const removed = await db
        .deleteFrom('messages')
        .where('id', '=', messageId)
        .where('thread_id', '=', ownThread(threadId))
        .returning(['id', 'seq', 'thread_id', 'run_id'])
        .executeTakeFirst();
      if (removed === undefined) return false;
      await db.insertInto('deleted_messages').values(removed).execute();
      await countBy(threadId, -1);
      return true;
    },

    count: async (threadId) => {
      const row = await db
        .selectFrom('threads')
        .select('message_count')
        .where('id', '=', ownThread(threadId))
        .executeTakeFirst();
      return row?.message_count ?? 0;
    },
  };
};
