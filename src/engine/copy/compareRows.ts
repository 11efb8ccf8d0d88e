import { type Kysely, sql } from 'kysely';
import { counted } from '../../counted.ts';
import { storableText } from '../store/postgres/storableText.ts';
import type { Tables } from '../store/rows/tables.ts';
import type { CopiedTable } from './copiedTables.ts';
import { countRows, rowBatches, type StoredRow } from './rowBatches.ts';

const stored = (value: string | number | null | undefined) =>
  typeof value === 'string' ? storableText(value) : (value ?? null);

const keyOf = ({ key }: CopiedTable, row: StoredRow) => JSON.stringify(key.map((column) => stored(row[column])));

const isSame = (row: StoredRow, copy: StoredRow | undefined) =>
  copy !== undefined &&
  Object.keys(copy).length === Object.keys(row).length &&
  Object.keys(row).every((column) => stored(row[column]) === copy[column]);

/** The rows of the target that have the keys of these. */
const copiesOf = async (target: Kysely<Tables>, table: CopiedTable, rows: readonly StoredRow[]) => {
  const { name, key } = table;
  const columns = sql.join(key.map((column) => sql.ref(column)));
  const keys = rows.map((row) => sql`(${sql.join(key.map((column) => row[column] ?? null))})`);
  const found =
    await sql<StoredRow>`select * from ${sql.table(name)} where (${columns}) in (${sql.join(keys)})`.execute(target);
  return new Map(found.rows.map((row) => [keyOf(table, row), row]));
};

/**
 * Compares each row of a table with its copy, and their numbers. Returns what is different, as the end of a sentence; undefined if
 * nothing is. `onRows` is called with the number of those that were compared.
 */
export const differenceIn = async (
  source: Kysely<Tables>,
  target: Kysely<Tables>,
  table: CopiedTable,
  onRows: (count: number) => void,
): Promise<string | undefined> => {
  const [there, here] = [await countRows(target, table), await countRows(source, table)];
  if (there !== here) return `${table.name} has ${counted(there, 'rows')} instead of ${here}`;
  for await (const rows of rowBatches(source, table)) {
    const copies = await copiesOf(target, table, rows);
    const other = rows.find((row) => !isSame(row, copies.get(keyOf(table, row))));
    if (other !== undefined) return `${table.name} has another row ${keyOf(table, other)}`;
    onRows(rows.length);
  }
  return undefined;
};
