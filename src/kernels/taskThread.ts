import type { Core } from './memory/core.ts'

/** What a task may use of the thread it runs on. */
export interface TaskThread {
  /** 0 .. threads - 1, the same through a job */
  readonly index: number
  readonly threads: number
  /** the compiled kernels; an error where the pool runs the readable ones */
  readonly core: Core
}
