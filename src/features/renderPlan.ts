/** Plans as SQL text: the as-of views a step reads, the step itself, and the values with the reasons for their absence. */
import { identifier } from '../engines/sql.ts'
import { MISSING_REASONS } from '../schema/factor.ts'
import { FACTOR_CATALOGUE } from '../schema/factorCatalogue.ts'
import { TABLES, type TableName } from '../schema/tables.ts'
import { type AsOfOptions, asOfName, asOfSql, type Contracts, RAW_PREFIX } from './asOf.ts'
import type { FactorPlan, FeaturePlan, MissingCase, PlanStep, Relations } from './plan.ts'

export const STEP_PREFIX = 'step_'

/** Columns of the raw tables; null for a table that the source does not have. */
export type PresentColumns = Record<TableName, readonly string[] | null>

export interface RenderedStep {
  name: string
  about: string
  /** as-of views that the step reads, by name */
  views: Map<string, string>
  /** earlier steps that it reads */
  reads: Set<string>
  sql: string
}

/**
 * Refuses the text of a step that reaches past its relations: raw tables, files, catalogs. What it may name is what
 * `Relations` gave it.
 * @throws Error, since a plan is ours and not the user's
 */
export const checkStepText = (name: string, sql: string, allowed: ReadonlySet<string>): void => {
  const plain = sql.replaceAll(/'(?:[^']|'')*'/g, "''")
  const forbidden = new RegExp(
    `\\b${RAW_PREFIX}\\w*|\\bread_\\w+|\\b\\w+_scan\\b|information_schema|duckdb_`,
    'i',
  ).exec(plain)
  if (forbidden)
    throw new Error(`step ${name} names ${forbidden[0]}; a step reads as-of relations and earlier steps only`)
  for (const [, relation] of plain.matchAll(/\b(?:FROM|JOIN)\s+("?[A-Za-z_][\w."]*)/gi))
    if (!allowed.has(relation!))
      throw new Error(`step ${name} reads ${relation}; a step reads as-of relations and earlier steps only`)
}

/** The text of one step. `contracts` other than our own are for the tests that break them. */
export const renderStep = (step: PlanStep, contracts: Contracts, present: PresentColumns): RenderedStep => {
  const views = new Map<string, string>()
  const reads = new Set<string>()
  const allowed = new Set(['observations'])
  const from: Relations = {
    observations: 'observations',
    asOf: (table: TableName, options: AsOfOptions = {}) => {
      const name = asOfName(table, options)
      views.set(name, asOfSql(contracts, table, present[table], options))
      allowed.add(name)
      return name
    },
    step: (name: string) => {
      allowed.add(STEP_PREFIX + name)
      reads.add(STEP_PREFIX + name)
      return STEP_PREFIX + name
    },
  }
  const sql = step.sql(from).trim()
  checkStepText(step.name, sql, allowed)
  return { name: STEP_PREFIX + step.name, about: step.about, views, reads, sql }
}

/** Name of the column that holds the reason code of a factor. */
export const reasonColumn = (factor: string): string => `missing ${factor}`

const reasonSql = (cases: readonly MissingCase[]): string =>
  cases.length === 0
    ? '0::UTINYINT'
    : `(CASE ${cases.map((c) => `WHEN ${c.when} THEN ${MISSING_REASONS.indexOf(c.reason)}`).join(' ')} ELSE 0 END)::UTINYINT`

/**
 * SQL of one row an observation: `o`, and per factor its reason code and its value, NULL where there is a reason.
 * @param before cases that come before the plan's own: absent tables, uncovered windows, columns never filled
 */
export const renderValues = (plan: FeaturePlan, before: (factor: FactorPlan) => readonly MissingCase[]): string => {
  const columns = plan.factors.flatMap((f) => {
    const reason = identifier(reasonColumn(f.factor))
    return [
      `${reasonSql([...before(f), ...f.missing])} AS ${reason}`,
      `CASE WHEN ${reason} = 0 THEN ${f.value} END AS ${identifier(f.factor)}`,
    ]
  })
  return [
    `SELECT o, ${columns.join(',\n  ')}`,
    'FROM observations',
    ...plan.joins.map((j) => `LEFT JOIN ${STEP_PREFIX}${j} USING (o)`),
  ].join('\n')
}

const allColumns = Object.fromEntries(
  Object.entries(TABLES).map(([name, contract]) => [name, Object.keys(contract.columns)]),
) as unknown as PresentColumns

export interface FactorSql {
  factor: string
  /** what must run before, in order: as-of views and step tables */
  relations: { name: string; about: string; sql: string }[]
  value: string
  missing: readonly MissingCase[]
  coverDays: number
}

/** Steps of a plan that a factor's plan can depend on, in order. */
const rendered = (plan: FeaturePlan): RenderedStep[] => plan.steps.map((s) => renderStep(s, TABLES, allColumns))

/** The SQL behind one factor, for people to read: as-of views, steps, value and reasons, over a source with all tables. */
export const factorSql = (plans: readonly FeaturePlan[], name: string): FactorSql | undefined => {
  for (const plan of plans) {
    const factor = plan.factors.find((f) => f.factor === name)
    if (!factor) continue
    const relations: FactorSql['relations'] = []
    for (const step of rendered(plan)) {
      for (const [view, sql] of step.views)
        if (!relations.some((r) => r.name === view))
          relations.push({ name: view, about: 'rows known before t, cells known later NULL', sql })
      relations.push({ name: step.name, about: step.about, sql: step.sql })
    }
    return { factor: name, relations, value: factor.value, missing: factor.missing, coverDays: coverDays(factor) }
  }
  return undefined
}

const catalogue = new Map(FACTOR_CATALOGUE.map((f) => [f.name, f]))

/** Days before t that the source tables of a factor must cover: its window; 0 where it has none. */
export const coverDays = (factor: FactorPlan): number =>
  factor.coverDays ?? catalogue.get(factor.factor)?.windowDays ?? 0
