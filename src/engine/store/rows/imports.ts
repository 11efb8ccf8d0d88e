import type { Kysely } from 'kysely';
import type { Tenant } from '../../tenant.ts';
import type { ImportWrites } from '../access/imports.ts';
import { importInserts } from './importInserts.ts';
import { importLookups } from './importLookups.ts';
import { reorder } from './reorder.ts';
import type { Tables } from './tables.ts';

export const importRows = (db: Kysely<Tables>, tenant: Tenant): ImportWrites => ({
  ...importLookups(db, tenant),
  ...importInserts(db, tenant),
  order: (table, ids) => reorder(db, table, ids),
});
