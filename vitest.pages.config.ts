import { defineConfig } from 'vitest/config'

/** Pages in a real browser: `npm run test:pages`. Apart from `npm test`, which needs Node only. */
export default defineConfig({
  test: {
    include: ['test/pages/**/*.test.ts'],
    pool: 'forks',
    // A file waits for its browser or its browser for it: two of them keep two cores busy.
    maxWorkers: 2,
    testTimeout: 300_000,
    hookTimeout: 120_000,
  },
})
