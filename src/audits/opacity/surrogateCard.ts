/** A scorecard of few factors that says what a model says: points for each bin of each factor, added up. */
import { choleskyLeavingOut, choleskySolve } from '../../kernels/numbers/cholesky.ts'
import type { CodedColumns } from './regressionTree.ts'

/** The scorecard after each step. */
export interface CardStep {
  /** position of the factor that came in */
  column: number
  /** what the card says of any rows with the same columns */
  read(columns: CodedColumns): Float64Array
}

/** Products of the bins with each other and with what is fitted: a bin is a column that is 1 on its rows. */
const productsOf = ({ rows, bins, codes }: CodedColumns, y: Float64Array) => {
  const start = [0]
  for (const size of bins) start.push(start.at(-1)! + size)
  const n = start.at(-1)!
  const together = new Float64Array(n * n)
  const withY = new Float64Array(n)
  const at = new Int32Array(bins.length)
  for (let i = 0; i < rows; i++) {
    for (let c = 0; c < codes.length; c++) at[c] = start[c]! + codes[c]![i]!
    for (let c = 0; c < codes.length; c++) {
      withY[at[c]!]! += y[i]!
      for (let d = 0; d <= c; d++) together[at[c]! * n + at[d]!]!++
    }
  }
  return { start, n, together, withY }
}

/**
 * Greedy least squares: at each step the factor whose bins leave the least squared error beside those that are in comes in, and all points are
 * fitted again. Deterministic; ties go to the earlier factor.
 * @param most factors at most
 */
export const growCard = (columns: CodedColumns, y: Float64Array, most: number): CardStep[] => {
  const mean = y.reduce((a, b) => a + b, 0) / y.length
  const centered = y.map((v) => v - mean)
  const { start, n, together, withY } = productsOf(columns, centered)
  const binsOf = (chosen: readonly number[]): number[] =>
    chosen.flatMap((c) => Array.from({ length: columns.bins[c]! }, (_, k) => start[c]! + k))
  const solve = (chosen: readonly number[]): { points: Float64Array; explained: number; at: number[] } => {
    const at = [...binsOf(chosen)].filter((bin) => together[bin * n + bin]! > 0)
    const size = at.length
    const gram = new Float64Array(size * size)
    for (let i = 0; i < size; i++)
      for (let j = 0; j <= i; j++) {
        const [a, b] = [Math.max(at[i]!, at[j]!), Math.min(at[i]!, at[j]!)]
        gram[i * size + j] = together[a * n + b]!
      }
    const points = Float64Array.from(at, (bin) => withY[bin]!)
    choleskyLeavingOut(gram, size, 1e-9)
    choleskySolve(gram, size, points)
    return { points, explained: points.reduce((sum, p, k) => sum + p * withY[at[k]!]!, 0), at }
  }
  const chosen: number[] = []
  const steps: CardStep[] = []
  while (chosen.length < Math.min(most, columns.bins.length)) {
    let best: { column: number; explained: number } | undefined
    for (let c = 0; c < columns.bins.length; c++) {
      if (chosen.includes(c)) continue
      const { explained } = solve([...chosen, c])
      if (!best || explained > best.explained) best = { column: c, explained }
    }
    chosen.push(best!.column)
    const { points, at } = solve(chosen)
    const ofBin = new Float64Array(n)
    at.forEach((bin, k) => {
      ofBin[bin] = points[k]!
    })
    const own = [...chosen]
    steps.push({
      column: best!.column,
      read: ({ rows, codes }) =>
        Float64Array.from({ length: rows }, (_, i) =>
          own.reduce((sum, c) => sum + ofBin[start[c]! + codes[c]![i]!]!, mean),
        ),
    })
  }
  return steps
}
