import { type Kysely, sql } from 'kysely';
import { turnForText } from '../../../turns.ts';
import type { RestMessage } from '../../../wire/message.ts';
import type { MessageWrites } from '../access/messages.ts';
import type { Ownership } from './ownership.ts';
import { isInRange, readPage } from './paging.ts';
import { statementChunks } from './statementChunks.ts';
import type { Tables } from './tables.ts';

const read = ({ object }: { object: string }): RestMessage => JSON.parse(object) as RestMessage;

export const messageRows = (db: Kysely<Tables>, { ownThread }: Ownership): MessageWrites => {
  const countBy = async (threadId: string, change: number): Promise<number> => {
    const row = await db
      .updateTable('threads')
      .set({ message_count: sql`message_count + ${change}` })
      .where('id', '=', ownThread(threadId))
      .returning('message_count')
      .executeTakeFirst();
    return row?.message_count ?? 0;
  };

  const get = async (threadId: string, messageId: string) => {
    const row = await db
      .selectFrom('messages')
      .select('object')
      .where('id', '=', messageId)
      .where('thread_id', '=', ownThread(threadId))
      .executeTakeFirst();
    return row && read(row);
  };

  const updateOf = (message: RestMessage) =>
    db
      .updateTable('messages')
      .set({ object: JSON.stringify(message) })
      .where('id', '=', message.id)
      .where('thread_id', '=', ownThread(message.thread_id));

  return {
    get,

    list: (threadId, page, runId) => {
      const listed = db
        .selectFrom('messages')
        .where('thread_id', '=', ownThread(threadId))
        .$if(runId !== undefined, (query) => query.where('run_id', '=', runId ?? null));
      const deleted = db
        .selectFrom('deleted_messages')
        .where('thread_id', '=', ownThread(threadId))
        .$if(runId !== undefined, (query) => query.where('run_id', '=', runId ?? null));
      return readPage(
        page,
        async (id) => {
          const row =
            (await listed.select('seq').where('id', '=', id).executeTakeFirst()) ??
            (await deleted.select('seq').where('id', '=', id).executeTakeFirst());
          return row?.seq;
        },
        async (range) => {
          const rows = await listed
            .select('object')
            .where(isInRange(range))
            .orderBy('seq', range.direction)
            .limit(range.limit)
            .execute();
          await turnForText(rows.reduce((length, { object }) => length + object.length, 0));
          return rows.map(read);
        },
      );
    },

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
      await updateOf(message).set({ modified: 1 }).execute();
    },

    rewrite: async (message) => {
      const { numUpdatedRows } = await updateOf(message).where('modified', '=', 0).executeTakeFirst();
      if (numUpdatedRows > 0) return message;
      const stored = await get(message.thread_id, message.id);
      if (stored === undefined) return undefined;
      const merged = { ...message, metadata: stored.metadata };
      await updateOf(merged).execute();
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
