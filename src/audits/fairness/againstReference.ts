import { rateDifference, rateRatio } from './compareRates.ts'
import type { GroupEstimates } from './estimateGroup.ts'
import type { AgainstReference } from './findings.ts'
import type { Bounds } from './intervals.ts'
import { standardizedDifference } from './standardizedDifference.ts'
import { differs, fourFifths } from './verdicts.ts'

/** -x: low and high change places. */
const negative = ({ value, low, high }: Bounds): Bounds => times({ value, low: high, high: low }, -1)

const times = ({ value, low, high }: Bounds, factor: number): Bounds => {
  const one = (x: number | null) => (x === null ? null : x * factor)
  return { value: one(value), low: one(low), high: one(high) }
}

/** Everything that is said of a group beside the reference. */
export const againstReference = (
  group: GroupEstimates,
  reference: GroupEstimates,
  score: Float64Array,
  minCell: number,
): AgainstReference => {
  const compare = (rate: 'selectionRate' | 'truePositiveRate' | 'falsePositiveRate' | 'positivePredictiveValue') => {
    const difference = rateDifference(group[rate], reference[rate])
    return { difference, answer: differs(difference, group[rate], reference[rate], minCell) }
  }
  const ratio = rateRatio(group.selectionRate, reference.selectionRate)
  const selection = compare('selectionRate')
  const goods = compare('truePositiveRate')
  const bads = compare('falsePositiveRate')
  const predictive = compare('positivePredictiveValue')
  const refused = negative(goods.difference)
  return {
    adverseImpactRatio: ratio,
    ...fourFifths(ratio, group.selectionRate, reference.selectionRate, minCell),
    selectionRateDifference: selection.difference,
    selectionRateAnswer: selection.answer,
    truePositiveRateDifference: goods.difference,
    truePositiveRateAnswer: goods.answer,
    falsePositiveRateDifference: bads.difference,
    falsePositiveRateAnswer: bads.answer,
    positivePredictiveValueDifference: predictive.difference,
    positivePredictiveValueAnswer: predictive.answer,
    goodsRefusedDifference: refused,
    extraGoodsRefused: times(refused, group.figures.goods ?? 0),
    standardizedDifference: standardizedDifference(score, group.view, reference.view),
  }
}
