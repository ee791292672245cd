import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { counterfactualSearch } from '../../src/counterfactuals/counterfactualSearch.ts'
import { LARGER_SEEDS, largerWorld } from './largerWorld.ts'

/** Made by test/fixtures/counterfactuals/make.sh; null: nothing reaches. */
const golden = JSON.parse(readFileSync(new URL('../fixtures/counterfactuals/costs.json', import.meta.url), 'utf8')) as {
  costs: Record<string, { 'CP-SAT': number | null; HiGHS: number | null }>
}

it('costs are those that CP-SAT and HiGHS proved on forests of some 40 trees', () => {
  let reached = 0
  for (const seed of LARGER_SEEDS) {
    const { scorer, frame, row, reference, options } = largerWorld(seed)
    const { answer, options: found } = counterfactualSearch(scorer, reference, options)(frame, row)
    const { 'CP-SAT': first, HiGHS: second } = golden.costs[seed]!
    if (first === null || second === null) {
      expect([first, second, answer], `seed ${seed}`).toEqual([null, null, 'none'])
      continue
    }
    reached++
    expect(found[0]?.proved, `seed ${seed}`).toBe(true)
    // CP-SAT counts in steps of a ten millionth, some dozens of them.
    expect(Math.abs(found[0]!.cost - first), `seed ${seed}`).toBeLessThan(1e-5)
    expect(Math.abs(found[0]!.cost - second), `seed ${seed}`).toBeLessThan(1e-5)
  }
  expect(reached).toBeGreaterThan(8)
})
