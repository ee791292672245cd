/** Reasons for a missing value that lie in the source: absent tables, uncovered windows, columns that it never fills. */
import type { Engine } from '../engines/engine.ts'
import { dateLiteral, identifier, literal } from '../engines/sql.ts'
import type { Dataset } from '../schema/dataset.ts'
import { FACTOR_CATALOGUE } from '../schema/factorCatalogue.ts'
import type { TableName } from '../schema/tables.ts'
import { type Contracts, RAW_PREFIX } from './asOf.ts'
import type { FactorPlan, FeaturePlan, MissingCase } from './plan.ts'
import { coverDays, type PresentColumns } from './renderPlan.ts'

const catalogue = new Map(FACTOR_CATALOGUE.map((f) => [f.name, f]))

/** Source tables of a factor by the catalogue. */
export const sourceTables = (factor: string): readonly TableName[] => catalogue.get(factor)?.sourceTables ?? []

/** When the first row of a table, and the first row with a value in a column, became known; null for never. */
export interface FirstFilled {
  row: string | null
  value: string | null
}
export type Fills = Map<string, FirstFilled>
const fillKey = (f: { table: TableName; column: string }): string => `${f.table}.${f.column}`

/**
 * Looks up when each column that the plans ask about was first filled, by anyone. Asking only for the first time keeps the
 * answer as of t the same whatever comes later.
 */
export const firstFilled = async (
  engine: Engine,
  plans: readonly FeaturePlan[],
  contracts: Contracts,
  present: PresentColumns,
): Promise<Fills> => {
  const wanted = new Map<TableName, Set<string>>()
  for (const f of plans.flatMap((p) => p.factors).flatMap((f) => f.fills ?? []))
    wanted.set(f.table, (wanted.get(f.table) ?? new Set()).add(f.column))
  const fills: Fills = new Map()
  for (const [table, columns] of wanted) {
    const known = contracts[table].knownAt
    const there = present[table]
    if (!there || 'table' in known) continue
    const at = identifier(known.column)
    const select = [...columns].map((c) =>
      there.includes(c) ? `min(${at}) FILTER (WHERE ${identifier(c)} IS NOT NULL)` : 'NULL',
    )
    const names = [...columns].map((_, i) => `c${i}`)
    const [row] = await engine.rows<Record<string, string | null>>(
      `SELECT min(${at})::VARCHAR AS first_row, ${select.map((s, i) => `(${s})::VARCHAR AS ${names[i]}`).join(', ')}
       FROM ${identifier(RAW_PREFIX + table)}`,
    )
    ;[...columns].forEach((column, i) => {
      fills.set(fillKey({ table, column }), { row: row!['first_row']!, value: row![names[i]!]! })
    })
  }
  return fills
}

/** Factors whose codes a source never uses, each with the reason. A table without rows says nothing about its codes. */
export const unusedCodes = async (
  engine: Engine,
  plans: readonly FeaturePlan[],
  present: PresentColumns,
): Promise<Map<string, string>> => {
  const used = new Map<string, Set<string | null>>()
  const unused = new Map<string, string>()
  for (const { factor, codes = [] } of plans.flatMap((p) => p.factors)) {
    for (const code of codes) {
      const key = fillKey(code)
      if (used.has(key) || !present[code.table]?.includes(code.column)) continue
      const found = await engine.rows<{ code: string | null }>(
        `SELECT DISTINCT ${identifier(code.column)} AS code FROM ${identifier(RAW_PREFIX + code.table)}`,
      )
      used.set(key, new Set(found.map((f) => f.code)))
    }
    const known = codes.map((c) => ({ ...c, found: used.get(fillKey(c)) }))
    if (codes.length && known.every((c) => c.found?.size && !c.found.has(c.value)))
      unused.set(
        factor,
        `the source uses no ${known.map((c) => `${c.column} ${c.value}`).join(' or ')} in ${known[0]!.table}: 0 or missing in every row`,
      )
  }
  return unused
}

const knownBy = (time: string | null): string => (time === null ? 'false' : `TIMESTAMP ${literal(time)} < t`)

/** The cases that stand before a factor's own, for one source. */
export const sourceCases = (factor: FactorPlan, dataset: Dataset, fills: Fills): MissingCase[] => {
  const cases: MissingCase[] = []
  const tables = sourceTables(factor.factor)
  if (tables.some((t) => !dataset.tables[t])) return [{ reason: 'absent_table', when: 'true' }]
  const days = Math.max(coverDays(factor), 1)
  for (const name of tables) {
    const { coveredFrom, coveredTo } = dataset.tables[name]!
    cases.push({
      reason: 'not_covered',
      when: `(t - ${days} < ${dateLiteral(coveredFrom)} OR t > ${dateLiteral(coveredTo)})`,
    })
  }
  for (const f of factor.fills ?? []) {
    const found = fills.get(fillKey(f))
    if (found)
      cases.push({ reason: 'missing_in_source', when: `(${knownBy(found.row)} AND NOT (${knownBy(found.value)}))` })
  }
  return cases
}
