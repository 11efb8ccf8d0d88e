import type { StoreDialect } from '../dialect.ts';

export const sqliteDialect: StoreDialect = {
  isShared: false,
  locking: (query) => query,
  lockingFree: (query) => query,
  lockName: () => Promise.resolve(),
};
