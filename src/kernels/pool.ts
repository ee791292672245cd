/**
 * Fork and join, as kernels and their callers see it. A job is cut into parts whose results do not depend on who computes them or when;
 * they come back in the order of the parts, so the outcome is the same for any number of threads. What runs it is in threads/.
 */
import type { Core } from './memory/core.ts'
import type { Space } from './memory/space.ts'
import type { TASKS, TaskName } from './tasks.ts'

/** How a job on a pool is watched and stopped. */
export interface PoolRun {
  /** called after each finished part */
  onPart?: (done: number, total: number) => void
  signal?: AbortSignal | undefined
  /**
   * the memory that the addresses of the job lie in: when the pool was closed since they were taken, the job is interrupted
   * @internal
   */
  space?: Space | undefined
}

/**
 * `wasm`: the compiled kernels; `typescript`: their readable twins, slower. Bins, trees, forests, boosting and predictions are the same to
 * the bit; logistic regressions and Shapley values to rounding, as their sums are put together in another way.
 */
export type KernelKind = 'wasm' | 'typescript'

/** What all parts of a job read. */
export type Shared<T extends TaskName> = Parameters<(typeof TASKS)[T]>[0]
/** One part of a job. */
export type Part<T extends TaskName> = Parameters<(typeof TASKS)[T]>[1]
/** What a part gives back. */
export type Result<T extends TaskName> = ReturnType<(typeof TASKS)[T]>

/**
 * Threads that share work; results never depend on their number. Work that is begun while other work runs waits for its turn on the
 * threads. Close it, or its memory is kept.
 */
export interface Pool {
  readonly threads: number
  /** which kernels its jobs run */
  readonly kernels: KernelKind
  /**
   * memory of the compiled kernels, shared by all threads; drivers ask `kernels` first
   * @internal
   */
  readonly space: Space
  /**
   * the compiled kernels for the calling thread, on the same memory: for work too small to be shared out
   * @internal
   */
  readonly core: Core
  /**
   * Starts the threads for a job on so many numbers, if it is large enough to be shared out, while the caller still checks and lays out:
   * they take some tens of milliseconds. Without it they start with the first job.
   * @internal
   */
  prepare(numbers: number): void
  /**
   * Computes every part and gives their results back in the order of the parts.
   * @internal
   */
  run<T extends TaskName>(
    task: T,
    shared: Shared<T>,
    parts: readonly Part<T>[],
    options?: PoolRun,
  ): Promise<Result<T>[]>
  /**
   * The same without keeping results: each is handed over once, in the order of the parts, as soon as those before it are
   * there. For sums over parts.
   * @internal
   */
  runEach<T extends TaskName>(
    task: T,
    shared: Shared<T>,
    parts: readonly Part<T>[],
    onResult: (result: Result<T>, part: number) => void,
    options?: PoolRun,
  ): Promise<void>
  /**
   * Calls a task once on every thread, all at the same time: for kernels whose threads meet at barriers (assembly/team.ts). `shared`
   * is sent with every call, so it holds addresses and options, not data.
   * @internal
   */
  team<T extends TaskName>(task: T, shared: Shared<T>, part: Part<T>, options?: PoolRun): Promise<Result<T>[]>
  /** Ends the threads and lets the memory go, with all bins in it; a job after that starts new threads on new memory. */
  close(): Promise<void>
}
