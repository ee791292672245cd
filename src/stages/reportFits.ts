/** What a training noted of a fit, as the report shows it: how boosting was trained, and the falls of AUC under shuffled factors. */
import { z } from 'zod'
import type { ReportedBoosting, ReportedPermutation } from '../reports/runReport.ts'

const boostingReport = z.looseObject({
  rounds: z.number(),
  leavesPerTree: z.number(),
  validation: z.looseObject({ rows: z.number(), logLoss: z.array(z.number()), stoppedEarly: z.boolean() }).optional(),
  importance: z.array(z.looseObject({ column: z.string(), splits: z.number(), gain: z.number() })),
  options: z.looseObject({ rounds: z.number() }),
})
const number = z.number().nullable()
const permutation = z.looseObject({
  repeats: z.number(),
  columns: z.array(z.looseObject({ name: z.string(), drop: number, low: number, high: number })),
})

/** Absent where it is no report of boosting. */
export const reportedBoosting = (name: string, report: unknown): ReportedBoosting | undefined => {
  if (name !== 'boosting') return undefined
  const { success, data } = boostingReport.safeParse(report)
  if (!success) return undefined
  const { rounds, leavesPerTree, validation, importance, options } = data
  return {
    rounds,
    mostRounds: options.rounds,
    leavesPerTree,
    validation: validation
      ? {
          rows: validation.rows,
          logLoss: validation.logLoss[rounds - 1]!,
          stoppedEarly: validation.stoppedEarly,
          rounds: validation.logLoss.map((logLoss, k) => ({ round: k + 1, logLoss })),
        }
      : null,
    gains: importance.map(({ column, splits, gain }) => ({ column, splits, gain })),
  }
}

/** The largest fall first; absent where none was measured. */
export const reportedPermutation = (found: unknown): ReportedPermutation | undefined => {
  const { success, data } = permutation.safeParse(found)
  if (!success) return undefined
  return {
    repeats: data.repeats,
    factors: data.columns
      .map(({ name, drop, low, high }) => ({ factor: name, drop: { value: drop, low, high } }))
      .sort((a, b) => (b.drop.value ?? 0) - (a.drop.value ?? 0)),
  }
}
