// One runner, seven suites: `npm test` runs unit and scenarios; trouble and verification need more time; agents, sandbox
// and browser more than npm and git.
import { defineConfig } from 'vitest/config';

const postgres = { globalSetup: ['test/support/postgres-global.ts'] };

const FORK_BOMBS = 'test/sandbox/fork-bombs.test.ts';

export default defineConfig({
  test: {
    // Most of a test is waiting for real processes, so more of them fit on a core than one.
    maxWorkers: 6,
    // Everything here is real processes against real deadlines. Where a machine is busy with others' work one may be missed
    // by chance; a test that fails three times in a row has a reason.
    retry: process.env['CI'] ? 2 : 0,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          ...postgres,
          name: 'unit',
          // Files make their own worlds and clear them away, so they may share what a worker has imported (a quarter less CPU).
          isolate: false,
          include: ['test/**/*.test.ts'],
          exclude: [
            'test/scenarios/**',
            'test/trouble/**',
            'test/verification/**',
            'test/agents/**',
            'test/sandbox/**',
            'test/browser/**',
            'node_modules/**',
          ],
        },
      },
      {
        extends: true,
        test: {
          ...postgres,
          name: 'scenarios',
          include: ['test/scenarios/**/*.test.ts'],
          // Longer than any single wait, so that a wait that fails says what it waited for.
          testTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          ...postgres,
          name: 'trouble',
          include: ['test/trouble/**/*.test.ts'],
          testTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          ...postgres,
          name: 'verification',
          include: ['test/verification/**/*.test.ts'],
          testTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          ...postgres,
          name: 'agents',
          include: ['test/agents/**/*.test.ts'],
          testTimeout: 240_000,
          hookTimeout: 600_000,
        },
      },
      {
        extends: true,
        test: {
          ...postgres,
          name: 'sandbox',
          include: ['test/sandbox/**/*.test.ts'],
          exclude: [FORK_BOMBS],
          testTimeout: 60_000,
        },
      },
      {
        extends: true,
        // Alone: hundreds of processes take the breath of whatever is judged beside them, and that takes the runner's.
        test: { ...postgres, name: 'fork-bombs', include: [FORK_BOMBS], sequence: { groupOrder: 1 } },
      },
      {
        extends: true,
        test: { ...postgres, name: 'browser', include: ['test/browser/**/*.test.ts'], testTimeout: 120_000 },
      },
    ],
  },
});
