import type { KernelKind } from '../kernels/pool.ts'

/** What a pool runs and how much it may take. */
export interface PoolOptions {
  /** absent: `wasm` where this machine runs it (every Node from 20 on does) */
  kernels?: KernelKind
  /** most bytes of memory for compiled kernels; absent: the 4 GiB that they can reach */
  memoryLimit?: number
}
