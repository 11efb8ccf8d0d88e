import { type Kysely, sql } from 'kysely';
import type { Tenant } from '../../tenant.ts';
import { statementChunks } from './statementChunks.ts';
import type { ImportWrites, StoredObject } from '../access/imports.ts';
import type { Tables } from './tables.ts';

/** Reads what exists of any tenant: ids are unique among all of them. */
export const importLookups = (db: Kysely<Tables>, tenant: Tenant): Pick<ImportWrites, 'existing' | 'messageCounts'> => {
  /** Rows with their owner, which for most tables is that of the thread. */
  const owned = {
    assistants: (ids: string[]) =>
      db
        .selectFrom('assistants')
        .select(['id', 'object', 'tenant', sql<number>`0`.as('is_placeholder')])
        .where('id', 'in', ids),
    threads: (ids: string[]) =>
      db.selectFrom('threads').select(['id', 'object', 'tenant', 'is_placeholder']).where('id', 'in', ids),
    messages: (ids: string[]) =>
      db
        .selectFrom('messages')
        .innerJoin('threads', 'threads.id', 'messages.thread_id')
        .select(['messages.id', 'messages.object', 'tenant', sql<number>`0`.as('is_placeholder')])
        .where('messages.id', 'in', ids),
    runs: (ids: string[]) =>
      db
        .selectFrom('runs')
        .innerJoin('threads', 'threads.id', 'runs.thread_id')
        .select(['runs.id', 'runs.object', 'tenant', sql<number>`0`.as('is_placeholder')])
        .where('runs.id', 'in', ids),
    steps: (ids: string[]) =>
      db
        .selectFrom('steps')
        .innerJoin('runs', 'runs.id', 'steps.run_id')
        .innerJoin('threads', 'threads.id', 'runs.thread_id')
        .select(['steps.id', 'steps.object', 'tenant', sql<number>`0`.as('is_placeholder')])
        .where('steps.id', 'in', ids),
  };

  return {
    existing: async (table, ids) => {
      const found = new Map<string, StoredObject>();
      for (const chunk of statementChunks(ids)) {
        for (const { id, object, tenant: owner, is_placeholder } of await owned[table](chunk).execute()) {
          found.set(id, { json: object, isOwn: owner === tenant, isPlaceholder: is_placeholder === 1 });
        }
      }
      return found;
    },

    messageCounts: async (threadIds) => {
      const counts = new Map<string, number>();
      for (const chunk of statementChunks(threadIds)) {
        const rows = await db.selectFrom('threads').select(['id', 'message_count']).where('id', 'in', chunk).execute();
        for (const { id, message_count } of rows) counts.set(id, message_count);
      }
      return counts;
    },
  };
};
