/** Exact pairwise SHAP interaction values of a sum of trees on a pool: whole matrices, means over rows, or chosen pairs. */
import { GlasscoreError } from '../../../util/errors.ts'
import { stretches } from '../../numbers/stretches.ts'
import type { Pool, PoolRun } from '../../pool.ts'
import { decodeRows, sharedRows, type TreeRows } from '../../trees/rankRows.ts'
import type { MatrixRows } from './decideNode.ts'
import type { InteractionJob } from './interactionPart.ts'
import type { InteractionPlan } from './planInteractions.ts'
import { triangleSize } from './triangle.ts'

/** Bytes of the sums of one part, as long as it has LEAST_ROWS. */
const PART_BYTES = 32 * 2 ** 20
/** Rows of a part. Tables of leaves are made once a part, so small parts repeat work. */
const MOST_ROWS = 2048
const LEAST_ROWS = 16
/** Bytes that a part or a result may take. */
const LARGEST = 2 ** 32

/** Rows of a part for so many numbers a row: of them alone, so that sums over parts are the same for any number of threads. */
export const partRowsOf = (numbers: number): number =>
  Math.max(LEAST_ROWS, Math.min(MOST_ROWS, Math.floor(PART_BYTES / (8 * Math.max(1, numbers)))))

const checkSize = (numbers: number, rows: number, owners: number): void => {
  if (8 * numbers * rows > LARGEST)
    throw new GlasscoreError('memory', `interactions of ${owners} owners on ${rows} rows are too many at once`, {
      expected: `at most ${Math.floor(LARGEST / 8).toLocaleString('en-US')} numbers`,
      got: (numbers * rows).toLocaleString('en-US'),
      hint: 'take fewer rows at once, owners in groups, or chosen pairs',
    })
}

/** Runs a job in parts of fixed size and hands their results over in order. */
const runParts = async (
  job: Omit<InteractionJob, 'matrix'>,
  numbers: number,
  source: TreeRows,
  { from, to }: { from: number; to: number },
  pool: Pool,
  take: (part: { from: number; to: number }, result: Float64Array) => void,
  options?: PoolRun,
): Promise<void> => {
  const whole = 'binned' in source ? decodeRows(source.binned, from, to) : source
  const first = 'binned' in source ? 0 : from
  const { values } = sharedRows(whole, pool.threads) as MatrixRows
  const matrix = { values, rows: whole.rows }
  const parts = stretches(first, first + to - from, partRowsOf(numbers))
  const here = parts.map((part) => ({ from: part.from - first, to: part.to - first }))
  await pool.runEach('interactionPart', { ...job, matrix }, parts, (result, k) => take(here[k]!, result), options)
}

const NO_PAIRS = new Int32Array(0)

/**
 * All interaction values of rows from .. to - 1.
 * @returns triangle x rows of the owners used (triangle.ts): result[triangleAt(n, i, j) * rows + r], n = plan.used.length. phi_ij where i != j, the half of
 *   what the pair has together; main effects where i = j. The same bytes for any number of threads, however rows are cut
 * @throws GlasscoreError('memory') for more than 4 GiB of them
 */
export const interactionValues = async (
  plan: InteractionPlan,
  source: TreeRows,
  range: { from: number; to: number },
  pool: Pool,
  options?: PoolRun,
): Promise<Float64Array> => {
  const size = triangleSize(plan.used.length)
  const rows = range.to - range.from
  checkSize(size, rows, plan.used.length)
  const out = new Float64Array(size * rows)
  await runParts(
    { plan, wanted: 'values', pairs: NO_PAIRS },
    size,
    source,
    range,
    pool,
    gather(out, size, rows),
    options,
  )
  return out
}

/** Puts parts, `size` x their rows, into their place among all rows. */
const gather =
  (out: Float64Array, size: number, rows: number) =>
  ({ from, to }: { from: number; to: number }, result: Float64Array): void => {
    const count = to - from
    for (let k = 0; k < size; k++) out.set(result.subarray(k * count, (k + 1) * count), k * rows + from)
  }

/**
 * Sums over rows from .. to - 1 of the absolute interaction values; no more than a part of the values is in memory for each thread.
 * @returns a triangle of the owners used. The same bytes for any number of threads; where a range begins and ends decides how its sum is put together
 */
export const absoluteInteractions = async (
  plan: InteractionPlan,
  source: TreeRows,
  range: { from: number; to: number },
  pool: Pool,
  options?: PoolRun,
): Promise<Float64Array> => {
  const size = triangleSize(plan.used.length)
  checkSize(size, LEAST_ROWS, plan.used.length)
  const sums = new Float64Array(size)
  const add = (_: unknown, result: Float64Array): void => {
    for (let k = 0; k < size; k++) sums[k]! += result[k]!
  }
  await runParts({ plan, wanted: 'sums', pairs: NO_PAIRS }, size, source, range, pool, add, options)
  return sums
}

/**
 * Interaction values of chosen pairs.
 * @param pairs owners, two different ones each, in any order
 * @returns pairs x rows; 0 for pairs of which an owner has no split
 */
export const pairInteractions = async (
  plan: InteractionPlan,
  pairs: readonly (readonly [number, number])[],
  source: TreeRows,
  range: { from: number; to: number },
  pool: Pool,
  options?: PoolRun,
): Promise<Float64Array> => {
  const rows = range.to - range.from
  checkSize(pairs.length, rows, plan.used.length)
  const out = new Float64Array(pairs.length * rows)
  // Pairs that occur twice are worked out once, those of owners without a split not at all.
  const places = new Map<string, { pair: number[]; at: number[] }>()
  pairs.forEach((pair, k) => {
    const known = pair.map((owner) => plan.used.indexOf(owner)).sort((a, b) => a - b)
    if (known[0]! < 0) return
    const place = places.get(known.join()) ?? { pair: known, at: [] }
    place.at.push(k)
    places.set(known.join(), place)
  })
  const asked = [...places.values()]
  if (asked.length === 0) return out
  const values = new Float64Array(asked.length * rows)
  const job = { plan, wanted: 'pairs', pairs: Int32Array.from(asked.flatMap(({ pair }) => pair)) } as const
  await runParts(job, asked.length, source, range, pool, gather(values, asked.length, rows), options)
  asked.forEach(({ at }, k) => {
    for (const position of at) out.set(values.subarray(k * rows, (k + 1) * rows), position * rows)
  })
  return out
}
