import { type Kysely, sql } from 'kysely';
import { statementChunks } from './statementChunks.ts';
import type { OrderedTable } from '../access/imports.ts';
import type { Tables } from './tables.ts';

/** Which rows of a table have these ids. A file has a row in each vector store that it is in. */
const withIds = (table: OrderedTable, parentId: string, ids: string[]) =>
  table === 'vector_store_files'
    ? sql`store_id = ${parentId} and file_id in (${sql.join(ids)})`
    : sql`id in (${sql.join(ids)})`;

/** Gives rows of one list the places that they have among themselves, in the order of `ids`. */
export const reorder = async (
  db: Kysely<Tables>,
  table: OrderedTable,
  parentId: string,
  ids: string[],
): Promise<void> => {
  const id = sql.ref(table === 'vector_store_files' ? 'file_id' : 'id');
  const places = new Map<string, number>();
  for (const chunk of statementChunks(ids)) {
    const { rows } = await sql<{ id: string; seq: number }>`
      select ${id} as id, seq from ${sql.table(table)} where ${withIds(table, parentId, chunk)}`.execute(db);
    for (const row of rows) places.set(row.id, row.seq);
  }
  const known = ids.filter((each) => places.has(each));
  const sorted = [...places.values()].toSorted((one, other) => one - other);
  // No two rows may have the same place, not even for a moment: each first moves to the other side of zero.
  for (const [index, each] of known.entries()) {
    const [from = 0, to = 0] = [places.get(each), sorted[index]];
    if (from !== to) await db.updateTable(table).set({ seq: -to }).where('seq', '=', from).execute();
  }
  await db.updateTable(table).set({ seq: sql`-seq` }).where('seq', '<', 0).execute();
};
