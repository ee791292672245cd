/** A pool of worker threads of Node. Large arrays travel in `shared` as views on SharedArrayBuffer and are not copied. */
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { type Core, kernelModule } from '../kernels/memory/core.ts'
import { CoreMemory } from '../kernels/memory/coreMemory.ts'
import type { Space } from '../kernels/memory/space.ts'
import type { KernelKind, Part, Pool, PoolRun, Result, Shared } from '../kernels/pool.ts'
import type { TaskName } from '../kernels/tasks.ts'
import { interruptedError } from '../util/errors.ts'
import { type PlainError, thawError } from './plainError.ts'
import type { PoolOptions } from './poolOptions.ts'

/** What a worker is told when it starts. */
export interface WorkerStart {
  index: number
  threads: number
  /** more threads than the machine runs at a time */
  crowded: boolean
  compiled?: { module: unknown; memory: unknown }
}
/** What a worker is sent and what it answers. */
export interface WorkerJob {
  task: TaskName
  job: number
  part: number
  input: unknown
  shared?: unknown
}
export type WorkerAnswer =
  | { job: number; part: number; result: unknown }
  | { job: number; part: number; error: PlainError }

const workerUrl = (): URL =>
  import.meta.url.endsWith('.ts')
    ? new URL('../../dist/threads/worker.js', import.meta.url)
    : new URL('../threads/worker.js', import.meta.url)

/** Numbers from which on all threads will have work. */
const WORTH_PREPARING = 2 ** 20

/** When a job has ended, or the signal is given. */
const endOf = (job: Promise<unknown>, signal: AbortSignal | undefined): Promise<void> =>
  new Promise((resolve) => {
    const done = () => {
      signal?.removeEventListener('abort', done)
      resolve()
    }
    signal?.addEventListener('abort', done)
    if (signal?.aborted) done()
    void job.then(done)
  })

export class WorkerPool implements Pool {
  readonly threads: number
  readonly kernels: KernelKind
  readonly #memory: CoreMemory
  #workers: Worker[] = []
  #jobs = 0
  #busy = false
  /** settled when the job that runs has ended, however it did */
  #running: Promise<unknown> = Promise.resolve()
  #timesClosed = 0
  /** ends the job that runs */
  #stopJob: () => void = () => {}

  constructor(threads: number, { kernels, memoryLimit }: PoolOptions & { kernels: KernelKind }) {
    this.threads = threads
    this.kernels = kernels
    this.#memory = new CoreMemory(true, memoryLimit)
  }

  get space(): Space {
    return this.#memory.space
  }

  get core(): Core {
    return this.#memory.core
  }

  /** Workers start with the first job that has parts for them: work that needs none pays nothing. */
  #start(parts: number): void {
    const compiled =
      this.kernels === 'wasm' ? { compiled: { module: kernelModule(true), memory: this.space.memory } } : {}
    const crowded = this.threads > availableParallelism()
    while (this.#workers.length < Math.min(this.threads, parts)) {
      const start: WorkerStart = { index: this.#workers.length, threads: this.threads, crowded, ...compiled }
      // Loaders that the process was started with (--import, --require) are not for compiled code, and take a worker long to load.
      const worker = new Worker(workerUrl(), { workerData: start, execArgv: [] })
      worker.unref()
      this.#workers.push(worker)
    }
  }

  prepare(numbers: number): void {
    if (numbers >= WORTH_PREPARING) this.#start(this.threads)
  }

