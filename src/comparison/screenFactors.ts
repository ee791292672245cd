/** Looks for factors that predict the outcome too well to be honest, one at a time. */
import type { FactorFrame } from '../matrix/frame.ts'
import { auc } from '../metrics/auc.ts'

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
    const entry = levels.get(value) ?? { bad: 0, n: 0 }
    entry.bad += target[i]!
    entry.n++
    levels.set(value, entry)
  })
  return Float64Array.from(values, (value) => {
    const { bad, n } = levels.get(value)!
    return bad / n
  })
}

/** AUC in the better direction; 0.5 where there is one outcome only. */
const twoSided = (scores: Float64Array, target: Uint8Array): number => {
  const value = auc(scores, target)
  return Number.isNaN(value) ? 0.5 : Math.max(value, 1 - value)
}

const screenNumber = (values: Float64Array, target: Uint8Array): Omit<FactorScreen, 'factor'> => {
  const present = Int32Array.from(values.keys()).filter((i) => !Number.isNaN(values[i]!))
  const known = twoSided(
    Float64Array.from(present, (i) => values[i]!),
    Uint8Array.from(present, (i) => target[i]!),
  )
  const missing = twoSided(
    Float64Array.from(values, (v) => (Number.isNaN(v) ? 1 : 0)),
    target,
  )
  return missing > known ? { auc: missing, rows: target.length } : { auc: known, rows: present.length }
}

/** Every factor alone against the outcome, best first. In-sample: a screen, not an estimate. */
export const screenFactors = (frame: FactorFrame, target: Uint8Array): FactorScreen[] =>
  frame.factors
    .map((factor): FactorScreen => {
      if (factor.kind !== 'category')
        return { factor: factor.name, ...screenNumber(frame.numbers[factor.name]!, target) }
      const rates = ratesOf(frame.categories[factor.name]!, target)
      return { factor: factor.name, auc: twoSided(rates, target), rows: target.length }
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
