/** Tasks of binChunks: a block of rows is `capacity` doubles a column, of which `rows` are set. */
import type { TaskThread } from '../taskThread.ts'
import type { BinnedColumn } from './binnedMatrix.ts'
import { binCategories } from './binPart.ts'
import { compiledColumn } from './compiledColumn.ts'
import { addToSketch, type SketchState, sketchEdges } from './quantileSketch.ts'
import { readableColumn } from './readableColumn.ts'

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

/** Takes a block into the sketches of some columns. */
export const sketchPart = (
  { block, sketch, category }: { block: RowBlock; sketch: SketchState; category: Uint8Array },
  part: ColumnPart,
): void => {
  for (let j = part.from; j < part.to; j++) {
    const start = j * block.capacity
    if (!category[j]) addToSketch(sketch, j, block.values.subarray(start, start + block.rows))
  }
}

/** Edges of some columns, out of their sketches. */
export const sketchEdgesPart = ({ sketch }: { sketch: SketchState }, part: ColumnPart): Float64Array[] =>
  Array.from({ length: part.to - part.from }, (_, k) => sketchEdges(sketch, part.from + k))

export interface BinBlockJob {
  block: RowBlock
  /** the block's first row in the matrix, and the rows of the matrix */
  first: number
  rows: number
  category: Uint8Array
  edges: readonly Float64Array[]
  /** as in BinJob */
  bins: Uint8Array | number
  scratch: readonly number[]
}

/** Bins of a block for some columns; returns the bins that categories need. */
export const binBlockPart = (job: BinBlockJob, part: ColumnPart, thread: TaskThread): BinnedColumn['bins'][] => {
  const { block, bins, edges, category } = job
  const out: number[] = []
  for (let j = part.from; j < part.to; j++) {
    const values = block.values.subarray(j * block.capacity, j * block.capacity + block.rows)
    const at = j * job.rows + job.first
    const compiled = typeof bins === 'number'
    const bytes = () =>
      compiled ? new Uint8Array(thread.core.memory.buffer, bins + at, block.rows) : bins.subarray(at, at + block.rows)
    if (category[j]) {
      out.push(binCategories(values, bytes()))
      continue
    }
    const kernels = compiled
      ? compiledColumn(thread.core, bins + at, job.scratch[thread.index]!, block.rows, 1)
      : readableColumn(bytes())
    kernels.bin(values, edges[j]!)
    out.push(edges[j]!.length + 1)
  }
  return out
}
