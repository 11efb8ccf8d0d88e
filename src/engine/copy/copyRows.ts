import { type Kysely, sql } from 'kysely';
import type { Tables } from '../store/rows/tables.ts';
import type { CopiedTable } from './copiedTables.ts';
import { rowBatches, type StoredRow } from './rowBatches.ts';

const insert = async (db: Kysely<Tables>, { name }: CopiedTable, rows: readonly StoredRow[]) => {
  const columns = Object.keys(rows[0] ?? {});
  const values = rows.map((row) => sql`(${sql.join(columns.map((column) => row[column] ?? null))})`);
  const names = sql.join(columns.map((column) => sql.ref(column)));
  await sql`insert into ${sql.table(name)} (${names}) values ${sql.join(values)}`.execute(db);
};

/** Copies the rows of a table, with the numbers that are their places in lists. `onRows` is called with the number of those that were copied. */
export const copyRows = async (
  source: Kysely<Tables>,
  target: Kysely<Tables>,
  table: CopiedTable,
  onRows: (count: number) => void,
): Promise<void> => {
  for await (const rows of rowBatches(source, table)) {
    await insert(target, table, rows);
    onRows(rows.length);
  }
};

/** Lets the target count on where the source would: the number of a deleted row is not used again. */
export const copyCounters = async (
  source: Kysely<Tables>,
  target: Kysely<Tables>,
  tables: readonly CopiedTable[],
): Promise<void> => {
  const { rows } = await sql<{ name: string; seq: number }>`select name, seq from sqlite_sequence`.execute(source);
  const latest = new Map(rows.map(({ name, seq }) => [name, seq]));
  for (const { name, key } of tables) {
    const last = latest.get(name) ?? 0;
    const [column = ''] = key;
    if (last > 0) await sql`select setval(pg_get_serial_sequence(${name}, ${column}), ${last})`.execute(target);
  }
};
