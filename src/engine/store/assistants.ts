import type { Kysely } from 'kysely';
import type { RestAssistant } from '../../wire/assistant.ts';
import { isWithin, readPage } from './paging.ts';
import type { StoreWrites } from './store.ts';
import type { Tables } from './tables.ts';

const read = ({ object }: { object: string }): RestAssistant => JSON.parse(object) as RestAssistant;

export const assistantRows = (db: Kysely<Tables>): StoreWrites['assistants'] => ({
  get: async (assistantId) => {
    const row = await db.selectFrom('assistants').select('object').where('id', '=', assistantId).executeTakeFirst();
    return row && read(row);
  },

  list: (page) =>
    readPage(
      page,
      async (id) => (await db.selectFrom('assistants').select('seq').where('id', '=', id).executeTakeFirst())?.seq,
      async (stretch) => {
        const rows = await db
          .selectFrom('assistants')
          .select('object')
          .where(isWithin(stretch))
          .orderBy('seq', stretch.direction)
          .limit(stretch.limit)
          .execute();
        return rows.map(read);
      },
    ),

  insert: async (assistant) => {
    await db
      .insertInto('assistants')
      .values({ id: assistant.id, object: JSON.stringify(assistant) })
      .execute();
  },

  update: async (assistant) => {
    await db
      .updateTable('assistants')
      .set({ object: JSON.stringify(assistant) })
      .where('id', '=', assistant.id)
      .execute();
  },

  remove: async (assistantId) => {
    const { numDeletedRows } = await db.deleteFrom('assistants').where('id', '=', assistantId).executeTakeFirst();
    return numDeletedRows > 0n;
  },
});
