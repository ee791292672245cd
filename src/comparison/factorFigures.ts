/** What is to be known of each factor beside the outcome: filled, informative, in the expected direction, stable. */
import type { FactorFrame } from '../matrix/frame.ts'
import { delongInterval } from '../metrics/delong.ts'
import { informationValue, informationValueOfCounts } from '../metrics/informationValue.ts'
import { psi, psiOfCounts } from '../metrics/psi.ts'
import type { ExpectedRisk, FactorKind, FactorSpec } from '../schema/factor.ts'
import { levelsOf } from './categoryLevels.ts'

/**
 * In which direction the risk moves with the factor, as far as the rows can tell; `none`: so little that it does not matter, which
 * takes many rows to say.
 */
export type ObservedRisk = 'up' | 'down' | 'none' | 'not enough evidence'

/** One factor on the labeled rows; numbers that are not defined are null. */
export interface FactorFigures {
  factor: string
  dimension: string
  kind: FactorKind
  definition: string
  /** labeled rows, and the share of them without a value */
  rows: number
  missingShare: number
  /** on the training rows (all labeled rows where folds are used) */
  informationValue: number | null
  /**
   * on the same rows, more of the factor = riskier: above 0.5 risk rises with it, below it falls; levels of a category are taken by
   * their bad rate, so it is at least 0.5 there, and the interval takes that order as given. Rows without a value are left out. With
   * DeLong's 95 % interval over persons
   */
  auc: { value: number; low: number; high: number } | null
  expectedRisk: ExpectedRisk
  /** up or down where the interval of the AUC lies on one side of 0.5; null for categories */
  observedRisk: ObservedRisk | null
  /** null where nothing was expected, or nothing can be said; false also where the risk does not move and was expected to */
  asExpected: boolean | null
  /** test against training rows; null where there are none apart */
  psi: number | null
}

/**
 * An AUC this near to 0.5 counts as no relation. Two normal distributions of equal spread with an information value of 0.02, below
 * which a factor is said to tell nothing (Siddiqi 2006), have an AUC of 0.54.
 */
const NO_RELATION = 0.04

/** Row positions of each side of a split. */
export interface FactorSides {
  /** absent: all rows */
  train?: ArrayLike<number>
  /** absent: there are no test rows apart, and no PSI */
  test?: ArrayLike<number>
}

const finite = (x: number): number | null => (Number.isFinite(x) ? x : null)

const pick = <T>(values: ArrayLike<T>, rows: ArrayLike<number>): T[] => Array.from(rows, (i) => values[i]!)

const observed = (auc: FactorFigures['auc']): ObservedRisk => {
  if (auc === null) return 'not enough evidence'
  if (auc.low > 0.5) return 'up'
  if (auc.high < 0.5) return 'down'
  return auc.low >= 0.5 - NO_RELATION && auc.high <= 0.5 + NO_RELATION ? 'none' : 'not enough evidence'
}

/** AUC of present values; null where there are too few of either outcome. */
const ranking = (values: ArrayLike<number>, target: ArrayLike<number>, persons: readonly string[]) => {
  const present: number[] = []
  for (let i = 0; i < values.length; i++) if (!Number.isNaN(values[i]!)) present.push(i)
  const { value, low, high } = delongInterval(pick(values, present), pick(target, present), pick(persons, present))
  return Number.isNaN(low) ? null : { value, low, high }
}

/** What rows say of one factor alone. */
type Said = Pick<FactorFigures, 'missingShare' | 'informationValue' | 'auc' | 'psi'>

/** The rows of the statistics: training rows with their outcomes and persons, and test rows where there are any. */
interface Rows {
  train: ArrayLike<number>
  test: ArrayLike<number> | undefined
  /** of the training rows */
  target: number[]
  /** of the training rows */
  persons: string[]
}

const ofNumber = (values: Float64Array, { train, test, target, persons }: Rows): Said => {
  let missing = 0
  for (const value of values) if (Number.isNaN(value)) missing++
  const known = pick(values, train)
  return {
    missingShare: missing / values.length,
    informationValue: finite(informationValue(known, target).value),
    auc: ranking(known, target, persons),
    psi: test ? finite(psi(known, pick(values, test))) : null,
  }
}

const ofCategory = (values: readonly (string | null)[], { train, test, target, persons }: Rows): Said => {
  const { count, levelOf } = levelsOf(pick(values, train))
  const levels = pick(values, train).map(levelOf)
  const good = new Float64Array(count)
  const bad = new Float64Array(count)
  levels.forEach((level, i) => {
    ;(target[i] ? bad : good)[level]!++
  })
  const rates = levels.map((level) => (level === 0 ? Number.NaN : bad[level]! / (good[level]! + bad[level]!)))
  const later = new Float64Array(count)
  for (const value of test ? pick(values, test) : []) later[levelOf(value)]!++
  const earlier = good.map((n, k) => n + bad[k]!)
  return {
    missingShare: values.filter((value) => value === null).length / values.length,
    informationValue: finite(informationValueOfCounts(good, bad).value),
    auc: ranking(rates, target, persons),
    psi: test ? finite(psiOfCounts(earlier, later)) : null,
  }
}

const directions = ({ kind, expectedRisk }: FactorSpec, auc: FactorFigures['auc']) => {
  if (kind === 'category') return { observedRisk: null, asExpected: null }
  const observedRisk = observed(auc)
  const nothing = expectedRisk === 'none' || observedRisk === 'not enough evidence'
  return { observedRisk, asExpected: nothing ? null : observedRisk === expectedRisk }
}

/**
 * Every factor alone, in the order of the frame. Information value, AUC and direction are those of the training rows, so that test
 * rows serve the measurement of models alone; they describe the sample that models were fitted on.
 *
 * @param frame the labeled rows; @param target 1 = bad, 0 = good, one a row
 * @param sides which of these rows trained and which were held out; rows may be in neither
 */
export const factorFigures = (frame: FactorFrame, target: Uint8Array, sides: FactorSides = {}): FactorFigures[] => {
  const train = sides.train ?? Int32Array.from(target.keys())
  const test = sides.test && sides.test.length > 0 ? sides.test : undefined
  const rows: Rows = { train, test, target: pick(target, train), persons: pick(frame.personId, train) }
  return frame.factors.map((factor): FactorFigures => {
    const { name, dimension, kind, definition, expectedRisk } = factor
    const said = kind === 'category' ? ofCategory(frame.categories[name]!, rows) : ofNumber(frame.numbers[name]!, rows)
    return {
      factor: name,
      dimension,
      kind,
      definition,
      rows: frame.rows,
      ...said,
      expectedRisk,
      ...directions(factor, said.auc),
    }
  })
}
