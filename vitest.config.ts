import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Node hands CommonJS packages `graphql/index.js`, vitest would hand our own code `index.mjs`: two copies of graphql refuse each other's schemas.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    include: ['test/**/*.test.ts'],
    // These have a configuration of their own.
    exclude: ['test/postgres/**'],
    globalSetup: ['test/support/build.ts'],
    setupFiles: ['test/support/setup.ts'],
    // Many tests wait for a process or a timer: vitest's default, one worker less than cores, would leave the processor idle.
    maxWorkers: 2,
    // Files share a process, which has loaded and compiled everything once. Each test starts servers and engines of its own.
    isolate: false,
    restoreMocks: true,
    unstubEnvs: true,
    // Other tests, and other work on the machine, compete for the processor.
    expect: { poll: { timeout: 15_000 } },
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
