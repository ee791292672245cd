import { aucInGroup } from './aucInGroup.ts'
import type { AuditTable } from './auditRows.ts'
import { calibrationInGroup } from './calibrationInGroup.ts'
import { differenceFromOthers } from './differenceFromOthers.ts'
import type { GroupFigures } from './findings.ts'
import { type RowView, ratioOfSums } from './influence.ts'
import { type Bounds, meanInterval } from './intervals.ts'
import { type Rate, rateOf } from './rate.ts'

/** Rates of a group with what comparing them needs, and its figures as JSON. */
export interface GroupEstimates {
  view: RowView
  selectionRate: Rate
  truePositiveRate: Rate
  falsePositiveRate: Rate
  positivePredictiveValue: Rate
  figures: GroupFigures
}

/** 1 - x: low and high change places. */
export const complement = ({ value, low, high }: Bounds): Bounds => ({
  value: value === null ? null : 1 - value,
  low: high === null ? null : 1 - high,
  high: low === null ? null : 1 - low,
})

/**
 * Counts, rates and scores of one group of rows.
 * @param minCell fewest persons of each outcome for a calibration slope
 */
export const estimateGroup = (table: AuditTable, rows: Int32Array, minCell: number): GroupEstimates => {
  const { person, selected, target, score, risk, probability } = table
  const view: RowView = { rows, person }
  const everyRow = () => true
  const isSelected = (row: number) => selected[row] === 1
  const isGood = (row: number) => target[row] === 0
  const isBad = (row: number) => target[row] === 1
  const isLabeled = (row: number) => !Number.isNaN(target[row]!)
  const selectionRate = rateOf(view, everyRow, isSelected)
  const truePositiveRate = rateOf(view, isGood, isSelected)
  const falsePositiveRate = rateOf(view, isBad, isSelected)
  const positivePredictiveValue = rateOf(view, (row) => isSelected(row) && isLabeled(row), isGood)
  const badRate = rateOf(view, isLabeled, isBad)
  const labeled: RowView = { rows: rows.filter(isLabeled), person }
  const enough = Math.min(badRate.persons.hits, badRate.persons.misses) >= minCell
  const mean = (values: Float64Array, of: RowView) =>
    meanInterval(
      ratioOfSums(
        of,
        (row) => values[row]!,
        () => 1,
      ),
    )
  /** 0 bads among rows whose outcome nobody knows would be a finding. */
  const known = (n: number): number | null => (labeled.rows.length > 0 ? n : null)
  const NONE: Bounds = { value: null, low: null, high: null }
  const figures: GroupFigures = {
    rows: rows.length,
    persons: selectionRate.persons.all,
    goods: known(truePositiveRate.rows),
    bads: known(falsePositiveRate.rows),
    unlabeled: rows.length - labeled.rows.length,
    selected: selectionRate.hits,
    selectedGoods: known(truePositiveRate.hits),
    selectedBads: known(falsePositiveRate.hits),
    selectionRate: selectionRate.interval,
    truePositiveRate: truePositiveRate.interval,
    falsePositiveRate: falsePositiveRate.interval,
    positivePredictiveValue: positivePredictiveValue.interval,
    goodsRefused: complement(truePositiveRate.interval),
    badRate: badRate.interval,
    meanProbability: probability ? mean(probability, labeled) : NONE,
    calibration:
      probability && labeled.rows.length > 0 ? calibrationInGroup(probability, target, labeled, badRate, enough) : null,
    meanScore: mean(score, view),
    standardizedDifferenceFromOthers: differenceFromOthers(table.sums, score, view),
    auc: aucInGroup(risk, target, labeled),
  }
  return { view, selectionRate, truePositiveRate, falsePositiveRate, positivePredictiveValue, figures }
}
