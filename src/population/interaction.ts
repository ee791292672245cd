/**
 * The interaction claim: responsibility for others and frequent donation say something about default only together. Cell probabilities
 * follow from the form and the strength; a curve, measured on the population itself, turns them into shifts of the log-hazard.
 */
import type { InteractionForm } from './switches.ts'

/** Shares among those who borrow, by which the marginal form balances; frequent donors are those with a generosity above the edge. */
export const DONOR_EDGE = 0.3
export const DONOR_SHARE = 0.3821
export const RESPONSIBLE_SHARE = 0.4
/** Share of bads among goods and bads without the interaction. */
export const BASE_RATE = 0.075
/** Change of the log-odds of that share when the log-hazard of everybody shifts by d: RISE * d + BEND * d * d. */
export const RISE = 1
export const BEND = 0
/** Cost of dependents on the log-hazard, so that those who have them, who are older and more settled, default as often as others. */
export const DEPENDENTS_RISK = 0

const logit = (p: number): number => Math.log(p / (1 - p))

/** Probability of default by cell: [responsible][donor]. */
export type Cells = readonly [readonly [number, number], readonly [number, number]]

/**
 * The cells of the claim. Both forms keep the overall share, and the odds of those with both are 0.5 ^ strength times the odds of all
 * others together. Marginal: the share is the same with and without responsibility, and with and without donation. Conditional: it is the
 * same in the three cells without both.
 */
export const interactionCells = (
  form: InteractionForm,
  strength: number,
  base = BASE_RATE,
  responsible = RESPONSIBLE_SHARE,
  donors = DONOR_SHARE,
): Cells => {
  const share = responsible * donors
  const ratio = 0.5 ** strength
  // the probability of the others, q, given that of those with both, p: share p + (1 - share) q = base, odds(p) = ratio odds(q)
  let low = 0
  let high = base
  for (let k = 0; k < 60; k++) {
    const p = (low + high) / 2
    const q = (base - share * p) / (1 - share)
    if (p / (1 - p) > (ratio * q) / (1 - q)) high = p
    else low = p
  }
  const both = (low + high) / 2
  if (form === 'conditional') {
    const other = (base - share * both) / (1 - share)
    return [
      [other, other],
      [other, both],
    ]
  }
  const responsibleOnly = (base - donors * both) / (1 - donors)
  const donorOnly = (base - responsible * both) / (1 - responsible)
  const neither = (base - donors * donorOnly) / (1 - donors)
  return [
    [neither, donorOnly],
    [responsibleOnly, both],
  ]
}

/** Shift of the log-hazard that brings the share of bads from `BASE_RATE` to p. */
export const hazardShift = (p: number): number => {
  const wanted = logit(p) - logit(BASE_RATE)
  return BEND === 0 ? wanted / RISE : (Math.sqrt(RISE * RISE + 4 * BEND * wanted) - RISE) / (2 * BEND)
}

/** Part of a person's log-hazard that comes from the claim. */
export const interactionRisk = (
  form: InteractionForm,
  strength: number,
  responsible: boolean,
  donor: boolean,
): number => {
  const dependents = responsible ? DEPENDENTS_RISK : 0
  if (strength === 0) return dependents
  return dependents + hazardShift(interactionCells(form, strength)[responsible ? 1 : 0][donor ? 1 : 0])
}
