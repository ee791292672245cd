/**
 * Cells to rows of variables, some rows at a time. Each row is computed alone, from whole numbers added up exactly, so nothing depends
 * on threads, on the size of blocks, or on the order of a row's cells.
 */
import { type CellBlock, type CellProgram, VARIABLE_WIDTH } from './cellProgram.ts'
import { readValue } from './readValue.ts'
import { emptyTile, TILE } from './seriesTile.ts'

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
  const { variables, divisors, slices } = program
  const tile = emptyTile(program)
  const out = new Float64Array(TILE)
  const groups = block.cover.length / block.rows
  const leastCover = new Int32Array(groups)
  for (let from = part.from; from < part.to; from += TILE) {
    const rows = Math.min(TILE, part.to - from)
    tile.fill(block, from, rows)
    for (let g = 0; g < groups; g++) {
      leastCover[g] = slices
      for (let i = 0; i < rows; i++) leastCover[g] = Math.min(leastCover[g]!, block.cover[g * block.rows + from + i]!)
    }
    for (let j = 0; j < divisors.length; j++) {
      const at = j * VARIABLE_WIDTH
      readValue(tile, variables, at, divisors[j]!, out)
      const longest = Math.max(variables[at + 2]!, variables[at + 4]!)
      // Everything there ever was needs no cover of its length, but a source that is of use.
      const needed = longest >= slices ? 0 : longest
      const group = variables[at + 5]!
      if (leastCover[group]! < needed)
        for (let i = 0; i < rows; i++) if (block.cover[group * block.rows + from + i]! < needed) out[i] = Number.NaN
      const exposure = variables[at + 6]!
      if (exposure >= 0) {
        const ever = (exposure * slices + slices - 1) * TILE
        for (let i = 0; i < rows; i++) if (tile.count[ever + i] === 0) out[i] = Number.NaN
      }
      const to = j * capacity + from
      for (let i = 0; i < rows; i++) values[to + i] = out[i]!
    }
    tile.empty()
  }
  tile.giveBack()
}
