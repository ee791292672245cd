import { describe, expect, it } from 'vitest'
import {
  CELL_OPS,
  type CellBlock,
  type CellOp,
  type CellProgram,
  SERIES_KINDS,
} from '../../../src/kernels/cells/cellProgram.ts'
import { spreadCells } from '../../../src/kernels/cells/spreadCells.ts'

/** Cells as rows: row, key, slice, count, sum, largest, last, first. */
type Cell = [
  row: number,
  key: number,
  slice: number,
  count: number,
  sum: number,
  largest: number,
  last: number,
  first: number,
]

const SLICES = 4
const blockOf = (
  rows: number,
  cells: readonly Cell[],
  cover: readonly number[] = new Array(rows).fill(9),
): CellBlock => {
  const sorted = [...cells].sort((a, b) => a[0] - b[0])
  const column = (k: number) => sorted.map((cell) => cell[k]!)
  return {
    rows,
    start: Int32Array.from({ length: rows + 1 }, (_, i) => sorted.filter((cell) => cell[0] < i).length),
    key: Int32Array.from(column(1)),
    slice: Int32Array.from(column(2)),
    count: Int32Array.from(column(3)),
    sum: Float64Array.from(column(4)),
    largest: Float64Array.from(column(5)),
    last: Int32Array.from(column(6)),
    first: Int32Array.from(column(7)),
    cover: Int16Array.from(cover),
  }
}

/** Series 0: key 0; series 1: keys 0 and 1; series 2: the level of key 2, series 3 that of key 3; series 4: the sum of both levels. */
const programOf = (
  variables: readonly (readonly [op: CellOp, series: number, window: number, other?: number, longer?: number])[],
  exposure = -1,
): CellProgram => ({
  slices: SLICES,
  kinds: Uint8Array.of(0, 0, SERIES_KINDS.level, SERIES_KINDS.level, SERIES_KINDS.levels),
  keyStart: Int32Array.of(0, 2, 3, 4, 5),
  keySeries: Int32Array.of(0, 1, 1, 2, 3),
  memberStart: Int32Array.of(0, 0, 0, 0, 0, 2),
  members: Int32Array.of(2, 3),
  variables: Int32Array.from(
    variables.flatMap(([op, series, window, other = -1, longer = 0]) => [
      CELL_OPS[op],
      series,
      window,
      other,
      longer,
      0,
      exposure,
    ]),
  ),
  divisors: new Float64Array(variables.length).fill(10),
})

const spread = (program: CellProgram, block: CellBlock, parts = [{ from: 0, to: block.rows }]): number[][] => {
  const capacity = block.rows + 3
  const variables = program.divisors.length
  const values = new Float64Array(variables * capacity).fill(77)
  for (const part of parts) spreadCells({ program, block, values, capacity }, part)
  return Array.from({ length: block.rows }, (_, i) =>
    Array.from({ length: variables }, (_, j) => values[j * capacity + i]!),
  )
}

const NaN_ = Number.NaN
const CELLS: Cell[] = [
  [0, 0, 0, 2, 30, 20, 1, 5],
  [0, 0, 2, 1, 60, 60, 70, 70],
  [0, 1, 1, 1, 10, 10, 40, 40],
  [0, 2, 1, 1, -50, 0, 40, 40],
  [0, 3, 3, 1, 200, 200, 900, 900],
]

