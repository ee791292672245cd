/** What the binning of a column needs done for every row; compiled in compiledColumn.ts, readable in readableColumn.ts. */
import type { Runs } from './cuts.ts'

export interface ColumnKernels {
  /** the different present values */
  distinct(values: Float64Array): Runs
  /** bins of `values` by rising `edges`, into the column of bytes */
  bin(values: Float64Array, edges: Float64Array): void
  /**
   * The same where every value has a bin of its own: the position of each row's value in rising `members`, from row `from` on.
   * Returns the first row whose value is no member, the number of rows where there is none.
   */
  binMembers(values: Float64Array, members: Float64Array, from: number): number
  /** Buckets of all rows: bucket k ends with splitter k, the last one lies above all of them. `fill` turns them into bins. */
  count(values: Float64Array, splitters: Float64Array, weights?: Float64Array): Buckets
  /** Writes the bins: `binOfBucket` has one for each bucket. After `count`. */
  fill(binOfBucket: Uint8Array): void
}

export interface Buckets {
  /** rows, or their weight, by bucket; one more than splitters */
  mass: Float64Array
  /** least value by bucket; Infinity where there is none */
  least: Float64Array
}
