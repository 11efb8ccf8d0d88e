import type { Kysely } from 'kysely';
import type { RestAssistant } from '../../wire/assistant.ts';
import type { Ownership } from './ownership.ts';
import { isInRange, readPage } from './paging.ts';
import type { StoreWrites } from './store.ts';
import type { Tables } from './tables.ts';
import type { Tenant } from '../tenant.ts';

/** Maximum number of deleted assistants whose position is kept. Without a limit the table would grow forever. */
const maxDeletedPositions = 10_000;

const read = ({ object }: { object: string }): RestAssistant => JSON.parse(object) as RestAssistant;

export const assistantRows = (
  db: Kysely<Tables>,
  tenant: Tenant | undefined,
  { isOwn }: Ownership,
): StoreWrites['assistants'] => ({
  get: async (assistantId) => {
    const row = await db
      .selectFrom('assistants')
      .select('object')
      .where('id', '=', assistantId)
      .where(isOwn())
      .executeTakeFirst();
    return row && read(row);
  },

  list: (page) =>
    readPage(
      page,
      async (id) => {
        const row =
          (await db.selectFrom('assistants').select('seq').where('id', '=', id).where(isOwn()).executeTakeFirst()) ??
          (await db
            .selectFrom('deleted_assistants')
            .select('seq')
            .where('id', '=', id)
            .where(isOwn())
            .executeTakeFirst());
        return row?.seq;
      },
      async (range) => {
        const rows = await db
          .selectFrom('assistants')
          .select('object')
          .where(isOwn())
          .where(isInRange(range))
          .orderBy('seq', range.direction)
          .limit(range.limit)
          .execute();
        return rows.map(read);
      },
    ),

  insert: async (assistant) => {
    await db
      .insertInto('assistants')
      .values({ id: assistant.id, tenant, object: JSON.stringify(assistant) })
      .execute();
  },

  update: async (assistant) => {
    await db
      .updateTable('assistants')
      .set({ object: JSON.stringify(assistant) })
      .where('id', '=', assistant.id)
      .where(isOwn())
      .execute();
  },

  remove: async (assistantId) => {
    const removed = await db
      .deleteFrom('assistants')
      .where('id', '=', assistantId)
      .where(isOwn())
      .returning(['id', 'seq', 'tenant'])
      .executeTakeFirst();
    if (removed === undefined) return false;
    const { deletion } = await db
      .insertInto('deleted_assistants')
      .values(removed)
      .returning('deletion')
      .executeTakeFirstOrThrow();
    await db
      .deleteFrom('deleted_assistants')
      .where('deletion', '<=', deletion - maxDeletedPositions)
      .execute();
    return true;
  },
});
