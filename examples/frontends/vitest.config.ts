import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: import.meta.dirname,
  test: {
    include: ['*.test.ts'],
    globalSetup: ['../../test/support/build.ts'],
    setupFiles: ['../../test/support/setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 180_000,
  },
});
