/** The committed sample of 100 simulated people as histories, and values that their factors might have. */
import { fileURLToPath } from 'node:url'
import { copyHistory, type History } from '../../src/counterfactuals/replay/history.ts'
import { loadHistories, type Observed } from '../../src/counterfactuals/replay/loadHistories.ts'
import { NO_RECIPE } from '../../src/counterfactuals/replay/recipes.ts'
import { type ReplayedValues, runHistories } from '../../src/counterfactuals/replay/runHistories.ts'
import { openSource, type ReplaySource } from '../../src/counterfactuals/replay/source.ts'
import { openDuckDB } from '../../src/engines/duckdb.ts'
import { catalogueSpecs } from '../../src/features/factorSpecs.ts'
import type { FactorSpec } from '../../src/schema/factor.ts'
import type { Random } from '../../src/util/random.ts'

export const SAMPLE = fileURLToPath(new URL('../../data/sample/population', import.meta.url))
export const SPECS: readonly FactorSpec[] = catalogueSpecs('CNY')

export interface Sample {
  source: ReplaySource
  observed: Observed[]
  histories: History[]
  values: ReplayedValues[]
  close(): void
}

export const openSample = async (): Promise<Sample> => {
  const engine = await openDuckDB({ threads: 1 })
  const source = await openSource(engine, SAMPLE)
  const observed = await engine.rows<Observed>(
    `SELECT person_id AS "personId", '2025-01-01' AS "observationDate" FROM source_people
     WHERE account_opened_on < DATE '2025-01-01' ORDER BY 1`,
  )
  const histories = await loadHistories(source, observed)
  const values = await runHistories(source, histories)
  return { source, observed, histories: histories.map(copyHistory), values, close: () => engine.close() }
}

const COUNTS = [
  'institutions',
  'months',
  'cases',
  'districts',
  'scenarios',
  'transactions',
  'flights',
  'top-ups',
  'numbers',
]
const OTHERS: Readonly<Record<string, readonly string[]>> = {
  employer_type: ['public', 'small_firm'],
  occupation: ['professional', 'clerical'],
}

/** A value that somebody with this one might have instead; undefined where there is none. */
export const otherValue = (
  { name, kind, unit }: FactorSpec,
  own: number | string | null,
  random: Random,
): number | string | undefined => {
  if (own === null || name in NO_RECIPE) return undefined
  if (typeof own === 'string') return OTHERS[name]!.find((text) => text !== own)
  const whole = (most: number): number => random.integer(most) + 1
  const up = random.next() < 0.5
  if (kind === 'flag') return own > 0 ? 0 : undefined
  if (name === 'consumption_tier') return up ? Math.min(10, own + 1) : Math.max(1, own - 1)
  if (unit === 'days') return own + whole(365)
  if (name.startsWith('overdue_amount')) return own > 0 ? Math.round(own * random.next()) + 1 : undefined
  if (unit.startsWith('CNY'))
    return Math.max(0, Math.round(own * (up ? 1 + random.next() : random.next()) + (up ? 50 : 0)))
  if (unit === 'share 0..1')
    return Math.round(1000 * Math.min(0.3, up ? own + 0.1 * random.next() : own * random.next())) / 1000
  if (unit === 'ratio') return Math.round(1000 * own * (0.8 + 0.5 * random.next())) / 1000
  if (unit === 'share per year') return Math.round(1e4 * (own + 0.02 * (random.next() - 0.5))) / 1e4
  if (unit === 'tenths of full fare') return Math.round(100 * (3 + 7 * random.next())) / 100
  if (name.startsWith('overdue')) return own > 0 ? Math.max(0, own - whole(2)) : undefined
  if (name === 'repayment_months_1y') return Math.min(12, up ? own + whole(4) : Math.max(0, own - whole(3)))
  if (name === 'repayment_months_total') return own + whole(6)
  if (name === 'phone_numbers_1y') return up ? own + whole(2) : Math.max(1, own - whole(2))
  if (name === 'transactions_1y') return Math.max(1, Math.round(own * (0.8 + 0.4 * random.next())))
  if (COUNTS.includes(unit)) return up ? own + whole(3) : Math.max(0, own - whole(3))
  return undefined
}
