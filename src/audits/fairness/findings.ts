/** What an audit of fairness says: written as fairness.json, shown as fairness.html. Plain JSON; undefined figures are null. */
import type { Banding } from './bandNumbers.ts'
import type { GroupCalibration } from './calibrationInGroup.ts'
import type { Bounds } from './intervals.ts'

/** The answer on the four-fifths line: an interval on one side of 0.8, or no answer. */
export type FourFifths = 'below four fifths' | 'at or above four fifths' | 'not enough evidence'

/** The answer on a difference: an interval on one side of 0, across it, or too few persons for one. */
export type Difference = 'higher' | 'lower' | 'no difference shown' | 'not enough evidence'

/** Why there is no answer on the four-fifths line. */
export type NoAnswer =
  | { because: 'interval' }
  /** fewer persons than asked for in a cell */
  | { because: 'cell'; of: 'group' | 'reference'; cell: 'selected' | 'not selected'; persons: number }

/** Counts and figures of one group. The event of the rates is to be selected, and the right selection is of a good row. */
export interface GroupFigures {
  rows: number
  persons: number
  /** null, like the other counts of outcomes, where no outcome is known */
  goods: number | null
  bads: number | null
  /** rows whose outcome is not known: in counts, selection rate and scores alone */
  unlabeled: number
  selected: number
  selectedGoods: number | null
  selectedBads: number | null
  /** share of rows that are selected */
  selectionRate: Bounds
  /** TPR: share of goods that are selected */
  truePositiveRate: Bounds
  /** FPR: share of bads that are selected */
  falsePositiveRate: Bounds
  /** PPV: share of goods among the selected rows with an outcome */
  positivePredictiveValue: Bounds
  /** 1 - TPR: share of goods that are refused, the harm to those who would have repaid */
  goodsRefused: Bounds
  /** observed share of bad */
  badRate: Bounds
  /** mean probability of bad of rows with an outcome */
  meanProbability: Bounds
  calibration: GroupCalibration | null
  meanScore: Bounds
  /** against everybody who is not in the group, in pooled standard deviations */
  standardizedDifferenceFromOthers: Bounds
  /** ranking within the group, by the margin of a model or by the score of a file */
  auc: Bounds
}

/** A group beside the reference group. */
export interface AgainstReference {
  /** selection rate over that of the reference */
  adverseImpactRatio: Bounds
  fourFifths: FourFifths
  noAnswer: NoAnswer | null
  selectionRateDifference: Bounds
  selectionRateAnswer: Difference
  truePositiveRateDifference: Bounds
  truePositiveRateAnswer: Difference
  falsePositiveRateDifference: Bounds
  falsePositiveRateAnswer: Difference
  positivePredictiveValueDifference: Bounds
  positivePredictiveValueAnswer: Difference
  /** share of goods refused minus that of the reference */
  goodsRefusedDifference: Bounds
  /** goods of the group that are refused beyond what the reference's share would refuse; below 0: fewer */
  extraGoodsRefused: Bounds
  /** of scores, in pooled standard deviations, group minus reference */
  standardizedDifference: Bounds
}

export interface AuditedGroup extends GroupFigures {
  label: string
  levels: string[]
  missing: boolean
  /** enough persons selected and not selected for an answer on ratios */
  enough: boolean
  /** null for the reference itself, and where there is none */
  againstReference: AgainstReference | null
}

/** Difference or ratio of the two groups that are furthest apart; a value without groups and interval where all rates are one. */
export interface Extreme extends Bounds {
  highest: string | null
  lowest: string | null
}

/**
 * The figures over all groups under the names of Fairlearn. The interval is that of the two groups named, as if they had not
 * been chosen for being furthest apart: with many or small groups the figure itself is too large.
 */
export interface Parity {
  demographicParityDifference: Extreme
  demographicParityRatio: Extreme
  equalOpportunityDifference: Extreme
  equalizedOddsDifference: Extreme
}

/** One attribute, or several at once. */
export interface AuditedGrouping {
  attributes: string[]
  banding: Banding | null
  reference: { label: string; because: 'given' | 'highest rate' | 'highest rate of small groups' } | null
  groups: AuditedGroup[]
  /** position of the enough group with the lowest ratio; null when no other than the reference is enough */
  lowest: number | null
  parity: { all: Parity; enough: Parity }
  /** ratio of the group of the row to that of the column; null for more groups than are compared each with each */
  pairwise: Bounds[][] | null
}

/** Everything found of one model: all rows, each attribute, and each pair of attributes. */
export interface ModelFairness {
  model: string
  overall: GroupFigures
  attributes: AuditedGrouping[]
  intersections: AuditedGrouping[]
}
