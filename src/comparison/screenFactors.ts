/** Looks for factors that predict the outcome too well to be honest, one at a time. */
import type { FactorFrame } from '../matrix/frame.ts'
import { auc } from '../metrics/auc.ts'

/** How well one factor alone ranks: a factor that knows the future stands out. */
export interface FactorScreen {
  factor: string
  /** AUC of the factor alone in the better direction, 0.5..1: of its present values, or of its being missing where that says more */
  auc: number
  rows: number
}

/** A single honest factor of this catalogue reaches about 0.8 at most. */
export const SUSPICIOUS_FACTOR_AUC = 0.9
/** Models on honest factors of this kind stay below this on real transactions. */
export const SUSPICIOUS_MODEL_AUC = 0.93

/** Levels of a category, a missing one among them, by their bad rate. */
const ratesOf = (values: readonly (string | null)[], target: Uint8Array): Float64Array => {
  const levels = new Map<string | null, { bad: number; n: number }>()
  values.forEach((value, i) => {
    let entry = levels.get(value)
    if (!entry) {
      entry = { bad: 0, n: 0 }
      levels.set(value, entry)
    }
    entry.bad += target[i]!
    entry.n++
  })
  const rates = new Float64Array(values.length)
  values.forEach((value, i) => {
    const { bad, n } = levels.get(value)!
    rates[i] = bad / n
  })
  return rates
}

/** AUC in the better direction; 0.5 where there is one outcome only. */
const twoSided = (value: number): number => (Number.isNaN(value) ? 0.5 : Math.max(value, 1 - value))

const screenNumber = (values: Float64Array, target: Uint8Array): Omit<FactorScreen, 'factor'> => {
  const present = new Float64Array(values.length)
  const outcomes = new Uint8Array(values.length)
  let rows = 0
  const all = { bad: 0, good: 0 }
  const absent = { bad: 0, good: 0 }
  for (let i = 0; i < values.length; i++) {
    const outcome = target[i] ? 'bad' : 'good'
    all[outcome]++
    if (Number.isNaN(values[i]!)) absent[outcome]++
    else {
      present[rows] = values[i]!
      outcomes[rows++] = target[i]!
    }
  }
  const known = twoSided(auc(present.subarray(0, rows), outcomes.subarray(0, rows)))
  // The AUC of "is missing", two values only, without ranking rows.
  const missing = twoSided(0.5 + (absent.bad / all.bad - absent.good / all.good) / 2)
  return missing > known ? { auc: missing, rows: target.length } : { auc: known, rows }
}

/** Every factor alone against the outcome, best first. In-sample: a screen, not an estimate. */
export const screenFactors = (frame: FactorFrame, target: Uint8Array): FactorScreen[] =>
  frame.factors
    .map((factor): FactorScreen => {
      if (factor.kind !== 'category')
        return { factor: factor.name, ...screenNumber(frame.numbers[factor.name]!, target) }
      const rates = ratesOf(frame.categories[factor.name]!, target)
      return { factor: factor.name, auc: twoSided(auc(rates, target)), rows: target.length }
    })
    .sort((a, b) => b.auc - a.auc || (a.factor < b.factor ? -1 : 1))

/** One sentence a suspicious factor, with how many rows it rests on. */
export const screenWarnings = (screens: readonly FactorScreen[]): string[] =>
  screens
    .filter((s) => s.auc >= SUSPICIOUS_FACTOR_AUC)
    .map(
      (s) =>
        `${s.factor} alone tells good from bad with an AUC of ${s.auc.toFixed(3)} (${s.rows} rows): is it known at the observation date?`,
    )
