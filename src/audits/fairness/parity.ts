import { rateDifference, rateRatio } from './compareRates.ts'
import type { GroupEstimates } from './estimateGroup.ts'
import type { Extreme, Parity } from './findings.ts'
import type { Bounds } from './intervals.ts'
import type { Rate } from './rate.ts'

/** A group with its label. */
export interface LabeledGroup {
  label: string
  estimates: GroupEstimates
}

type RateName = 'selectionRate' | 'truePositiveRate' | 'falsePositiveRate'

const NONE: Extreme = { value: null, low: null, high: null, highest: null, lowest: null }

/**
 * demographic_parity_difference and _ratio, equal_opportunity_difference and equalized_odds_difference of Fairlearn (between
 * groups, worst case), called with y = good and prediction = selected; equal opportunity and equalized odds are those of Hardt,
 * Price & Srebro 2016 (arXiv:1610.02413). A rate of fewer persons than `least` in a
 * group leaves that group out of it.
 *
 * @param least fewest persons, 1 or more
 */
export const parityOf = (groups: readonly LabeledGroup[], least: number): Parity => {
  const goods = extremesOf(groups, least, 'truePositiveRate', rateDifference)
  const bads = extremesOf(groups, least, 'falsePositiveRate', rateDifference)
  return {
    demographicParityDifference: extremesOf(groups, least, 'selectionRate', rateDifference),
    demographicParityRatio: extremesOf(groups, least, 'selectionRate', (high, low) => rateRatio(low, high)),
    equalOpportunityDifference: goods,
    equalizedOddsDifference: (bads.value ?? -1) > (goods.value ?? -1) ? bads : goods,
  }
}

/** Compares the groups with the highest and the lowest rate. */
const extremesOf = (
  groups: readonly LabeledGroup[],
  least: number,
  name: RateName,
  compare: (highest: Rate, lowest: Rate) => Bounds,
): Extreme => {
  const defined = groups.filter((g) => g.estimates[name].persons.all >= least)
  if (defined.length < 2) return NONE
  const rate = (g: LabeledGroup) => g.estimates[name]
  const highest = defined.reduce((best, g) => (rate(g).value > rate(best).value ? g : best))
  const lowest = defined.reduce((best, g) => (rate(g).value < rate(best).value ? g : best))
  // All rates are one: there is no pair whose interval it could be.
  if (highest === lowest) return { ...NONE, value: compare(rate(highest), rate(lowest)).value }
  return { ...compare(rate(highest), rate(lowest)), highest: highest.label, lowest: lowest.label }
}
