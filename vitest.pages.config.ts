import { defineConfig } from 'vitest/config'

/** Pages in a real browser: `npm run test:pages`. Apart from `npm test`, which needs Node only. */
export default defineConfig({
  test: {
    include: ['test/pages/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 300_000,
    hookTimeout: 120_000,
  },
})
