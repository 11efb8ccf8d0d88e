import { type Kysely, sql } from 'kysely';
import type { Tables } from '../store/rows/tables.ts';
import type { CopiedTable } from './copiedTables.ts';

/** A row as it is stored, by column. Both databases return numbers, texts and nulls. */
export type StoredRow = Readonly<Record<string, string | number | null>>;

/** Of a batch. PostgreSQL binds at most 65,535 values in a statement, and a message may have megabytes. */
const maxRows = 500;
const maxCharacters = 4 * 1024 * 1024;

const sizeOf = (row: StoredRow) =>
  Object.values(row).reduce<number>((size, value) => size + (typeof value === 'string' ? value.length : 8), 0);

/** All rows of a table, in the order of its key. Holds one batch. */
export async function* rowBatches(db: Kysely<Tables>, { name, key }: CopiedTable): AsyncGenerator<StoredRow[]> {
  const all = db.selectFrom(sql<StoredRow>`${sql.table(name)}`.as('rows')).selectAll('rows');
  const ordered = key.reduce((query, column) => query.orderBy(sql.ref(column)), all);
  let batch: StoredRow[] = [];
  let size = 0;
  for await (const row of ordered.stream()) {
    batch.push(row);
    size += sizeOf(row);
    if (batch.length < maxRows && size < maxCharacters) continue;
    yield batch;
    batch = [];
    size = 0;
  }
  if (batch.length > 0) yield batch;
}

/** How many rows a table has. */
export const countRows = async (db: Kysely<Tables>, { name }: CopiedTable): Promise<number> => {
  const { rows } = await sql<{ count: number }>`select count(*) as count from ${sql.table(name)}`.execute(db);
  return rows[0]?.count ?? 0;
};
