import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Node hands CommonJS packages `graphql/index.js`, vitest would hand our own code `index.mjs`: two copies of graphql refuse each other's schemas.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/build.ts'],
    // Many tests wait for a process or a timer: vitest's default, one worker less than cores, would leave the processor idle.
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
