/** Some columns of a matrix as bytes: a task for the pool. */

import { dataError } from '../../util/errors.ts'
import type { TaskThread } from '../taskThread.ts'
import { isCategory } from '../trees/categories.ts'
import { MOST_CATEGORIES } from '../trees/tree.ts'
import { MISSING_BIN } from './bin.ts'
import { binColumn, SORTABLE } from './binColumn.ts'
import type { BinnedColumn } from './binnedMatrix.ts'
import { compiledColumn } from './compiledColumn.ts'
import { readableColumn } from './readableColumn.ts'

export interface BinJob {
  /** columns from `first` on, column-major, `rows` each */
  values: Float64Array
  first: number
  rows: number
  maxBins: number
  /** 1: the column holds categories */
  category: Uint8Array
  /** the bytes of the whole matrix, or where they begin in the memory of the compiled kernels */
  bins: Uint8Array | number
  /** where the scratch of each thread begins; compiled kernels only */
  scratch: readonly number[]
  weights?: Float64Array | undefined
  positions?: Int32Array | undefined
}

/** The columns from .. to - 1 of the matrix. */
export const binPart = (job: BinJob, part: { from: number; to: number }, thread: TaskThread): BinnedColumn[] => {
  const { rows, bins } = job
  const out: BinnedColumn[] = []
  for (let j = part.from; j < part.to; j++) {
    const values = job.values.subarray((j - job.first) * rows, (j - job.first + 1) * rows)
    const bytes = () =>
      typeof bins === 'number'
        ? new Uint8Array(thread.core.memory.buffer, bins + j * rows, rows)
        : bins.subarray(j * rows, (j + 1) * rows)
    if (job.category[j]) {
      out.push({
        kind: 'category',
        bins: binCategories(values, bytes(), { column: j, row: 0 }),
        edges: new Float64Array(0),
      })
      continue
    }
    const kernels =
      typeof bins === 'number'
        ? compiledColumn(thread.core, bins + j * rows, job.scratch[thread.index]!, rows, Math.min(rows, SORTABLE))
        : readableColumn(bytes())
    const edges = binColumn(values, kernels, job)
    out.push({ kind: 'number', bins: edges.length + 1, edges })
  }
  return out
}

/**
 * Whole numbers 0..253 are their own bins, NaN is missing. Returns the number of bins.
 * @param first where the values stand in the matrix
 * @throws GlasscoreError('data') on any other number: categories that nobody coded would be missing in silence
 */
export const binCategories = (
  values: Float64Array,
  bins: Uint8Array,
  first: { column: number; row: number },
): number => {
  let highest = -1
  for (let i = 0; i < values.length; i++) {
    const code = values[i]!
    if (isCategory(code)) {
      bins[i] = code
      if (code > highest) highest = code
    } else if (Number.isNaN(code)) bins[i] = MISSING_BIN
    else
      throw dataError('a column of categories holds a number that is no code', {
        row: first.row + i,
        column: String(first.column),
        expected: `a whole number from 0 to ${MOST_CATEGORIES - 1}, or NaN where it is missing`,
        got: code,
        hint: 'give rare categories one code together',
      })
  }
  return highest + 1
}
