import { defineConfig } from 'vitest/config';

/** Prometheus' own tool on the alerts: fetched from Debian where this machine has none. */
export default defineConfig({
  test: {
    include: ['test/ops/**/*.check.ts'],
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
