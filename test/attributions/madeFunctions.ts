/** Functions of rows whose Shapley values are known or can be counted out, and blocks of rows for them. */
import type { Predict } from '../../src/attributions/predict.ts'
import type { RowBlock } from '../../src/attributions/rowBlock.ts'
import type { Random } from '../../src/util/random.ts'

/** A model that is a function of one row. */
export const byRows =
  (f: (x: number[]) => number): Predict =>
  (values, rows) => {
    const columns = values.length / rows
    const x = new Array<number>(columns)
    const outputs = new Float64Array(rows)
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) x[j] = values[j * rows + i]!
      outputs[i] = f(x)
    }
    return outputs
  }

/** Interactions of two columns at most; the same in test/fixtures/sampling/make_sampling.py. */
export const pairsOf = (x: number[]): number => 0.5 * x[0]! - x[1]! * x[2]! + 0.25 * x[3]! ** 2 + x[4]! * x[0]!

/** Interactions of three columns, with steps; the same in test/fixtures/sampling/make_sampling.py. */
export const triplesOf = (x: number[]): number =>
  pairsOf(x) + x[0]! * x[1]! * x[3]! + (x[2]! > 0 && x[4]! > 0.5 ? 2 : 0)

/** Column after column, of rows in lists. */
export const blockOf = (rows: readonly (readonly number[])[]): RowBlock => ({
  rows: rows.length,
  values: Float64Array.from(
    { length: rows.length * rows[0]!.length },
    (_, k) => rows[k % rows.length]![Math.floor(k / rows.length)]!,
  ),
})

/** Rows of independent standard normal numbers. */
export const normalRows = (rows: number, columns: number, stream: Random): number[][] =>
  Array.from({ length: rows }, () => Array.from({ length: columns }, () => stream.normal()))

/** Shapley values by their definition: mean over all orders of the players of what each changes. */
export const overAllOrders = (value: (inside: boolean[]) => number, players: number): number[] => {
  const phi = new Array<number>(players).fill(0)
  const known = new Map<string, number>()
  const worth = (inside: boolean[]): number => {
    const key = inside.map(Number).join('')
    if (!known.has(key)) known.set(key, value(inside))
    return known.get(key)!
  }
  let orders = 0
  const visit = (order: number[]): void => {
    if (order.length < players) {
      for (let p = 0; p < players; p++) if (!order.includes(p)) visit([...order, p])
      return
    }
    orders++
    const inside = new Array<boolean>(players).fill(false)
    let before = worth(inside)
    for (const p of order) {
      inside[p] = true
      const after = worth(inside)
      phi[p]! += after - before
      before = after
    }
  }
  visit([])
  return phi.map((sum) => sum / orders)
}

/** Interventional Shapley values of one row over all orders. */
export const slowShapley = (
  f: (x: number[]) => number,
  row: readonly number[],
  background: readonly (readonly number[])[],
  playerOf: readonly number[] = row.map((_, j) => j),
): number[] =>
  overAllOrders(
    (inside) =>
      background.reduce((sum, other) => sum + f(row.map((x, j) => (inside[playerOf[j]!] ? x : other[j]!))), 0) /
      background.length,
    Math.max(...playerOf) + 1,
  )
