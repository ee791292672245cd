/** Cells of the transactions: by direction, category and scenario, and the different things seen in them. */
import { literal } from '../../engines/sql.ts'
import { CATEGORIES, IMPOSED, NOT_CONSUMPTION, SCENARIOS } from '../../schema/vocabulary.ts'
import type { PlanStep } from '../plan.ts'
import { DAYS, keyOf, transactionKeySql, transactionKeys } from './cellKeys.ts'
import { ageSql, minorSql, seenCells, sliceSql, sumCells, unionAll } from './cellSql.ts'

const positions = (values: readonly string[]): string =>
  values.map((value, i) => `(${literal(value)}, ${i}::SMALLINT)`).join(', ')

/** Codes outside of the closed lists, which no checked source has, count as `other`. */
const known = (code: string, values: readonly string[]): string => `coalesce(${code}, ${values.indexOf('other')})`

const cells: PlanStep = {
  name: 'transaction_cells',
  about: 'counts, sums and ages of transactions by direction, category, scenario and month',
  sql: (from) =>
    sumCells(`
SELECT o, ${transactionKeySql('direction', `CASE WHEN x.category IS NOT NULL THEN ${known('c.code', CATEGORIES)} END`, known('s.code', SCENARIOS))}::SMALLINT AS key,
  ${sliceSql('occurred_at')} AS slice, ${minorSql('amount')} AS minor, ${ageSql('occurred_at')} AS age
FROM ${from.asOf('transactions', { days: DAYS })} AS x
LEFT JOIN (VALUES ${positions(CATEGORIES)}) AS c (category, code) ON c.category = x.category
LEFT JOIN (VALUES ${positions(SCENARIOS)}) AS s (scenario, code) ON s.scenario = x.scenario`),
}

/** Keys of transactions as a table of what they count for. */
const keysSql = (
  thing: string,
  codeOf: (row: { category: string | null; scenario: string }) => number | null,
): string => {
  const rows = new Map<number, number>()
  for (const category of [...CATEGORIES, null])
    for (const scenario of SCENARIOS) {
      const code = codeOf({ category, scenario })
      const [key] = transactionKeys(
        (row) => row.direction === 'out' && row.category === category && row.scenario === scenario,
      )
      if (code !== null) rows.set(key!, code)
    }
  const values = [...rows].map(([key, code]) => `(${key}, ${code})`).join(', ')
  return `(VALUES ${values}) AS ${thing} (key, code)`
}

const chosen = keysSql('chosen', ({ scenario }) =>
  IMPOSED.includes(scenario as never) ? null : SCENARIOS.indexOf(scenario as never),
)
const bought = keysSql('bought', ({ category, scenario }) =>
  category === null || NOT_CONSUMPTION.includes(scenario as never) ? null : CATEGORIES.indexOf(category as never),
)

const seen: PlanStep = {
  name: 'seen_cells',
  about: 'different districts, counterparties, scenarios and categories, by the month in which each was last seen',
  sql: (from) => {
    const transactions = from.asOf('transactions', { days: DAYS })
    const slice = `${sliceSql('occurred_at')} AS slice`
    const known = from.step('transaction_cells')
    return unionAll(
      seenCells(`
SELECT o, ${keyOf('seen:district')}::SMALLINT AS key, district_id AS item, ${slice}
FROM ${transactions} WHERE district_id IS NOT NULL`),
      seenCells(`
SELECT o, CASE WHEN direction = 'out' THEN ${keyOf('seen:payee')} ELSE ${keyOf('seen:payer')} END::SMALLINT AS key, counterparty_id AS item, ${slice}
FROM ${transactions} WHERE counterparty_id IS NOT NULL AND (direction = 'out' OR scenario = 'transfer')`),
      seenCells(`
SELECT o, ${keyOf('seen:scenario')}::SMALLINT AS key, code AS item, slice FROM ${known} JOIN ${chosen} USING (key)`),
      seenCells(`
SELECT o, ${keyOf('seen:category')}::SMALLINT AS key, code AS item, slice FROM ${known} JOIN ${bought} USING (key)`),
    )
  },
}

/** Steps, and those of them whose rows are cells. */
export const TRANSACTION_CELLS = {
  steps: [cells, seen],
  cells: ['transaction_cells', 'seen_cells'],
} as const
