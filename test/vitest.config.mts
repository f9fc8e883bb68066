import { defineConfig } from 'vitest/config';

/** `unit`, `contract` and `readers` import src; `e2e` drives the built program and imports nothing of it. */
export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    // A test may not lean on the machine it runs on: another locale, another time zone, no colours.
    env: { LC_ALL: 'C', TZ: 'Pacific/Chatham', NO_COLOR: '1' },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts', 'test/golden/*.test.ts', 'test/*.test.ts'],
          testTimeout: 20_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'contract',
          include: ['test/contract/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        // What we write, read back by the programs themselves.
        test: {
          name: 'readers',
          include: ['test/readers/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // Two cores: more files at once only make each other late.
          maxWorkers: 2,
        },
      },
    ],
  },
});
