import { openPostgresStore } from '../../src/engine/store/postgres/postgresStore.ts';
import { openSqliteStore } from '../../src/engine/store/sqlite/sqliteStore.ts';
import type { Store } from '../../src/engine/store/store.ts';
import { takeDatabase, testServerUrl } from './databases.ts';

/** An empty store of the kind that the tests are run for. */
export const openTestStore = async (): Promise<Store> => {
  if (testServerUrl() === undefined) return openSqliteStore(':memory:');
  const { url } = await takeDatabase();
  return openPostgresStore({ databaseUrl: url, poolSize: 5 });
};
