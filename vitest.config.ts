import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Node hands CommonJS packages `graphql/index.js`, vitest would hand our own code `index.mjs`: two copies of graphql refuse each other's schemas.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    include: ['test/**/*.test.ts'],
    // These have a configuration of their own.
    exclude: ['test/postgres/**'],
    globalSetup: ['test/support/build.ts'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
