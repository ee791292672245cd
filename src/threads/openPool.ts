import { came, checkOptionNames } from '../kernels/checkInput.ts'
import { canRunCompiled } from '../kernels/memory/core.ts'
import { LARGEST_MEMORY, LEAST_MEMORY } from '../kernels/memory/space.ts'
import type { Pool } from '../kernels/pool.ts'
import { usageError } from '../util/errors.ts'
import { nameHint } from '../util/nearestName.ts'
import { InlinePool } from './inlinePool.ts'
import type { PoolOptions } from './poolOptions.ts'
import { WorkerPool } from './workerPool.ts'

/**
 * A pool of `threads` worker threads, or the calling thread alone for 1. Workers start with the first job that needs them.
 * @throws GlasscoreError('usage') for a number of threads that is not 1 to 256, or options that there are not, or a limit of memory that is none
 */
export const openPool = (threads: number, options: PoolOptions = {}): Pool => {
  if (!Number.isInteger(threads) || threads < 1 || threads > 256)
    throw usageError('invalid number of threads', {
      option: 'threads',
      expected: 'a whole number from 1 to 256',
      got: threads,
    })
  checkOptionNames(options, POOL_OPTIONS, nameHint)
  const { kernels: wanted } = options
  if (wanted !== undefined && wanted !== 'wasm' && wanted !== 'typescript')
    throw usageError('no such kernels', { option: 'kernels', expected: 'wasm or typescript', got: came(wanted) })
  checkLimit(options.memoryLimit)
  const kernels = options.kernels ?? (canRunCompiled(threads > 1) ? 'wasm' : 'typescript')
  return threads === 1 ? new InlinePool({ ...options, kernels }) : new WorkerPool(threads, { ...options, kernels })
}

const POOL_OPTIONS = { kernels: true, memoryLimit: true } as const satisfies Record<keyof PoolOptions, true>

const checkLimit = (bytes: number | undefined): void => {
  if (bytes === undefined || (Number.isInteger(bytes) && bytes >= LEAST_MEMORY && bytes <= LARGEST_MEMORY)) return
  const [least, most] = [LEAST_MEMORY, LARGEST_MEMORY].map((limit) => limit.toLocaleString('en-US'))
  throw usageError('invalid limit of memory', {
    option: 'memoryLimit',
    expected: `a whole number of bytes from ${least} to ${most}, the 4 GiB that WebAssembly can reach`,
    got: came(bytes),
  })
}

let own: Pool | undefined
/** The calling thread as a pool, one for all who bring none. */
export const thisThread = (): Pool => {
  own ??= openPool(1)
  return own
}