  /** Ends all workers, and comes back when none of them writes any more; the next job starts new ones. */
  async #discard(): Promise<void> {
    const workers = this.#workers
    this.#workers = []
    for (const worker of workers) worker.on('error', () => {})
    await Promise.allSettled(workers.map((worker) => worker.terminate()))
  }

  async run<T extends TaskName>(task: T, shared: Shared<T>, parts: readonly Part<T>[], options?: PoolRun) {
    const results: Result<T>[] = []
    await this.runEach(task, shared, parts, (result) => results.push(result), options)
    return results
  }

  async team<T extends TaskName>(task: T, shared: Shared<T>, part: Part<T>, options?: PoolRun) {
    const results: Result<T>[] = []
    const parts = Array.from({ length: this.threads }, () => part)
    // A thread that fails leaves the others at a barrier: they end with it.
    await this.#work(task, shared, parts, (result) => results.push(result), options, true)
    return results
  }

  runEach<T extends TaskName>(
    task: T,
    shared: Shared<T>,
    parts: readonly Part<T>[],
    onResult: (result: Result<T>, part: number) => void,
    options: PoolRun = {},
  ) {
    return this.#work(task, shared, parts, onResult, options, false)
  }

  /** A job has all threads to itself: those of others wait for its end. */
  async #work<T extends TaskName>(
    task: T,
    shared: Shared<T>,
    parts: readonly Part<T>[],
    onResult: (result: Result<T>, part: number) => void,
    options: PoolRun = {},
    together: boolean,
  ): Promise<void> {
    const timesClosed = this.#timesClosed
    while (this.#busy) {
      await endOf(this.#running, options.signal)
      if (options.signal?.aborted || timesClosed !== this.#timesClosed) throw interruptedError()
    }
    if (options.space && options.space !== this.space) throw interruptedError()
    const running = this.#now(task, shared, parts, onResult, options, together)
    this.#running = running.catch(() => {})
    return running
  }

  #now<T extends TaskName>(
    task: T,
    shared: Shared<T>,
    parts: readonly Part<T>[],
    onResult: (result: Result<T>, part: number) => void,
    options: PoolRun,
    together: boolean,
  ): Promise<void> {
    this.#busy = true
    const job = ++this.#jobs
    return new Promise<void>((resolve, reject) => {
      /** results that came before those of earlier parts */
      const waiting = new Map<number, Result<T>>()
      const told = new Set<Worker>()
      let next = 0
      let done = 0
      let handedOver = 0
      let open = true
      /** parts that workers are at, and why no more are given out */
      let inWork = 0
      let failed: { error: unknown } | undefined
      const end = () => {
        this.#busy = false
        this.#stopJob = () => {}
        if (failed) reject(failed.error)
        else resolve()
      }
      // The caller gives its memory back when it hears of the end: until then no worker may be writing.
      const finish = (stopWorkers: boolean) => {
        if (!open) return
        open = false
        options.signal?.removeEventListener('abort', onAbort)
        for (const worker of this.#workers) {
          worker.removeAllListeners('message')
          worker.removeAllListeners('error')
          worker.unref()
        }
        if (stopWorkers) void this.#discard().then(end)
        else end()
      }
      const fail = (error: unknown, stopWorkers: boolean) => {
        failed ??= { error }
        if (stopWorkers || inWork === 0) finish(stopWorkers)
      }
      const onAbort = () => fail(interruptedError(), true)
      const give = (worker: Worker) => {
        if (next >= parts.length || failed) return
        const message: WorkerJob = { task, job, part: next, input: parts[next] }
        if (!told.has(worker)) {
          message.shared = shared
          told.add(worker)
        }
        next++
        try {
          worker.postMessage(message)
          inWork++
        } catch (error) {
          fail(error, together)
        }
      }
      const take = (worker: Worker, answer: WorkerAnswer) => {
        if (answer.job !== job) return
        inWork--
        if (failed) {
          fail(failed.error, false)
          return
        }
        if ('error' in answer) {
          fail(thawError(answer.error), together)
          return
        }
        waiting.set(answer.part, answer.result as Result<T>)
        done++
        try {
          for (; waiting.has(handedOver); handedOver++) {
            const result = waiting.get(handedOver) as Result<T>
            waiting.delete(handedOver)
            onResult(result, handedOver)
          }
          options.onPart?.(done, parts.length)
        } catch (error) {
          fail(error, together)
          return
        }
        if (done === parts.length) finish(false)
        else give(worker)
      }
      if (options.signal?.aborted) return fail(interruptedError(), false)
      options.signal?.addEventListener('abort', onAbort)
      if (parts.length === 0) return finish(false)
      this.#start(parts.length)
      this.#stopJob = () => fail(interruptedError(), true)
      for (const worker of this.#workers) {
        if (!open) break
        worker.ref()
        worker.on('error', (error) => fail(error, true))
        worker.on('message', (answer: WorkerAnswer) => take(worker, answer))
        give(worker)
      }
    })
  }

  /** Ends the job that runs, and those that wait, with 'interrupted'. */
  async close(): Promise<void> {
    this.#timesClosed++
    this.#stopJob()
    await Promise.all(this.#workers.map((w) => w.terminate()))
    this.#workers = []
    this.#memory.close()
  }
}
