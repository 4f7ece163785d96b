import { defineConfig } from 'vitest/config';

/** What computes, and changes nothing but folders of its own: these files share the modules of their worker. */
const sharing = [
  'test/domain/**/*.test.ts',
  'test/reports/**/*.test.ts',
  'test/sandbox/**/*.test.ts',
  'test/store/**/*.test.ts',
];

export default defineConfig({
  test: {
    testTimeout: 120_000,
    hookTimeout: 60_000,
    maxWorkers: 3,
    projects: [
      {
        extends: true,
        test: { name: 'sharing', include: sharing, isolate: false, globalSetup: ['test/install-redis.ts'] },
      },
      {
        extends: true,
        test: {
          name: 'isolated',
          include: ['test/**/*.test.ts'],
          exclude: ['test/browser/**', ...sharing],
          globalSetup: ['test/install-redis.ts', 'test/compile-programs.ts'],
        },
      },
    ],
  },
});
