import type { Kysely } from 'kysely';
import type { StoreDialect } from '../dialect.ts';
import type { Ownership } from './ownership.ts';
import type { Tables } from './tables.ts';
import { DEFAULT_TENANT, type Tenant } from '../../tenant.ts';

export type OwnedList = 'assistants' | 'files' | 'vector_stores';

/** Maximum number of deleted members of a list whose positions are kept. Without a limit the table would grow forever. */
const maxDeletedPositions = 10_000;

/** Lets no other transaction append to a list until this one ends. */
export const lockListEnd = (
  db: Kysely<Tables>,
  dialect: StoreDialect,
  list: OwnedList,
  tenant: Tenant,
): Promise<void> => dialect.lockName(db, 'list', `${list} ${tenant}`);

/** The positions of the members of a list with owners, also of deleted ones: their ids remain valid cursors. */
export const positionsIn = (db: Kysely<Tables>, dialect: StoreDialect, list: OwnedList, { isOwn }: Ownership) => {
  const deletedList = `deleted_${list}` as const;
  const rowIn = (table: OwnedList | typeof deletedList, id: string) =>
    db.selectFrom(table).select('seq').where('id', '=', id).where(isOwn()).executeTakeFirst();
  return {
    /** Undefined for an id that is not, and was not, a member. */
    of: async (id: string): Promise<number | undefined> =>
      ((await rowIn(list, id)) ?? (await rowIn(deletedList, id)))?.seq,

    /**
     * Locks the end of the list, to which a member is about to be added, until the transaction ends: members appear in the order
     * of their positions, so that nobody who has read up to one of them misses an earlier one.
     */
    lockEnd: (tenant: Tenant = DEFAULT_TENANT): Promise<void> => lockListEnd(db, dialect, list, tenant),

    /** Keeps the position of a member that has been deleted. */
    keep: async (removed: { id: string; seq: number; tenant: string }): Promise<void> => {
      const { deletion } = await db
        .insertInto(deletedList)
        .values(removed)
        .returning('deletion')
        .executeTakeFirstOrThrow();
      await keepLatest(db, deletedList, deletion);
    },
  };
};

/** Deletes the oldest positions if `deletion`, the number of the latest, shows that there are too many. */
export const keepLatest = async (
  db: Kysely<Tables>,
  deletedList: `deleted_${OwnedList}` | 'deleted_threads',
  deletion: number,
): Promise<void> => {
  await db
    .deleteFrom(deletedList)
    .where('deletion', '<=', deletion - maxDeletedPositions)
    .execute();
};