describe('cells to variables', () => {
  it.each<[CellOp, number, number, number, number, number]>([
    ['count', 0, 1, -1, 0, 2],
    ['count', 1, 3, -1, 0, 4],
    ['sum', 1, 2, -1, 0, 4],
    ['mean', 0, 3, -1, 0, 3],
    ['largest', 0, 1, -1, 0, 2],
    ['largest', 0, 4, -1, 0, 6],
    ['active', 0, 3, -1, 0, 2],
    ['peak', 1, 3, -1, 0, 6],
    // sums 30, 0, 60: mean 30, deviations 0, 30, 30
    ['variation', 0, 3, -1, 0, Math.sqrt(600) / 30],
    ['last', 1, 3, -1, 0, 1],
    ['first', 1, 3, -1, 0, 70],
    ['flag', 0, 1, -1, 0, 1],
    ['countShare', 0, 2, 1, 0, 2 / 3],
    ['sumShare', 0, 2, 1, 0, 0.75],
    ['net', 1, 2, 0, 0, 1],
    ['countTrend', 0, 1, -1, 3, 2],
    ['sumTrend', 0, 1, -1, 3, 1],
    ['now', 2, 4, -1, 0, -5],
    ['now', 4, 4, -1, 0, 15],
    ['levelMean', 4, 3, -1, 0, (15 + 15 + 20) / 3],
    ['levelLeast', 4, 3, -1, 0, 15],
    ['levelMost', 4, 3, -1, 0, 20],
    ['change', 4, 2, -1, 0, -5],
    ['change', 2, 2, -1, 0, NaN_],
  ])('%s of series %i over %i slices', (op, series, window, other, longer, expected) => {
    const [row] = spread(programOf([[op, series, window, other, longer]]), blockOf(1, CELLS))
    if (Number.isNaN(expected)) expect(row![0]).toBeNaN()
    else expect(row![0]).toBeCloseTo(expected, 12)
  })

  it('nothing is 0 or missing', () => {
    const ops = (Object.keys(CELL_OPS) as CellOp[]).map((op): [CellOp, number, number, number, number] => [
      op,
      ['now', 'levelMean', 'levelLeast', 'levelMost', 'change'].includes(op) ? 4 : 0,
      2,
      1,
      3,
    ])
    const [row] = spread(programOf(ops), blockOf(1, []))
    const zero = ['count', 'sum', 'active', 'peak', 'flag', 'net']
    ops.forEach(([op], j) => {
      expect(row![j], op).toBe(zero.includes(op) ? 0 : NaN_)
    })
  })

  it('rows do not see each other, whatever the parts, and the order of cells does not matter', () => {
    const program = programOf([
      ['sum', 1, 4],
      ['now', 4, 4],
      ['last', 1, 4],
    ])
    const rows = 29
    const cells = Array.from({ length: 300 }, (_, k): Cell => {
      const key = k % 4
      const slice = (k * 7) % 4
      return [(k * 13) % rows, key, slice, 1 + (k % 3), k - 100, k, slice * 30 + 1, slice * 30 + 9]
    })
    // One cell for each row, key and slice, as the engine makes them.
    const distinct = [...new Map(cells.map((cell) => [cell.slice(0, 3).join(), cell])).values()]
    const whole = spread(program, blockOf(rows, distinct))
    const parts = [
      { from: 0, to: 5 },
      { from: 5, to: 21 },
      { from: 21, to: 29 },
    ]
    expect(spread(program, blockOf(rows, distinct), parts)).toEqual(whole)
    expect(spread(program, blockOf(rows, [...distinct].reverse()))).toEqual(whole)
    whole.forEach((row, i) => {
      const alone = distinct.filter((cell) => cell[0] === i).map((cell): Cell => [0, ...cell.slice(1)] as Cell)
      expect(spread(program, blockOf(1, alone))[0]).toEqual(row)
    })
  })

  it('hides windows that are not covered, and rows without exposure', () => {
    const variables = [
      ['count', 0, 2],
      ['count', 0, 3],
      ['count', 0, 4],
    ] as const
    expect(spread(programOf(variables), blockOf(2, CELLS, [2, -1]))).toEqual([
      [2, NaN_, 3],
      [NaN_, NaN_, NaN_],
    ])
    expect(spread(programOf(variables, 1), blockOf(2, CELLS))).toEqual([
      [2, 3, 3],
      [NaN_, NaN_, NaN_],
    ])
  })
})
