import { defineConfig } from 'vitest/config';

/** Checks on public datasets that are not part of this repository: DATA_FOLDER names where they are. */
export default defineConfig({
  test: {
    globalSetup: ['test/install-redis.ts', 'test/compile-programs.ts'],
    include: ['test/data/**/*.check.ts'],
    testTimeout: 600_000,
    hookTimeout: 60_000,
    fileParallelism: false,
  },
});
