import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: import.meta.dirname,
  // As for the main tests: one copy of graphql for what is compiled here and for what is not.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    include: ['*.test.ts'],
    globalSetup: ['../test/support/build.ts'],
    setupFiles: ['../test/support/setup.ts'],
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
});
