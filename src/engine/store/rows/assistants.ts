import type { RestAssistant } from '../../../wire/assistant.ts';
import { type ModelSettings, settingsOfObject } from '../modelSettings.ts';
import type { AssistantWrites } from '../access/assistants.ts';
import type { Ownership } from './ownership.ts';
import { isInRange, readPage } from './paging.ts';
import { positionsIn } from './positions.ts';
import { type StatementParts, type StatementScope, statement } from './statement.ts';

const read = ({ object }: { object: string }): RestAssistant => JSON.parse(object) as RestAssistant;

const assistantWithSettings = statement(({ db, owned, value }: StatementParts<{ assistantId: string }>) =>
  db
    .selectFrom('assistants')
    .select(['object', 'settings'])
    .where('id', '=', value('assistantId'))
    .where(owned.isOwn()),
);

export const assistantRows = (scope: StatementScope, owned: Ownership): AssistantWrites => {
  const { db, dialect, tenant } = scope;
  const { isOwn } = owned;
  const positions = positionsIn(db, dialect, 'assistants', owned);
  const select = (assistantId: string) =>
    db.selectFrom('assistants').select('object').where('id', '=', assistantId).where(isOwn());
  return {
    get: async (assistantId) => {
      const row = await select(assistantId).executeTakeFirst();
      return row && read(row);
    },

    lock: async (assistantId) => {
      const row = await dialect.locking(select(assistantId), ['assistants']).executeTakeFirst();
      return row && read(row);
    },

    list: (page) =>
      readPage(page, positions.of, async (range) => {
        const rows = await db
          .selectFrom('assistants')
          .select('object')
          .where(isOwn())
          .where(isInRange(range))
          .orderBy('seq', range.direction)
          .limit(range.limit)
          .execute();
        return rows.map(read);
      }),

    withSettings: async (assistantId) => {
      const [row] = (await assistantWithSettings(scope, { assistantId })).rows;
      if (row === undefined) return undefined;
      const assistant = read(row);
      // Earlier versions stored no settings.
      const settings =
        row.settings === null ? settingsOfObject(assistant) : (JSON.parse(row.settings) as ModelSettings);
      return { assistant, settings };
    },

    settingsOfAll: async (assistantIds) => {
      if (assistantIds.length === 0) return new Map();
      const rows = await db
        .selectFrom('assistants')
        .select(['id', 'settings'])
        .where('id', 'in', assistantIds)
        .where(isOwn())
        .execute();
      return new Map(
        rows.flatMap(({ id, settings }) =>
          settings === null ? [] : [[id, JSON.parse(settings) as ModelSettings] as const],
        ),
      );
    },

    insert: async (assistant, settings) => {
      await positions.lockEnd(tenant);
      await db
        .insertInto('assistants')
        .values({ id: assistant.id, tenant, object: JSON.stringify(assistant), settings: JSON.stringify(settings) })
        .execute();
    },

    update: async (assistant, settings) => {
      await db
        .updateTable('assistants')
        .set({ object: JSON.stringify(assistant), settings: JSON.stringify(settings) })
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
      await positions.keep(removed);
      return true;
    },
  };
};
