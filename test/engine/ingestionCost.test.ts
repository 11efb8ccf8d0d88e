import { CompiledQuery, Kysely, SqliteDialect } from 'kysely';
import { expect, onTestFinished, test } from 'vitest';
import { noChanges } from '../../src/engine/store/changeNotifier.ts';
import { Rows } from '../../src/engine/store/rows/rows.ts';
import type { Tables } from '../../src/engine/store/rows/tables.ts';
import { migrate } from '../../src/engine/store/sqlite/migrations.ts';
import { sqliteDialect } from '../../src/engine/store/sqlite/sqliteDialect.ts';
import { openSqliteFile } from '../../src/engine/store/sqlite/sqliteFile.ts';

/** Two tenants: one with many files, all of which wait longer than the two of the other; and one with a file that is not due. */
const waitingFiles = `
  insert into files (id, object, tenant, purpose, sha256, bytes)
    select 'file-' || value, '{"filename":"' || value || '"}', 'any', 'assistants', 'sha' || value, 1
      from generate_series(1, 1003);
  insert into vector_stores (id, object, tenant) values ('vs_a', '{}', 'a'), ('vs_b', '{}', 'b'), ('vs_c', '{}', 'c');
  insert into vector_store_files (object, store_id, file_id, status, usage_bytes, work_after, tenant)
    select '{}', 'vs_a', 'file-' || value, 'in_progress', 0, value, 'a' from generate_series(1, 1000)
    union all select '{}', 'vs_b', 'file-1001', 'in_progress', 0, 2001, 'b'
    union all select '{}', 'vs_b', 'file-1002', 'in_progress', 0, 2002, 'b'
    union all select '{}', 'vs_c', 'file-1003', 'in_progress', 0, 9000, 'c'`;

const openRows = async () => {
  const statements: CompiledQuery[] = [];
  const db = new Kysely<Tables>({
    dialect: new SqliteDialect({ database: openSqliteFile(':memory:') }),
    log: ({ query }) => {
      statements.push(query);
    },
  });
  onTestFinished(() => db.destroy());
  await db.transaction().execute((transaction) => migrate(transaction, ':memory:'));
  for (const statement of waitingFiles.split(';')) await db.executeQuery(CompiledQuery.raw(statement));
  statements.length = 0;
  return { db, statements, ingestion: new Rows(db, sqliteDialect, noChanges(), []).ingestion };
};

test('each tenant gets its turn, whoever has waited longest, with what is due', async () => {
  const { ingestion } = await openRows();
  const names = async (now: number) =>
    (await ingestion.waiting(now, 3)).map(({ tenant, filename }) => `${tenant} ${filename}`);
  expect(await names(5000)).toEqual(['a 1', 'b 1001', 'a 2', 'b 1002', 'a 3']);
  expect(await names(2)).toEqual(['a 1', 'a 2']);
  expect(await names(9000)).toEqual(['a 1', 'b 1001', 'c 1003', 'a 2', 'b 1002', 'a 3']);
});

test('waiting files are looked up tenant by tenant in an index', async () => {
  const { db, statements, ingestion } = await openRows();
  await ingestion.waiting(5000, 4);
  const plans: string[] = [];
  for (const { sql, parameters } of statements.splice(0)) {
    const explained = CompiledQuery.raw(`explain query plan ${sql}`, [...parameters]);
    const { rows } = await db.executeQuery<{ detail: string }>(explained);
    plans.push(...rows.map(({ detail }) => detail));
  }
  expect(plans.filter((step) => /SCAN (?!jobs|tenants|CONSTANT)/.test(step))).toEqual([]);
  expect(plans).toContainEqual(expect.stringContaining('vector_store_files_waiting (tenant=? AND work_after<?)'));
  expect(plans).toContainEqual(expect.stringContaining('vector_store_files_waiting (tenant>?)'));
});
