import { type Kysely, sql } from 'kysely';
import type { RestMetadata } from '../../wire/page.ts';
import { DEFAULT_TENANT, type Tenant } from '../tenant.ts';
import type { Tables } from './tables.ts';
import { setThreadMetadata } from './threadMetadata.ts';

/** The tables of objects that can be imported. */
export type ImportTable = 'assistants' | 'threads' | 'messages' | 'runs' | 'steps';

/** Tables whose lists are in the order of insertion. */
export type OrderedTable = Exclude<ImportTable, 'threads'>;

/** An object that exists, of any tenant. `json` is the object. */
export interface StoredObject {
  json: string;
  isOwn: boolean;
  isPlaceholder: boolean;
}

/** A row to insert. `json` is the object; times of threads are in seconds, those of runs in milliseconds. */
export interface NewRows {
  assistants: { id: string; json: string };
  threads: { id: string; json: string; createdAt: number; metadata: RestMetadata | null; isPlaceholder: boolean };
  messages: { id: string; json: string; threadId: string; runId: string | null };
  runs: { id: string; json: string; threadId: string; expiresAt: number; progress: string };
  steps: { id: string; json: string; runId: string };
}

/** Statements for many objects at once, as imports need them. Callers check that the parents are the tenant's. */
export interface ImportWrites {
  /** Those of the ids that exist, of any tenant. */
  existing(table: ImportTable, ids: string[]): Promise<Map<string, StoredObject>>;
  /** How many messages the threads have, by id. */
  messageCounts(threadIds: string[]): Promise<Map<string, number>>;
  /** Appends the rows, in their order. */
  insert<Table extends ImportTable>(table: Table, rows: NewRows[Table][]): Promise<void>;
  /** Sets the object of a thread that was a placeholder. */
  replacePlaceholder(thread: NewRows['threads']): Promise<void>;
  /** Gives objects of one list the places that they have among themselves, in the order of `ids`. */
  order(table: OrderedTable, ids: string[]): Promise<void>;
}

/** Maximum number of rows or ids in one statement. */
const chunkSize = 500;

const chunksOf = <Item>(items: Item[]): Item[][] =>
  Array.from({ length: Math.ceil(items.length / chunkSize) }, (_, index) =>
    items.slice(index * chunkSize, (index + 1) * chunkSize),
  );

export const importRows = (db: Kysely<Tables>, tenant: Tenant = DEFAULT_TENANT): ImportWrites => {
  /** The owner of each table's rows: of most tables that of their thread. */
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

  const inserts: { [Table in ImportTable]: (rows: NewRows[Table][]) => Promise<void> } = {
    assistants: async (rows) => {
      const values = rows.map(({ id, json }) => ({ id, object: json, tenant }));
      await db.insertInto('assistants').values(values).execute();
    },
    threads: async (rows) => {
      const values = rows.map(({ id, json, createdAt, isPlaceholder }) => ({
        id,
        object: json,
        tenant,
        message_count: 0,
        created_at: createdAt,
        is_placeholder: isPlaceholder ? 1 : 0,
      }));
      const inserted = await db
        .insertInto('threads')
        .values(values)
        .returning(['id', 'seq', 'tenant', 'created_at'])
        .execute();
      const metadataOf = new Map(rows.map(({ id, metadata }) => [id, metadata]));
      for (const row of inserted) await setThreadMetadata(db, row, metadataOf.get(row.id) ?? null, true);
    },
    messages: async (rows) => {
      const values = rows.map(({ id, json, threadId, runId }) => ({
        id,
        object: json,
        thread_id: threadId,
        run_id: runId,
      }));
      await db.insertInto('messages').values(values).execute();
      const added = new Map<string, number>();
      for (const { threadId } of rows) added.set(threadId, (added.get(threadId) ?? 0) + 1);
      for (const [threadId, count] of added) {
        await db
          .updateTable('threads')
          .set({ message_count: sql`message_count + ${count}` })
          .where('id', '=', threadId)
          .execute();
      }
    },
    runs: async (rows) => {
      const values = rows.map(({ id, json, threadId, expiresAt, progress }) => ({
        id,
        object: json,
        thread_id: threadId,
        active: 0,
        expires_at: expiresAt,
        last_event: 0,
        progress,
      }));
      await db.insertInto('runs').values(values).execute();
    },
    steps: async (rows) => {
      const values = rows.map(({ id, json, runId }) => ({ id, object: json, run_id: runId }));
      await db.insertInto('steps').values(values).execute();
    },
  };

  return {
    existing: async (table, ids) => {
      const found = new Map<string, StoredObject>();
      for (const chunk of chunksOf(ids)) {
        for (const { id, object, tenant: owner, is_placeholder } of await owned[table](chunk).execute()) {
          found.set(id, { json: object, isOwn: owner === tenant, isPlaceholder: is_placeholder === 1 });
        }
      }
      return found;
    },

    messageCounts: async (threadIds) => {
      const counts = new Map<string, number>();
      for (const chunk of chunksOf(threadIds)) {
        const rows = await db.selectFrom('threads').select(['id', 'message_count']).where('id', 'in', chunk).execute();
        for (const { id, message_count } of rows) counts.set(id, message_count);
      }
      return counts;
    },

    insert: async (table, rows) => {
      for (const chunk of chunksOf(rows)) await inserts[table](chunk);
    },

    replacePlaceholder: async ({ id, json, createdAt, metadata }) => {
      const updated = await db
        .updateTable('threads')
        .set({ object: json, created_at: createdAt, is_placeholder: 0 })
        .where('id', '=', id)
        .returning(['tenant', 'seq', 'created_at'])
        .executeTakeFirst();
      if (updated !== undefined) await setThreadMetadata(db, updated, metadata, false);
    },

    order: async (table, ids) => {
      const places = new Map<string, number>();
      for (const chunk of chunksOf(ids)) {
        const rows = await db.selectFrom(table).select(['id', 'seq']).where('id', 'in', chunk).execute();
        for (const { id, seq } of rows) places.set(id, seq);
      }
      const known = ids.filter((id) => places.has(id));
      const sorted = [...places.values()].toSorted((one, other) => one - other);
      // No two rows may have the same place, not even for a moment: each first moves to the other side of zero.
      for (const [index, id] of known.entries()) {
        const seq = sorted[index] ?? 0;
        if (seq !== places.get(id)) await db.updateTable(table).set({ seq: -seq }).where('id', '=', id).execute();
      }
      await db.updateTable(table).set({ seq: sql`-seq` }).where('seq', '<', 0).execute();
    },
  };
};
