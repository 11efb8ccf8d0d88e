import type { Kysely } from 'kysely';
import type { Tenant } from '../../tenant.ts';
import type { ImportWrites } from '../access/imports.ts';
import type { StoreDialect } from '../dialect.ts';
import { importInserts } from './importInserts.ts';
import { importLookups } from './importLookups.ts';
import { reorder } from './reorder.ts';
import type { Tables } from './tables.ts';

export const importRows = (db: Kysely<Tables>, dialect: StoreDialect, tenant: Tenant): ImportWrites => ({
  ...importLookups(db, tenant),
  ...importInserts(db, dialect, tenant),
  order: (table, parentId, ids) => reorder(db, table, parentId, ids),
});
