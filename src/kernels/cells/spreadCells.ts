/**
 * Cells to rows of variables, some rows at a time. Each row is computed alone, from whole numbers added up exactly, so nothing depends
 * on threads, on the size of blocks, or on the order of a row's cells.
 */
import { type CellBlock, type CellProgram, VARIABLE_WIDTH } from './cellProgram.ts'
import { readValue } from './readValue.ts'
import { emptyTile, type SeriesTile, TILE } from './seriesTile.ts'

export interface SpreadJob {
  program: CellProgram
  block: CellBlock
  /** variables x capacity doubles, on shared memory where there are threads: variable j of row i at j * capacity + i */
  values: Float64Array
  capacity: number
}

/** Rows from .. to - 1 of a block. */
export const spreadCells = (
  { program, block, values, capacity }: SpreadJob,
  part: { from: number; to: number },
): void => {
  const { variables, divisors } = program
  const tile = emptyTile(program)
  const out = new Float64Array(TILE)
  for (let from = part.from; from < part.to; from += TILE) {
    const rows = Math.min(TILE, part.to - from)
    tile.fill(block, from, rows)
    for (let j = 0; j < divisors.length; j++) {
      const at = j * VARIABLE_WIDTH
      const window = variables[at + 2]!
      const longest = Math.max(window, variables[at + 4]!)
      readValue(tile, variables, at, divisors[j]!, out)
      hide(tile, block, from, rows, longest, variables[at + 5]!, variables[at + 6]!, out)
      const to = j * capacity + from
      for (let i = 0; i < rows; i++) values[to + i] = out[i]!
    }
    tile.empty()
  }
}

/** Missing where the sources do not cover the window, or where there was no exposure at any time. */
const hide = (
  tile: SeriesTile,
  block: CellBlock,
  from: number,
  rows: number,
  window: number,
  group: number,
  exposure: number,
  out: Float64Array,
): void => {
  const { slices } = tile
  // Everything there ever was needs no cover of its length, but a source that is of use.
  const needed = window >= slices ? 0 : window
  const cover = group * block.rows + from
  for (let i = 0; i < rows; i++) if (block.cover[cover + i]! < needed) out[i] = Number.NaN
  if (exposure < 0) return
  const ever = (exposure * slices + slices - 1) * TILE
  for (let i = 0; i < rows; i++) if (tile.count[ever + i] === 0) out[i] = Number.NaN
}
