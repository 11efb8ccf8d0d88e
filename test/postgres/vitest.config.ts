import { defineConfig, mergeConfig } from 'vitest/config';
import base from '../../vitest.config.ts';

/** The tests of the engine, on PostgreSQL, and those of what only PostgreSQL has. */
export default mergeConfig(
  { ...base, test: { ...base.test, include: [], globalSetup: [] } },
  defineConfig({
    test: {
      include: ['test/engine/**/*.test.ts', 'test/access/tenantStore.test.ts', 'test/postgres/**/*.test.ts'],
      globalSetup: ['test/support/build.ts', 'test/support/postgres.ts'],
    },
  }),
);
