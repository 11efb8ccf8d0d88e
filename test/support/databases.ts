import { Client, type CustomTypesConfig, types as pgTypes } from 'pg';

/** The database that new ones are copied from: it has the tables and no rows. */
export const templateDatabase = 'assistants_template';

/** The PostgreSQL server of the tests; undefined if they run on SQLite. */
export const testServerUrl = (): string | undefined => process.env['TEST_DATABASE_URL'];

const urlOf = (database: string): string => {
  const url = new URL(testServerUrl() ?? '');
  url.pathname = `/${database}`;
  return url.href;
};

const wholeNumberTypes: ReadonlySet<number> = new Set([20, 1700]);

/** `bigint` and `numeric` as numbers. */
const types: CustomTypesConfig = {
  getTypeParser: (id, format) => (wholeNumberTypes.has(id) ? Number : pgTypes.getTypeParser(id, format)),
};

/** Runs SQL in a database and returns the rows of the last statement. */
export const queryDatabase = async (databaseUrl: string, text: string): Promise<unknown[]> => {
  const client = new Client({ connectionString: databaseUrl, types });
  await client.connect();
  try {
    const result: unknown = await client.query(text);
    const last = Array.isArray(result) ? (result.at(-1) as unknown) : result;
    return (last as { rows: unknown[] }).rows;
  } finally {
    await client.end();
  }
};

/** Faster than a new copy. Without triggers, as rows are deleted in any order. */
const empty = `do $$ declare found record; begin
  set local session_replication_role = replica;
  for found in select tablename from pg_tables where schemaname = 'public' and tablename <> 'schema_versions' loop
    execute format('delete from %I', found.tablename);
  end loop;
  perform setval(oid::regclass, 1, false) from pg_class where relkind = 'S';
end $$`;

/** Databases that no engine of this test file uses. Those of earlier files are used again. */
const free: string[] = [];
let created = 0;

const isDuplicate = (error: unknown) => error instanceof Error && 'code' in error && error.code === '42P04';

const createDatabase = async (): Promise<string> => {
  const database = `tests_${process.env['VITEST_POOL_ID'] ?? '0'}_${created}`;
  created += 1;
  try {
    await queryDatabase(urlOf('postgres'), `create database ${database} template ${templateDatabase}`);
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    await queryDatabase(urlOf(database), empty);
  }
  return urlOf(database);
};

/** The URL of a database with the tables and no rows, and what lets other tests use it. */
export const takeDatabase = async (): Promise<{ url: string; giveBack: () => void }> => {
  const known = free.pop();
  if (known !== undefined) await queryDatabase(known, empty);
  const url = known ?? (await createDatabase());
  return { url, giveBack: () => free.push(url) };
};
