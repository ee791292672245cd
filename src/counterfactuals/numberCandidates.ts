/** The values that a number factor may be moved to, as far as the search must look at them. */
import type { FactorSpec } from '../schema/factor.ts'
import { usageError } from '../util/errors.ts'
import type { FactorRule } from './factorRule.ts'
import { lattice } from './lattice.ts'
import { monthsAtRate, windowFloors } from './monthsNeeded.ts'
import type { FactorReference } from './reference.ts'

/** A number factor of one person that is there. */
export interface NumberFactor {
  spec: FactorSpec
  own: number
  rule: FactorRule
  reference: FactorReference
  /** of the whole component of linked factors: the smallest of their steps */
  step: number
  /** values of the same events over other windows */
  siblings: readonly { days: number; value: number }[]
}

/** Values that a factor may take within the months: multiples of its step, and what it is. */
export interface Allowed {
  low: number
  high: number
  /** months that must pass for a value */
  monthsFor(value: number): number
}

const MOST_VALUES = 200_000

/** How far a factor may move: its way, the definition, the usual range of the reference, and what the months allow. */
export const allowedValues = ({ spec, own, rule, reference, siblings }: NumberFactor, months: number): Allowed => {
  const least = Math.max(reference.low, rule.min ?? Number.NEGATIVE_INFINITY)
  const most = Math.min(reference.high, rule.max ?? Number.POSITIVE_INFINITY)
  const down = rule.change === 'free' || rule.change === 'down' || rule.change === 'time'
  const up = rule.change === 'free' || rule.change === 'up'
  const { windowDays } = rule
  const floors =
    windowDays === undefined ? undefined : windowFloors(own, windowDays, siblings, months, spec.bands ? 1 : 0)
  return {
    low: down ? Math.min(own, least) : own,
    high: up ? Math.max(own, most) : own,
    monthsFor: (value) => {
      const rate = monthsAtRate(rule, own, value, spec.bands)
      if (value >= own || floors === undefined) return rate
      const left = floors.findIndex((floor) => floor <= value)
      return left < 0 ? Number.POSITIVE_INFINITY : Math.max(rate, left)
    },
  }
}

/**
 * Values to look at, ascending, the person's own among them: of each stretch between cuts the one nearest to it; and the neighbors of `also`.
 * @param cuts where the score can change; `everywhere`: every value counts
 * @param also values of linked factors, which may stop this one
 */
export const numberCandidates = (
  factor: NumberFactor,
  allowed: Allowed,
  cuts: readonly number[] | 'everywhere',
  also: readonly number[],
  months: number,
): Float64Array => {
  const { own, step, spec } = factor
  const { at, below, above } = lattice(step)
  const { low, high, monthsFor } = allowed
  const values = new Set<number>([own])
  const add = (value: number): void => {
    if (value >= low && value <= high && monthsFor(value) <= months) values.add(value)
  }
  if (cuts === 'everywhere') {
    const [first, last] = [above(low), below(high)]
    if (last - first > MOST_VALUES)
      throw usageError('a factor has too many values to try', {
        column: spec.name,
        expected: `at most ${MOST_VALUES} steps between its lowest and highest value`,
        got: last - first,
        hint: 'give its reference a larger step',
      })
    for (let k = first; k <= last; k++) add(at(k))
  } else
    for (const cut of cuts)
      if (cut < low || cut > high) continue
      else add(cut < own ? at(below(cut)) : at(below(cut) + 1))
  for (const value of also) {
    add(at(below(value)))
    add(at(above(value)))
  }
  return Float64Array.from(values).sort()
}
