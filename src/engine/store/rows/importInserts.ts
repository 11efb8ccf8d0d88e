import { type Kysely, sql } from 'kysely';
import type { Tenant } from '../../tenant.ts';
import type { StoreDialect } from '../dialect.ts';
import { fileUsageRows } from './fileUsage.ts';
import { lockListEnd, type OwnedList } from './positions.ts';
import { statementChunks } from './statementChunks.ts';
import type { ImportTable, ImportWrites, NewRows } from '../access/imports.ts';
import type { Tables } from './tables.ts';
import { setThreadMetadata } from './threadMetadata.ts';

export const importInserts = (
  db: Kysely<Tables>,
  dialect: StoreDialect,
  tenant: Tenant,
): Pick<ImportWrites, 'insert' | 'replacePlaceholder'> => {
  const usage = fileUsageRows(db, dialect, tenant);
  /** The order of these lists is the order of insertion. */
  const lockEnd = (list: OwnedList) => lockListEnd(db, dialect, list, tenant);
  const inserts: { [Table in ImportTable]: (rows: NewRows[Table][]) => Promise<void> } = {
    files: async (rows) => {
      const values = rows.map(({ id, json, purpose, sha256, bytes, expiresAt }) => ({
        id,
        object: json,
        tenant,
        purpose,
        sha256,
        bytes,
        expires_at: expiresAt,
      }));
      await usage.lock(); // In the order in which new files take both locks.
      await lockEnd('files');
      await db.insertInto('files').values(values).execute();
      await usage.add(
        tenant,
        rows.reduce((sum, { bytes }) => sum + bytes, 0),
      );
    },
    vector_stores: async (rows) => {
      const values = rows.map(({ id, json, expiresAt }) => ({ id, object: json, tenant, expires_at: expiresAt }));
      await lockEnd('vector_stores');
      await db.insertInto('vector_stores').values(values).execute();
    },
    vector_store_files: async (rows) => {
      const values = rows.map(({ vectorStoreId, fileId, json, status, usageBytes, workAfter }) => ({
        object: json,
        store_id: vectorStoreId,
        file_id: fileId,
        batch_id: null,
        status,
        usage_bytes: usageBytes,
        work_after: workAfter,
        tenant,
      }));
      await db.insertInto('vector_store_files').values(values).execute();
    },
    assistants: async (rows) => {
      const values = rows.map(({ id, json, settings }) => ({ id, object: json, settings, tenant }));
      await lockEnd('assistants');
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
      const values = rows.map(({ id, json, threadId, status, createdAt, expiresAt, progress }) => ({
        id,
        object: json,
        thread_id: threadId,
        status,
        created_at: createdAt,
        active: 0,
        after_message: null,
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
    insert: async (table, rows) => {
      for (const chunk of statementChunks(rows)) await inserts[table](chunk);
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
  };
};
