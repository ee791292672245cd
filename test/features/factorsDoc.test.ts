import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { CONSUMPTION_TIER_EDGES } from '../../src/features/consumptionTiers.ts'
import { factorPlans } from '../../src/features/factorPlans.ts'
import { coverDays } from '../../src/features/renderPlan.ts'
import { MISSING_REASONS } from '../../src/schema/factor.ts'
import { FACTOR_CATALOGUE } from '../../src/schema/factorCatalogue.ts'

const doc = readFileSync(new URL('../../docs/factors.md', import.meta.url), 'utf8')
const plans = factorPlans().flatMap((p) => p.factors)

it('docs/factors.md has the table of all factors as the plans have it', () => {
  const rows = FACTOR_CATALOGUE.map((f) => {
    const plan = plans.find((p) => p.factor === f.name)!
    const reasons = [...(plan.fills?.length ? ['missing_in_source'] : []), ...plan.missing.map((m) => m.reason)]
    return `| ${f.name} | ${coverDays(plan) || '–'} | ${f.sourceTables.join(', ')} | ${[...new Set(reasons)].join(', ') || '0'} |`
  })
  expect(doc.split('\n').filter((line) => rows.includes(line))).toEqual(rows)
})

it('docs/factors.md states the codes of the reasons and the tier edges', () => {
  MISSING_REASONS.forEach((reason, code) => {
    if (reason !== 'present') expect(doc).toContain(`| ${code} | \`${reason}\` |`)
  })
  expect(doc).toContain(CONSUMPTION_TIER_EDGES.map((e) => e.toLocaleString('en-US')).join(', '))
})
