/** Tasks of binChunks: a block of rows is `capacity` doubles a column, of which `rows` are set. */
import type { TaskThread } from '../taskThread.ts'
import { binValues } from './bin.ts'
import type { BinnedColumn } from './binnedMatrix.ts'
import { binCategories } from './binPart.ts'
import { addToCompiled, type CompiledSketch, compiledEdges } from './compiledSketch.ts'
import { addToSketch, type SketchState, sketchEdges } from './quantileSketch.ts'

export interface RowBlock {
  values: Float64Array
  capacity: number
  rows: number
}

/** Columns from .. to - 1. */
export interface ColumnPart {
  from: number
  to: number
}

/** A sketch of either kind; the compiled one needs scratch for each thread. */
export type AnySketch =
  | { readable: SketchState; compiled?: never }
  | { compiled: CompiledSketch; scratch: readonly number[] }

const columnOf = (block: RowBlock, j: number): Float64Array =>
  block.values.subarray(j * block.capacity, j * block.capacity + block.rows)

/** Takes a block into the sketches of some columns. */
export const sketchPart = (
  { block, sketch, category }: { block: RowBlock; sketch: AnySketch; category: Uint8Array },
  part: ColumnPart,
  thread: TaskThread,
): void => {
  for (let j = part.from; j < part.to; j++) {
    if (category[j]) continue
    const values = columnOf(block, j)
    if (sketch.compiled) addToCompiled(thread.core, sketch.compiled, j, values, sketch.scratch[thread.index]!)
    else addToSketch(sketch.readable, j, values)
  }
}

/** Edges of some columns, out of their sketches. */
export const sketchEdgesPart = (
  { sketch }: { sketch: AnySketch },
  part: ColumnPart,
  thread: TaskThread,
): Float64Array[] =>
  Array.from({ length: part.to - part.from }, (_, k) =>
    sketch.compiled
      ? compiledEdges(thread.core, sketch.compiled, part.from + k, sketch.scratch[thread.index]!)
      : sketchEdges(sketch.readable, part.from + k),
  )

/** Doubles of the table of edges that a column has in the memory of the kernels (assembly/binning.ts). */
export const EDGE_TABLE = 256

/** Bytes and edges, in arrays or in the memory of the kernels. */
export type BlockBins =
  | { bytes: Uint8Array; edges: readonly Float64Array[]; tables?: never }
  /** `tables`: EDGE_TABLE doubles a column; `steps` that a search of each takes; scratch of each thread: ten bytes a row of a block */
  | { bytes: number; tables: number; steps: Uint8Array; scratch: readonly number[] }

export interface BinBlockJob {
  block: RowBlock
  /** the block's first row in the matrix, and the rows of the matrix */
  first: number
  rows: number
  category: Uint8Array
  bins: BlockBins
}

/** Bins of a block for some columns; returns the bins that categories need, 0 for numbers. */
export const binBlockPart = (job: BinBlockJob, part: ColumnPart, thread: TaskThread): BinnedColumn['bins'][] => {
  const { block, bins, category } = job
  const { rows } = block
  return Array.from({ length: part.to - part.from }, (_, k) => {
    const j = part.from + k
    const values = columnOf(block, j)
    const at = j * job.rows + job.first
    const place = { column: j, row: job.first }
    if (bins.tables === undefined) {
      const bytes = bins.bytes.subarray(at, at + rows)
      if (category[j]) return binCategories(values, bytes, place)
      binValues(values, bins.edges[j]!, bytes)
      return 0
    }
    const { kernels, memory } = thread.core
    if (category[j]) return binCategories(values, new Uint8Array(memory.buffer, bins.bytes + at, rows), place)
    const tile = bins.scratch[thread.index]!
    new Float64Array(memory.buffer, tile, rows).set(values)
    const table = bins.tables + 8 * EDGE_TABLE * j
    kernels['binTile']!(tile, rows, table, bins.steps[j]!, tile + 8 * rows, bins.bytes + at)
    return 0
  })
}
