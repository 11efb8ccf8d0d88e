import type { Kysely } from 'kysely';
import type { StoreWrites } from './store.ts';
import type { Tables } from './tables.ts';

/** How long a key is known, in milliseconds: a day, as with other APIs. */
const KEPT_MS = 24 * 60 * 60 * 1000;

export const idempotencyKeyRows = (db: Kysely<Tables>): StoreWrites['idempotencyKeys'] => ({
  get: (key) =>
    db
      .selectFrom('idempotency_keys')
      .select(['fingerprint', 'result'])
      .where('key', '=', key)
      .where('created_at', '>=', Date.now() - KEPT_MS)
      .executeTakeFirst(),

  insert: async (key, { fingerprint, result }) => {
    const now = Date.now();
    await db
      .deleteFrom('idempotency_keys')
      .where('created_at', '<', now - KEPT_MS)
      .execute();
    await db.insertInto('idempotency_keys').values({ key, fingerprint, result, created_at: now }).execute();
  },
});
