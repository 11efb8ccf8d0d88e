import { type Kysely, sql } from 'kysely';
import { statementChunks } from './statementChunks.ts';
import type { OrderedTable } from '../access/imports.ts';
import type { Tables } from './tables.ts';

/** Gives rows of one list the places that they have among themselves, in the order of `ids`. */
export const reorder = async (db: Kysely<Tables>, table: OrderedTable, ids: string[]): Promise<void> => {
  const places = new Map<string, number>();
  for (const chunk of statementChunks(ids)) {
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
};
