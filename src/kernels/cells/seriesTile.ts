/** The series of a few rows side by side: what happened in each slice, and over each window. */
import { type CellBlock, type CellProgram, SERIES_KINDS } from './cellProgram.ts'

/** Rows of a tile: one cache line of doubles. */
export const TILE = 8

/** Series x slices x TILE numbers each; position ((series * slices) + slice) * TILE + row. */
export interface SeriesTile {
  readonly slices: number
  /** of a flow: how often up to and with this slice, the latest first */
  readonly count: Float64Array
  /** how much in this slice alone */
  readonly inSlice: Float64Array
  /** how much up to and with this slice */
  readonly sum: Float64Array
  /** the largest amount up to and with this slice, -Infinity for none */
  readonly largest: Float64Array
  /** slices up to and with this one that had any */
  readonly active: Float64Array
  /** of a level: at the end of this slice; NaN = unknown */
  readonly level: Float64Array
  /** series x TILE: least and greatest age; Infinity and -Infinity for none */
  readonly last: Float64Array
  readonly first: Float64Array
  /** takes the cells of some rows of a block */
  fill(block: CellBlock, from: number, rows: number): void
  /** makes it as it was before */
  empty(): void
}

export const emptyTile = (program: CellProgram): SeriesTile => {
  const { slices, kinds, keyStart, keySeries, memberStart, members } = program
  const series = kinds.length
  const stride = slices * TILE
  const cube = (value: number) => new Float64Array(series * stride).fill(value)
  const count = cube(0)
  const inSlice = cube(0)
  const sum = cube(0)
  const largest = cube(Number.NEGATIVE_INFINITY)
  const active = cube(0)
  const level = cube(Number.NaN)
  const last = new Float64Array(series * TILE).fill(Number.POSITIVE_INFINITY)
  const first = new Float64Array(series * TILE).fill(Number.NEGATIVE_INFINITY)
  /** series that have a cell in this tile */
  const touched = new Uint8Array(series)

  const place = (block: CellBlock, cell: number, row: number): void => {
    const key = block.key[cell]!
    const slice = block.slice[cell]!
    for (let k = keyStart[key]!; k < keyStart[key + 1]!; k++) {
      const s = keySeries[k]!
      const at = s * stride + slice * TILE + row
      touched[s] = 1
      if (kinds[s] === SERIES_KINDS.level) level[at] = block.sum[cell]!
      count[at]! += block.count[cell]!
      inSlice[at]! += block.sum[cell]!
      largest[at] = Math.max(largest[at]!, block.largest[cell]!)
      const age = s * TILE + row
      last[age] = Math.min(last[age]!, block.last[cell]!)
      first[age] = Math.max(first[age]!, block.first[cell]!)
    }
  }

  /** From slices to windows; a level stands until the next. */
  const accumulate = (s: number): void => {
    const from = s * stride
    for (let i = 0; i < TILE; i++) {
      sum[from + i] = inSlice[from + i]!
      active[from + i] = count[from + i]! > 0 ? 1 : 0
    }
    for (let at = from + TILE; at < from + stride; at++) {
      const before = at - TILE
      active[at] = active[before]! + (count[at]! > 0 ? 1 : 0)
      count[at]! += count[before]!
      sum[at] = sum[before]! + inSlice[at]!
      if (largest[before]! > largest[at]!) largest[at] = largest[before]!
    }
    if (kinds[s] === SERIES_KINDS.level)
      for (let at = from + stride - TILE - 1; at >= from; at--)
        if (Number.isNaN(level[at]!)) level[at] = level[at + TILE]!
  }

  const addLevels = (s: number): void => {
    const from = s * stride
    for (let k = memberStart[s]!; k < memberStart[s + 1]!; k++) {
      const m = members[k]!
      if (!touched[m]) continue
      touched[s] = 1
      for (let at = 0; at < stride; at++) {
        const part = level[m * stride + at]!
        if (Number.isNaN(part)) continue
        const whole = level[from + at]!
        level[from + at] = Number.isNaN(whole) ? part : whole + part
      }
    }
  }

  return {
    slices,
    count,
    inSlice,
    sum,
    largest,
    active,
    level,
    last,
    first,
    fill(block, start, rows) {
      for (let i = 0; i < rows; i++)
        for (let cell = block.start[start + i]!; cell < block.start[start + i + 1]!; cell++) place(block, cell, i)
      for (let s = 0; s < series; s++) {
        if (kinds[s] === SERIES_KINDS.levels) addLevels(s)
        else if (touched[s]) accumulate(s)
      }
    },
    empty() {
      for (let s = 0; s < series; s++) {
        if (!touched[s]) continue
        touched[s] = 0
        const from = s * stride
        const to = from + stride
        for (const zero of [count, inSlice, sum, active]) zero.fill(0, from, to)
        largest.fill(Number.NEGATIVE_INFINITY, from, to)
        level.fill(Number.NaN, from, to)
        last.fill(Number.POSITIVE_INFINITY, s * TILE, (s + 1) * TILE)
        first.fill(Number.NEGATIVE_INFINITY, s * TILE, (s + 1) * TILE)
      }
    },
  }
}
