import type { Kysely } from 'kysely';
import type { Tenant } from '../../tenant.ts';
import type { StoredBytes } from '../access/files.ts';
import type { StoreDialect } from '../dialect.ts';
import type { Tables } from './tables.ts';

/** The sum of each tenant is a row, so that reading it does not depend on the number of files. */
export const fileUsageRows = (db: Kysely<Tables>, dialect: StoreDialect, tenant: Tenant) => {
  /** One lock for all tenants, since they have a limit together. */
  const lock = () => dialect.lockName(db, 'file_usage', '');

  const read = async (): Promise<StoredBytes> => {
    const own = await db.selectFrom('file_usage').select('bytes').where('tenant', '=', tenant).executeTakeFirst();
    const all = await db
      .selectFrom('file_usage')
      .select((eb) => eb.fn.sum<number>('bytes').as('bytes'))
      .executeTakeFirst();
    return { tenant: own?.bytes ?? 0, total: all?.bytes ?? 0 };
  };

  return {
    read,

    lock: async (): Promise<StoredBytes> => {
      await lock();
      return read();
    },

    add: async (owner: Tenant, bytes: number): Promise<void> => {
      await lock();
      await db
        .insertInto('file_usage')
        .values({ tenant: owner, bytes })
        .onConflict((conflict) =>
          conflict.column('tenant').doUpdateSet((eb) => ({ bytes: eb('file_usage.bytes', '+', bytes) })),
        )
        .execute();
    },
  };
};
