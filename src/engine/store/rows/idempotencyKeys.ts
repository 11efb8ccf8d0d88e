import type { Kysely } from 'kysely';
import { DEFAULT_TENANT, type Tenant } from '../../tenant.ts';
import type { IdempotencyKeyWrites } from '../access/idempotencyKeys.ts';
import type { StoreDialect } from '../dialect.ts';
import type { Tables } from './tables.ts';

/** How long a key is kept, in milliseconds: a day, as by other APIs. */
const KEPT_MS = 24 * 60 * 60 * 1000;

/** The idempotency keys of one tenant: two tenants may use the same key. */
export const idempotencyKeyRows = (
  db: Kysely<Tables>,
  dialect: StoreDialect,
  tenant: Tenant = DEFAULT_TENANT,
): IdempotencyKeyWrites => ({
  lock: async (key) => {
    await dialect.lockName(db, 'idempotency_key', `${tenant} ${key}`);
    return db
      .selectFrom('idempotency_keys')
      .select(['fingerprint', 'result'])
      .where('tenant', '=', tenant)
      .where('key', '=', key)
      .where('created_at', '>=', Date.now() - KEPT_MS)
      .executeTakeFirst();
  },

  insert: async (key, { fingerprint, result }) => {
    const now = Date.now();
    await db
      .deleteFrom('idempotency_keys')
      .where('created_at', '<', now - KEPT_MS)
      .execute();
    await db.insertInto('idempotency_keys').values({ tenant, key, fingerprint, result, created_at: now }).execute();
  },
});
