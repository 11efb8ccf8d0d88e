import { sql } from 'kysely';
import type { NamedLock, StoreDialect } from '../dialect.ts';

/** The first key of advisory locks of each kind. The second is a hash of the name: names of the same hash wait for each other. */
const kinds: Record<NamedLock, number> = { list: 1, idempotency_key: 2, file_usage: 3 };

export const postgresDialect: StoreDialect = {
  isShared: true,
  // Weaker than `for update`: rows that refer to the locked ones can be inserted meanwhile.
  locking: (query, tables) => query.forNoKeyUpdate(tables),
  lockingFree: (query, tables) => query.forNoKeyUpdate(tables).skipLocked(),
  lockName: async (db, kind, name) => {
    await sql`select pg_advisory_xact_lock(${kinds[kind]}::int, hashtext(${name}))`.execute(db);
  },
};
