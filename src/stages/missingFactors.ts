/** Whether people can be scored at all: a model that was trained on factors which nobody here can have says little. */
import type { FactorFrame } from '../matrix/frame.ts'
import { unseenLevels } from '../matrix/unseenLevels.ts'
import type { FeatureTable } from '../schema/dataset.ts'
import type { FactorSpec } from '../schema/factor.ts'
import type { Scorer } from '../scores/scorer.ts'
import { dataError } from '../util/errors.ts'
import type { LoadedFeatures } from './loadFeatures.ts'

/** Reasons that lie in the source or the date and not in the person. */
const STRUCTURAL = ['absent_table', 'not_covered', 'missing_in_source']
/** A ready table states no reasons; with so many rows a column without any value is no accident. */
const MANY_ROWS = 100
/** A factor that was missing for most training rows is one that the model has learned to do without. */
const MOSTLY_PRESENT = 0.5

/** Share of training rows in which each factor is missing; factors that never are, are left out. Kept with the model. */
export const missingShares = (frame: FactorFrame): Record<string, number> => {
  const shares: Record<string, number> = {}
  for (const factor of frame.factors) {
    let missing = 0
    if (factor.kind === 'category') for (const v of frame.categories[factor.name]!) missing += v === null ? 1 : 0
    else for (const v of frame.numbers[factor.name]!) missing += Number.isNaN(v) ? 1 : 0
    if (missing > 0) shares[factor.name] = missing / frame.rows
  }
  return shares
}

const cannotBeThere = (factor: FactorSpec, table: FeatureTable, frame: FactorFrame): boolean => {
  const reasons = table.missing[factor.name]
  if (reasons && Object.keys(reasons).length > 0) {
    const structural = STRUCTURAL.reduce((sum, reason) => sum + (reasons[reason] ?? 0), 0)
    return frame.rows > 0 && structural >= frame.rows
  }
  if (frame.rows < MANY_ROWS) return false
  return factor.kind === 'category'
    ? (frame.categories[factor.name]?.every((v) => v === null) ?? false)
    : (frame.numbers[factor.name]?.every(Number.isNaN) ?? false)
}

/**
 * Factors that a model was trained on and that nobody here can have, because a table is absent, the date is not covered or the
 * source never fills them.
 * @param allow say so instead of refusing
 * @returns a warning, or nothing
 * @throws GlasscoreError('data') when there are such factors and `allow` is false
 */
export const checkMissing = (scorer: Scorer, { table, frame }: LoadedFeatures, allow: boolean): string[] => {
  const trained = (scorer.training['missing'] ?? {}) as Record<string, number>
  const used = new Set(scorer.encoding.columns.map((c) => c.factor))
  const missing = scorer.encoding.factors.filter(
    (factor, i) => used.has(i) && (trained[factor.name] ?? 0) < MOSTLY_PRESENT && cannotBeThere(factor, table, frame),
  )
  if (missing.length === 0) return []
  const names = missing.slice(0, 5).map((f) => f.name)
  const more = missing.length > names.length ? ` and ${missing.length - names.length} more` : ''
  const what = `${missing.length} of the ${used.size} factors that model ${scorer.name} was trained on are missing for everybody here`
  if (allow) return [`${what}: ${names.join(', ')}${more}`]
  throw dataError(what, {
    column: `${names.join(', ')}${more}`,
    expected: 'people whose tables cover the date, as those of the training did',
    hint: 'with --allow-missing they are scored all the same',
  })
}

/** Says which categories hold values that training never saw: they count as no level at all, or as missing. */
export const unseenWarnings = (scorer: Scorer, frame: FactorFrame): string[] =>
  unseenLevels(scorer.encoding, frame).map(
    ({ factor, rows, examples }) =>
      `${scorer.name}: ${factor} has values in ${rows} of ${frame.rows} rows that training never saw (${examples.join(', ')}); they count as ${coded(scorer, factor) ? 'missing' : 'no level'}`,
  )

/** Whether the model has the category as one column of codes. */
const coded = ({ encoding }: Scorer, factor: string): boolean =>
  encoding.columns.some((column) => column.role === 'category' && encoding.factors[column.factor]!.name === factor)
