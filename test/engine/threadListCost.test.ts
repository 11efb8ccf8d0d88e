import { CompiledQuery, Kysely, SqliteDialect } from 'kysely';
import { expect, onTestFinished, test } from 'vitest';
import { noChanges } from '../../src/engine/store/changeNotifier.ts';
import { migrate } from '../../src/engine/store/sqlite/migrations.ts';
import { Rows } from '../../src/engine/store/rows/rows.ts';
import { sqliteDialect } from '../../src/engine/store/sqlite/sqliteDialect.ts';
import { openSqliteFile } from '../../src/engine/store/sqlite/sqliteFile.ts';
import type { PageRequest } from '../../src/engine/store/access/page.ts';
import type { StoredThreadFilter } from '../../src/engine/store/access/threads.ts';
import type { Tables } from '../../src/engine/store/rows/tables.ts';

/** How SQLite carries out each statement that reads a page: the steps of its query plan. */
const plansOf = async (page: PageRequest, filter: StoredThreadFilter) => {
  const statements: CompiledQuery[] = [];
  const db = new Kysely<Tables>({
    dialect: new SqliteDialect({ database: openSqliteFile(':memory:') }),
    log: ({ query }) => {
      statements.push(query);
    },
  });
  onTestFinished(() => db.destroy());
  await db.transaction().execute((transaction) => migrate(transaction, ':memory:'));
  const { threads } = new Rows(db, sqliteDialect, noChanges(), [], 'default');
  const thread = { id: 't1', object: 'thread' as const, created_at: 1, tool_resources: {}, metadata: {} };
  await threads.insert(thread);
  statements.length = 0;
  await threads.list(page, filter);
  const plans: string[] = [];
  for (const { sql, parameters } of statements.splice(0)) {
    const { rows } = await db.executeQuery<{ detail: string }>(
      CompiledQuery.raw(`explain query plan ${sql}`, [...parameters]),
    );
    plans.push(...rows.map(({ detail }) => detail));
  }
  return plans;
};

const page = { limit: 20, order: 'desc' as const };
const metadata = { user: 'u1' };

const wholeRange = 'threads_of_tenant (tenant=? AND created_at>? AND created_at<?)';
const restOfSecond = 'threads_of_tenant (tenant=? AND created_at=? AND seq>? AND seq<?)';
const pair = '(tenant=? AND key=? AND value=? AND (created_at,thread_seq)>(?,?) AND (created_at,thread_seq)<(?,?))';

test.each([
  ['the first page', page, { metadata: {} }, [wholeRange]],
  ['the first page, oldest first', { ...page, order: 'asc' as const }, { metadata: {} }, [wholeRange]],
  ['a page after a cursor', { ...page, after: 't1' }, { metadata: {} }, [wholeRange, restOfSecond]],
  ['a page before a cursor', { ...page, before: 't1' }, { metadata: {} }, [restOfSecond, wholeRange]],
  ['a page by creation time', page, { metadata: {}, createdFrom: 5, createdBefore: 9 }, [wholeRange]],
  ['a page by metadata', page, { metadata }, [pair]],
  ['a page by metadata after a cursor', { ...page, after: 't1' }, { metadata }, [pair]],
  ['a page by two pairs of metadata', { ...page, after: 't1' }, { metadata: { ...metadata, topic: 'x' } }, [pair]],
])('%s is searched in an index and read in its order', async (_, request, filter, searches) => {
  const steps = await plansOf(request, filter);
  // A scan reads the whole table, and a temporary B-tree sorts all matches before the first is returned.
  expect(steps.filter((step) => /SCAN (?!some)|TEMP B-TREE/.test(step))).toEqual([]);
  for (const search of searches) expect(steps).toContainEqual(expect.stringContaining(search));
});
