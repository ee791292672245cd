/**
 * Sums of a logistic regression by the compiled kernels, on all threads of a pool.
 *
 * For the approach there is a copy of the rows in single precision, in tiles (assembly/logistic.ts); exact sums read the data
 * themselves, block by block, through a scratch area of each thread. Rows are cut into chunks that depend on the shape of the data
 * alone; the sums of the chunks are added in order, so that the result is the same for any number of threads.
 */

import { interruptedError } from '../../util/errors.ts'
import { shareFloats } from '../memory/share.ts'
import { Arena } from '../memory/space.ts'
import { weightsOf } from '../numbers/weightsOf.ts'
import type { Pool, PoolRun } from '../pool.ts'
import type { LogisticData } from './logisticData.ts'
import { BLOCK, type LogisticJob, SCRATCH, STRIDE } from './logisticTask.ts'
import { scalingOf } from './scaling.ts'
import { type Answer, type Request, reached, type Sums } from './sums.ts'

/** Most memory of the sums of all chunks, and most and fewest chunks. */
const CHUNK_BYTES = 2 ** 26
const MOST_CHUNKS = 64
const FEWEST_CHUNKS = 4
/** Products that take about a tenth of a second: so often is a signal heard. */
const PRODUCTS_A_CALL = 1e9
/** From this many cells on an approach in single precision pays. */
const SINGLE_PAYS = 2 ** 20
/** The sampled information takes every 16th tile, or more, so that it has this many rows and 8 for each column. */
const SAMPLE_STEP = 16
const SAMPLE_ROWS = 16_384

export interface SumsOptions extends Pick<PoolRun, 'signal'> {
  /** whether to approach in single precision: by default where there are 2^20 cells or more and memory for them */
  single?: boolean | undefined
}

/** Bytes that a fit needs. */
export const logisticBytes = (rows: number, columns: number, threads: number, single: boolean) => {
  const width = 8 * Math.ceil((columns + 1) / 8)
  const blocks = Math.ceil(rows / BLOCK)
  const sumsBytes = 8 * (width + 8 + width * width)
  const chunks = Math.min(
    blocks,
    Math.max(FEWEST_CHUNKS, Math.min(MOST_CHUNKS, Math.floor(CHUNK_BYTES / (8 * width * width)))),
  )
  const tileBytes = single ? blocks * BLOCK * width * 4 : 0
  const scratchBytes = width * STRIDE + SCRATCH
  return {
    width,
    blocks,
    chunks,
    sumsBytes,
    tileBytes,
    scratchBytes,
    bytes:
      tileBytes + 8 * blocks * BLOCK + chunks * (sumsBytes + 64) + threads * (scratchBytes + 64) + 64 * width + 4096,
  }
}

