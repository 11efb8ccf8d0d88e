import { type Kysely, sql } from 'kysely';
import type { Tenant } from '../../tenant.ts';
import { statementChunks } from './statementChunks.ts';
import { type ImportWrites, type StoredObject, storeFileKey } from '../access/imports.ts';
import type { Tables } from './tables.ts';

/** Reads what exists of any tenant: ids are unique among all of them. */
export const importLookups = (
  db: Kysely<Tables>,
  tenant: Tenant,
): Pick<ImportWrites, 'existing' | 'existingStoreFiles' | 'messageCounts'> => {
  /** Rows with their owner, which for most tables is that of the thread. */
  const owned = {
    files: (ids: string[]) =>
      db
        .selectFrom('files')
        .select(['id', 'object', 'tenant', sql<number>`0`.as('is_placeholder'), 'sha256'])
        .where('id', 'in', ids),
    vector_stores: (ids: string[]) =>
      db
        .selectFrom('vector_stores')
        .select(['id', 'object', 'tenant', sql<number>`0`.as('is_placeholder')])
        .where('id', 'in', ids),
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
        for (const row of await owned[table](chunk).execute()) {
          const { id, object, tenant: owner, is_placeholder } = row;
          const sha256 = 'sha256' in row && typeof row.sha256 === 'string' ? row.sha256 : null;
          found.set(id, { json: object, isOwn: owner === tenant, isPlaceholder: is_placeholder === 1, sha256 });
        }
      }
      return found;
    },

    existingStoreFiles: async (ids) => {
      const found = new Map<string, StoredObject>();
      for (const chunk of statementChunks(ids)) {
        const pairs = chunk.map(({ vectorStoreId, fileId }) => sql`(${vectorStoreId}, ${fileId})`);
        const rows = await db
          .selectFrom('vector_store_files as f')
          .innerJoin('vector_stores as v', 'v.id', 'f.store_id')
          .select(['f.store_id as vectorStoreId', 'f.file_id as fileId', 'f.object as json', 'v.tenant as owner'])
          .where(sql<boolean>`(f.store_id, f.file_id) in (values ${sql.join(pairs)})`)
          .execute();
        for (const { json, owner, ...id } of rows) {
          found.set(storeFileKey(id), { json, isOwn: owner === tenant, isPlaceholder: false, sha256: null });
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
