import { canRunCompiled } from '../kernels/memory/core.ts'
import { LEAST_MEMORY } from '../kernels/memory/space.ts'
import type { Pool } from '../kernels/pool.ts'
import { GlasscoreError } from '../util/errors.ts'
import { InlinePool } from './inlinePool.ts'
import type { PoolOptions } from './poolOptions.ts'
import { WorkerPool } from './workerPool.ts'

/**
 * A pool of `threads` worker threads, or the calling thread alone for 1. Workers start with the first job that needs them.
 * @throws GlasscoreError('usage') for a number of threads that is not 1 to 256, or a limit of memory that is none
 */
export const openPool = (threads: number, options: PoolOptions = {}): Pool => {
  if (!Number.isInteger(threads) || threads < 1 || threads > 256)
    throw new GlasscoreError('usage', 'invalid number of threads', {
      option: 'threads',
      expected: 'a whole number from 1 to 256',
      got: threads,
    })
  checkLimit(options.memoryLimit)
  const kernels = options.kernels ?? (canRunCompiled(threads > 1) ? 'wasm' : 'typescript')
  return threads === 1 ? new InlinePool({ ...options, kernels }) : new WorkerPool(threads, { ...options, kernels })
}

const checkLimit = (bytes: number | undefined): void => {
  if (bytes === undefined || (Number.isInteger(bytes) && bytes >= LEAST_MEMORY)) return
  throw new GlasscoreError('usage', 'invalid limit of memory', {
    option: 'memoryLimit',
    expected: `a whole number of bytes, ${LEAST_MEMORY.toLocaleString('en-US')} or more`,
    got: bytes,
  })
}

let own: Pool | undefined
/** The calling thread as a pool, one for all who bring none. */
export const thisThread = (): Pool => {
  own ??= openPool(1)
  return own
}