/** @throws GlasscoreError('memory') when the sums do not fit */
export const compiledSums = async (pool: Pool, data: LogisticData, options: SumsOptions = {}): Promise<Sums> => {
  const { rows, columns, target } = data
  const { signal } = options
  const n = columns + 1
  const what = `a logistic regression on ${rows.toLocaleString('en-US')} rows and ${columns.toLocaleString('en-US')} columns`
  let single = options.single ?? rows * n >= SINGLE_PAYS
  let need = logisticBytes(rows, columns, pool.threads, single)
  if (single && options.single === undefined && need.bytes > pool.space.limit - pool.space.used - 2 ** 20) {
    single = false
    need = logisticBytes(rows, columns, pool.threads, single)
  }
  pool.space.require(need.bytes, what, 'fewer columns need less, as do fewer threads')
  const { width, blocks, chunks } = need
  pool.prepare(rows * columns)
  const arena = new Arena(pool.space)
  const { space, core } = pool
  try {
    const scaling = scalingOf(data)
    const job: LogisticJob = {
      values: pool.threads > 1 ? shareFloats(data.values) : data.values,
      rows,
      columns,
      width,
      tiles: single ? arena.take(need.tileBytes) : 0,
      weights: arena.take(8 * blocks * BLOCK),
      beta: arena.take(8 * width),
      betaSingle: arena.take(4 * width),
      centers: arena.copy(scaling.centers),
      scales: arena.copy(scaling.scales),
      chunks,
      blocksAChunk: Math.ceil(blocks / chunks),
      blocks,
      sums: arena.take(chunks * need.sumsBytes),
      sumsBytes: need.sumsBytes,
      scratch: arena.take(pool.threads * need.scratchBytes),
      scratchBytes: need.scratchBytes,
      control: arena.take(64),
    }
    const clear = (address: number, bytes: number) => core.kernels['logisticClear']!(address, bytes)
    const call = async (part: Parameters<typeof pool.team<'logistic'>>[2]) => {
      if (signal?.aborted) throw interruptedError()
      clear(job.control, 64)
      await pool.team('logistic', job, part, { space })
    }
    /** All blocks, a stretch of each chunk at a time; `products` of a block tell how long it takes. */
    const inStretches = async (
      part: Omit<Parameters<typeof call>[0], 'from' | 'to'>,
      products: number,
    ): Promise<void> => {
      const stretch = Math.max(1, Math.floor(PRODUCTS_A_CALL / (products * chunks)))
      for (let from = 0; from < job.blocksAChunk; from += stretch)
        await call({ ...part, from, to: Math.min(job.blocksAChunk, from + stretch) })
    }

    let total = 0
    let bad = 0
    let sampleScale = 1
    const step = Math.max(1, Math.min(SAMPLE_STEP, Math.floor(rows / Math.max(SAMPLE_ROWS, 8 * n))))
    const weigh = (weights: Float64Array | undefined) => {
      ;({ total, bad } = weightsOf(target, weights))
      clear(job.weights, 8 * blocks * BLOCK)
      const signed = space.doubles(job.weights, rows)
      let sampled = 0
      for (let i = 0; i < rows; i++) {
        const weight = weights ? weights[i]! : 1
        signed[i] = target[i] ? weight : -weight
        if ((i >>> 8) % step === 0) sampled += weight
      }
      sampleScale = sampled > 0 ? total / sampled : 0
    }
    weigh(data.weights)
    if (single) await inStretches({ kind: 'load' }, BLOCK * width * 8)

    const put = (beta: Float64Array) => {
      clear(job.beta, 8 * width)
      space.doubles(job.beta, n).set(beta)
      clear(job.betaSingle, 4 * width)
      space.singles(job.betaSingle, n).set(beta)
    }
    const sums = async (request: Request & { kind: 'sums' }): Promise<Answer> => {
      const approximate = single && request.of !== 'all'
      const onSample = approximate && request.of === 'sample' && sampleScale > 0
      const gramOnSample = approximate && request.information !== 'all' && sampleScale > 0
      const withGram = request.information !== 'none'
      put(request.beta)
      const chunkBytes = withGram ? need.sumsBytes : 8 * (width + 8)
      for (let c = 0; c < chunks; c++) clear(job.sums + c * need.sumsBytes, chunkBytes)
      const gramStep = withGram ? (gramOnSample ? step : 1) : 0
      const tileStep = onSample ? step : 1
      const part = { kind: approximate ? ('single' as const) : ('double' as const), gramStep, tileStep }
      const gramProducts = gramStep ? (BLOCK * width * width) / 2 / gramStep : 0
      await inStretches(part, (approximate ? 1 : 2) * (gramProducts + (4 * BLOCK * width) / tileStep))
      const gradient = new Float64Array(n)
      const information = new Float64Array(withGram ? n * n : 0)
      let loss = 0
      for (let c = 0; c < chunks; c++) {
        const at = space.doubles(job.sums + c * need.sumsBytes, chunkBytes / 8)
        loss += at[width]!
        for (let j = 0; j < n; j++) gradient[j]! += at[j]!
        if (!withGram) continue
        for (let j = 0; j < n; j++) {
          const row = width + 8 + j * width
          for (let k = 0; k <= j; k++) information[j * n + k]! += at[row + k]!
        }
      }
      if (gramOnSample) for (let k = 0; k < information.length; k++) information[k]! *= sampleScale
      if (onSample) {
        loss *= sampleScale
        for (let j = 0; j < n; j++) gradient[j]! *= sampleScale
      }
      return { logLikelihood: -loss, gradient, information, least: Number.NaN, greatest: Number.NaN }
    }
    const reach = async (beta: Float64Array): Promise<Answer> => {
      put(beta)
      for (let c = 0; c < chunks; c++)
        space.doubles(job.sums + c * need.sumsBytes, 2).set([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])
      await inStretches({ kind: 'reach' }, 8 * BLOCK * width)
      let least = Number.POSITIVE_INFINITY
      let greatest = Number.NEGATIVE_INFINITY
      for (let c = 0; c < chunks; c++) {
        const [low, high] = space.doubles(job.sums + c * need.sumsBytes, 2)
        least = Math.min(least, low!)
        greatest = Math.max(greatest, high!)
      }
      return reached(least, greatest)
    }
    return {
      rows,
      n,
      scaling,
      single,
      get total() {
        return total
      },
      get bad() {
        return bad
      },
      weigh,
      answer: (request) => (request.kind === 'reach' ? reach(request.beta) : sums(request)),
      close: () => arena.close(),
    }
  } catch (error) {
    arena.close()
    throw error
  }
}
