import { aucInGroup } from './aucInGroup.ts'
import type { AuditTable } from './auditRows.ts'
import { calibrationInGroup } from './calibrationInGroup.ts'
import type { GroupFigures } from './findings.ts'
import { type RowView, ratioOfSums } from './influence.ts'
import { type Bounds, normalInterval } from './intervals.ts'
import { type Rate, rateOf } from './rate.ts'
import { standardizedDifference } from './standardizedDifference.ts'

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
    normalInterval(
      ratioOfSums(
        of,
        (row) => values[row]!,
        () => 1,
      ),
    )
  const NONE: Bounds = { value: null, low: null, high: null }
  const figures: GroupFigures = {
    rows: rows.length,
    persons: selectionRate.persons.all,
    goods: truePositiveRate.rows,
    bads: falsePositiveRate.rows,
    unlabeled: rows.length - labeled.rows.length,
    selected: selectionRate.hits,
    selectedGoods: truePositiveRate.hits,
    selectedBads: falsePositiveRate.hits,
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
    standardizedDifferenceFromOthers: standardizedDifference(score, view, {
      rows: othersThan(rows, table.rows),
      person,
    }),
    auc: aucInGroup(risk, target, labeled),
  }
  return { view, selectionRate, truePositiveRate, falsePositiveRate, positivePredictiveValue, figures }
}

/** The rows that are not among these; both ascending. */
const othersThan = (rows: Int32Array, all: number): Int32Array => {
  const others = new Int32Array(all - rows.length)
  let k = 0
  let j = 0
  for (let row = 0; row < all; row++) {
    if (rows[k] === row) k++
    else others[j++] = row
  }
  return others
}
