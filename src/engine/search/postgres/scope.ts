import type { Tenant } from '../../tenant.ts';
import type { IndexSearch } from '../searchIndex.ts';
import type { IndexPool } from './indexPool.ts';

/** Where to search. */
export interface TenantScope {
  tenant: Tenant;
  vectorStoreIds: readonly string[];
  /** The entries to search; undefined for all of the stores. */
  entries: readonly number[] | undefined;
  /** Of the stores. */
  chunks: number;
  /** Of the tenant. */
  tenantChunks: number;
  /** In all chunks of the tenant. */
  tenantWords: number;
}

/** Undefined if the stores have no chunks. */
export const scopeIn = async (
  pool: IndexPool,
  { vectorStoreIds, entries }: IndexSearch,
): Promise<TenantScope | undefined> => {
  const [row] = await pool.rows<Omit<TenantScope, 'vectorStoreIds' | 'entries'>>(
    `with stores as (select tenant, sum(chunks) as chunks from search_entries
        where store_id = any($1) and is_current group by tenant limit 1)
      select stores.tenant as tenant, stores.chunks as chunks, sum(e.chunks) as "tenantChunks", sum(e.words) as "tenantWords"
        from stores join search_entries as e on e.tenant = stores.tenant and e.is_current group by 1, 2`,
    [vectorStoreIds],
  );
  return row === undefined || row.chunks === 0 ? undefined : { ...row, vectorStoreIds, entries };
};
