/** What a feature table is made of: missing cells by reason, factors that a source cannot give, the waterfall. */
import type { Engine } from '../engines/engine.ts'
import { dateLiteral, identifier } from '../engines/sql.ts'
import type { Dataset, FeatureTable } from '../schema/dataset.ts'
import { MISSING_REASONS } from '../schema/factor.ts'
import { FACTOR_CATALOGUE } from '../schema/factorCatalogue.ts'
import { OUTCOME_STATUSES } from '../schema/outcome.ts'
import { RAW_PREFIX } from './asOf.ts'
import { sourceTables } from './missingCases.ts'
import { reasonColumn } from './renderPlan.ts'

const names = FACTOR_CATALOGUE.map((f) => f.name)

/** Counts of missing cells by factor and reason, from the table `factors`. */
export const countMissing = async (engine: Engine): Promise<FeatureTable['missing']> => {
  // One aggregate a factor: one for every factor and reason takes forty times as long.
  const entries = names.map((name) => `map_entries(histogram(${identifier(reasonColumn(name))}))`)
  const counted = await engine.rows<{ factor: number; code: number; n: number }>(
    `SELECT factor, entry.key AS code, entry.value::BIGINT AS n
     FROM (SELECT factor, unnest(entries) AS entry
       FROM (SELECT unnest(range(${names.length})) AS factor, unnest([${entries.join(', ')}]) AS entries FROM factors))
     ORDER BY factor, code`,
  )
  const holes = names.map((n) => `(${identifier(n)} IS NULL) <> (${identifier(reasonColumn(n))} > 0)`)
  const [row] = await engine.rows<{ holes: number }>(
    `SELECT count(*) AS holes FROM factors WHERE ${holes.join(' OR ')}`,
  )
  if (row!.holes) throw new Error(`${row!.holes} rows have a cell without a value and a reason, or with both`)
  const missing: FeatureTable['missing'] = {}
  for (const { factor, code, n } of counted) {
    const reason = MISSING_REASONS[code]!
    if (reason !== 'present') missing[names[factor]!] = { ...missing[names[factor]!], [reason]: n }
  }
  return missing
}

/** Factors without a value in any row, or whose codes the source never uses, each with its reason. */
export const listUnavailable = (
  dataset: Dataset,
  rows: number,
  missing: FeatureTable['missing'],
  unused: ReadonlyMap<string, string>,
): FeatureTable['unavailable'] =>
  names.flatMap((factor) => {
    const absent = sourceTables(factor).filter((t) => !dataset.tables[t])
    if (absent.length) return [{ factor, reason: `absent_table: the source has no ${absent.join(', ')}` }]
    const reasons = Object.entries(missing[factor] ?? {})
    const lost = reasons.reduce((sum, [, n]) => sum + (n ?? 0), 0)
    if (lost === rows)
      return [{ factor, reason: `no value in any row: ${reasons.map(([reason, n]) => `${reason} ${n}`).join(', ')}` }]
    return unused.has(factor) ? [{ factor, reason: unused.get(factor)! }] : []
  })

/** Factors with one value in all rows that have any: they cannot tell people apart. */
export const listConstant = async (engine: Engine): Promise<string[]> => {
  const [row] = await engine.rows<Record<string, boolean>>(
    `SELECT ${names.map((n) => `count(${identifier(n)}) > 1 AND min(${identifier(n)}) = max(${identifier(n)}) AS ${identifier(n)}`).join(', ')} FROM factors`,
  )
  return names.filter((n) => row![n])
}

/** people -> observations -> covered -> eligible -> excluded, indeterminate, good, bad. */
export const countWaterfall = async (
  engine: Engine,
  dataset: Dataset,
  withOutcomes: boolean,
): Promise<FeatureTable['waterfall']> => {
  const uncovered = Object.entries(dataset.tables)
    .filter(([name, table]) => name !== 'outcomes' && table)
    .map(([, t]) => `t <= ${dateLiteral(t.coveredFrom)} OR t > ${dateLiteral(t.coveredTo)}`)
  const covered = uncovered.length ? `NOT (${uncovered.join(' OR ')})` : 'true'
  const people = dataset.tables.people ? identifier(`${RAW_PREFIX}people`) : 'observations'
  const [row] = await engine.rows<Record<string, number>>(
    `SELECT (SELECT count(DISTINCT person_id) FROM ${people}) AS people, count(*) AS observations,
       count(*) FILTER (WHERE ${covered}) AS covered FROM observations`,
  )
  const steps = ['people', 'observations', 'covered'].map((step) => ({ step, rows: row![step]! }))
  if (!withOutcomes) return steps
  const found = await engine.rows<{ status: string; n: number }>(
    `SELECT x.status, count(*) AS n FROM observations AS obs
     JOIN ${identifier(`${RAW_PREFIX}outcomes`)} AS x ON x.person_id = obs.person_id AND x.observation_date = obs.t
     WHERE ${covered} GROUP BY x.status`,
  )
  const of = (status: (typeof OUTCOME_STATUSES)[number]): number => found.find((f) => f.status === status)?.n ?? 0
  const eligible = OUTCOME_STATUSES.filter((s) => s !== 'not_eligible').reduce((sum, s) => sum + of(s), 0)
  return [
    ...steps,
    { step: 'eligible', rows: eligible },
    ...(['excluded', 'indeterminate', 'good', 'bad'] as const).map((step) => ({ step, rows: of(step) })),
  ]
}
