/**
 * One column to bytes. Up to `maxBins` distinct values, each has a bin of its own, however long the column is: every row is looked at.
 * With more, edges lie at quantiles: of all present values up to `SORTABLE` of them, else at the nearest of about a thousand splitters
 * (splitters.ts), whose ranks among all rows are counted. An edge is off by half the bucket between two splitters at most; a bucket is
 * the gap over 32 draws out of 32,768, 0.1 % of the present rows in the mean, and over 0.25 % once in some thousand columns.
 *
 * Infinities are values like others: none is missing, and no edge is Infinity.
 */
import { midpoint } from '../numbers/order.ts'
import type { ColumnKernels } from './columnKernels.ts'
import { cutsBetween, nearestCuts, type Runs } from './cuts.ts'
import { chooseSplitters, SAMPLE, samplePositions } from './splitters.ts'

/** Most present values that are sorted whole. */
export const SORTABLE = 131_072
/** With fewer present values in the sample, another one is drawn from the present rows alone. */
const LEAST_PRESENT = SAMPLE / 8

export interface BinColumnOptions {
  maxBins: number
  weights?: Float64Array | undefined
  /** rows of the sample; needed for columns longer than SORTABLE */
  positions?: Int32Array | undefined
}

const edgesBetween = (rising: Float64Array): Float64Array =>
  Float64Array.from({ length: Math.max(0, rising.length - 1) }, (_, k) => midpoint(rising[k]!, rising[k + 1]!))

/** Writes the bins and returns the edges. */
export const binColumn = (values: Float64Array, kernels: ColumnKernels, options: BinColumnOptions): Float64Array => {
  if (values.length <= SORTABLE) return binSorted(values, values, kernels, options)
  const first = kernels.distinct(pick(values, options.positions!))
  if (first.values.length <= options.maxBins) {
    const members = binByMembers(values, first.values, kernels, options.maxBins)
    if (members) return edgesBetween(members)
  }
  if (first.present >= LEAST_PRESENT) return binCounted(values, first, kernels, options)
  const present = presentRows(values)
  if (present.length <= SORTABLE) return binSorted(values, pick(values, present), kernels, options, present)
  const rows = samplePositions(present.length).map((k) => present[k]!)
  return binCounted(values, kernels.distinct(pick(values, rows)), kernels, options)
}

const pick = (values: Float64Array, rows: Int32Array): Float64Array => {
  const out = new Float64Array(rows.length)
  for (let k = 0; k < rows.length; k++) out[k] = values[rows[k]!]!
  return out
}

const presentRows = (values: Float64Array): Int32Array => {
  let count = 0
  for (let i = 0; i < values.length; i++) if (!Number.isNaN(values[i]!)) count++
  const rows = new Int32Array(count)
  let n = 0
  for (let i = 0; i < values.length; i++) if (!Number.isNaN(values[i]!)) rows[n++] = i
  return rows
}

/** @param some the values that edges are made of, at `rows` of the column (all of them where absent) */
const binSorted = (
  values: Float64Array,
  some: Float64Array,
  kernels: ColumnKernels,
  { maxBins, weights }: BinColumnOptions,
  rows?: Int32Array,
): Float64Array => {
  const distinct = kernels.distinct(some)
  if (distinct.values.length <= maxBins) {
    const edges = edgesBetween(distinct.values)
    kernels.bin(values, edges)
    return edges
  }
  const mass = weights ? weightByValue(some, distinct.values, weights, rows) : distinct.counts
  const edges = Float64Array.from(cutsBetween(mass, maxBins), (k) =>
    midpoint(distinct.values[k]!, distinct.values[k + 1]!),
  )
  kernels.bin(values, edges)
  return edges
}

const weightByValue = (
  some: Float64Array,
  distinct: Float64Array,
  weights: Float64Array,
  rows?: Int32Array,
): Float64Array => {
  const position = new Map<number, number>()
  distinct.forEach((x, k) => {
    position.set(x, k)
  })
  const mass = new Float64Array(distinct.length)
  for (let i = 0; i < some.length; i++) {
    const x = some[i]!
    if (!Number.isNaN(x)) mass[position.get(x)!]! += weights[rows ? rows[i]! : i]!
  }
  return mass
}

/** The members, when the column has no more than `most` different values; its bins are then written. */
const binByMembers = (
  values: Float64Array,
  known: Float64Array,
  kernels: ColumnKernels,
  most: number,
): Float64Array | null => {
  let members = known
  let row = kernels.binMembers(values, members, 0)
  const complete = row === values.length
  while (row < values.length) {
    if (members.length === most) return null
    members = Float64Array.from([...members, values[row]! + 0]).sort()
    row = kernels.binMembers(values, members, row)
  }
  // A value that came late has moved the bins of the values above it.
  if (!complete) kernels.binMembers(values, members, 0)
  return members
}

const binCounted = (
  values: Float64Array,
  sample: Runs,
  kernels: ColumnKernels,
  { maxBins, weights }: BinColumnOptions,
): Float64Array => {
  const { splitters, all } = chooseSplitters(sample)
  const { mass, least } = kernels.count(values, splitters, weights)
  // Every splitter is a value of the column, so only the bucket above all of them can be empty.
  const top = splitters.length
  const buckets = mass[top] === 0 && least[top] === Number.POSITIVE_INFINITY ? top : top + 1
  const cuts = (all ? cutsBetween : nearestCuts)(mass.subarray(0, buckets), maxBins)
  const binOfBucket = new Uint8Array(top + 1)
  for (let k = 0, bin = 0; k < binOfBucket.length; k++) {
    binOfBucket[k] = bin
    if (cuts[bin] === k) bin++
  }
  kernels.fill(binOfBucket)
  return Float64Array.from(cuts, (k) => midpoint(splitters[k]!, least[k + 1]! + 0))
}
