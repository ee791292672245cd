/**
 * Fork and join over worker threads. A job is cut into parts whose results do not depend on who computes them or when;
 * they come back in the order of the parts, so the outcome is the same for any number of threads.
 *
 * Large arrays travel in `shared` as views on SharedArrayBuffer and are not copied. With one thread everything runs in
 * this thread, with a pause between parts so that progress is drawn and a signal is heard.
 */
import { setImmediate as pause } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { type ErrorKind, GlasscoreError, interruptedError } from '../util/errors.ts'
import { TASKS, type TaskName } from './tasks.ts'

/** How a job on a pool is watched and stopped. */
export interface PoolRun {
  /** called after each finished part */
  onPart?: (done: number, total: number) => void
  signal?: AbortSignal | undefined
}

type Shared<T extends TaskName> = Parameters<(typeof TASKS)[T]>[0]
type Part<T extends TaskName> = Parameters<(typeof TASKS)[T]>[1]
type Result<T extends TaskName> = ReturnType<(typeof TASKS)[T]>

/** Threads that share work; results never depend on their number. Close it, or the process stays alive. */
export interface Pool {
  readonly threads: number
  /** Computes every part and gives their results back in the order of the parts. */
  run<T extends TaskName>(
    task: T,
    shared: Shared<T>,
    parts: readonly Part<T>[],
    options?: PoolRun,
  ): Promise<Result<T>[]>
  /**
   * The same without keeping results: each is handed over once, in the order of the parts, as soon as those before it are
   * there. For sums over parts.
   */
  runEach<T extends TaskName>(
    task: T,
    shared: Shared<T>,
    parts: readonly Part<T>[],
    onResult: (result: Result<T>, part: number) => void,
    options?: PoolRun,
  ): Promise<void>
  /** Ends the threads; the pool cannot be used again. */
  close(): Promise<void>
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
  | { job: number; part: number; error: { message: string; stack?: string | undefined; kind?: ErrorKind | undefined } }

const workerUrl = (): URL =>
  import.meta.url.endsWith('.ts')
    ? new URL('../../dist/kernels/worker.js', import.meta.url)
    : new URL('./worker.js', import.meta.url)

class InlinePool implements Pool {
  readonly threads = 1

  async run<T extends TaskName>(task: T, shared: Shared<T>, parts: readonly Part<T>[], options?: PoolRun) {
    const results: Result<T>[] = []
    await this.runEach(task, shared, parts, (result) => results.push(result), options)
    return results
  }

  async runEach<T extends TaskName>(
    task: T,
    shared: Shared<T>,
    parts: readonly Part<T>[],
    onResult: (result: Result<T>, part: number) => void,
    options: PoolRun = {},
  ) {
    const call = TASKS[task] as (s: Shared<T>, p: Part<T>) => Result<T>
    for (const [k, part] of parts.entries()) {
      if (options.signal?.aborted) throw interruptedError()
      onResult(call(shared, part), k)
      options.onPart?.(k + 1, parts.length)
      await pause()
    }
  }

  async close(): Promise<void> {}
}

class WorkerPool implements Pool {
  readonly threads: number
  #workers: Worker[] = []
  #jobs = 0
  #busy = false

  constructor(threads: number) {
    this.threads = threads
  }

  /** Workers start with the first job that has parts for them: work that needs none pays nothing. */
  #start(parts: number): void {
    while (this.#workers.length < Math.min(this.threads, parts)) {
      const worker = new Worker(workerUrl())
      worker.unref()
      this.#workers.push(worker)
    }
  }

  /** A worker that died takes its siblings along; the next job starts new ones. */
  #discard(): void {
    const workers = this.#workers
    this.#workers = []
    for (const worker of workers) {
      worker.on('error', () => {})
      void worker.terminate()
    }
  }

  async run<T extends TaskName>(task: T, shared: Shared<T>, parts: readonly Part<T>[], options?: PoolRun) {
    const results: Result<T>[] = []
    await this.runEach(task, shared, parts, (result) => results.push(result), options)
    return results
  }

  runEach<T extends TaskName>(
    task: T,
    shared: Shared<T>,
    parts: readonly Part<T>[],
    onResult: (result: Result<T>, part: number) => void,
    options: PoolRun = {},
  ) {
    if (this.#busy) return Promise.reject(new Error('a pool runs one job at a time'))
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
      const finish = (act: () => void) => {
        if (!open) return
        open = false
        this.#busy = false
        options.signal?.removeEventListener('abort', onAbort)
        for (const worker of this.#workers) {
          worker.removeAllListeners('message')
          worker.removeAllListeners('error')
          worker.unref()
        }
        act()
      }
      const onAbort = () =>
        finish(() => {
          this.#discard()
          reject(interruptedError())
        })
      const give = (worker: Worker) => {
        if (next >= parts.length) return
        const message: WorkerJob = { task, job, part: next, input: parts[next] }
        if (!told.has(worker)) {
          message.shared = shared
          told.add(worker)
        }
        next++
        try {
          worker.postMessage(message)
        } catch (error) {
          finish(() => reject(error))
        }
      }
      if (options.signal?.aborted) return onAbort()
      options.signal?.addEventListener('abort', onAbort)
      if (parts.length === 0) return finish(resolve)
      this.#start(parts.length)
      for (const worker of this.#workers) {
        worker.ref()
        worker.on('error', (error) =>
          finish(() => {
            this.#discard()
            reject(error)
          }),
        )
        worker.on('message', (answer: WorkerAnswer) => {
          if (answer.job !== job) return
          if ('error' in answer) {
            const { kind, message } = answer.error
            const error = kind ? new GlasscoreError(kind, message) : new Error(message)
            if (answer.error.stack) error.stack = answer.error.stack
            finish(() => reject(error))
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
          } catch (error) {
            finish(() => reject(error))
            return
          }
          options.onPart?.(done, parts.length)
          if (done === parts.length) finish(resolve)
          else give(worker)
        })
        give(worker)
      }
    })
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((w) => w.terminate()))
    this.#workers = []
  }
}

/** A pool of `threads` workers, or this thread alone for 1. */
export const openPool = (threads: number): Pool => {
  if (!Number.isInteger(threads) || threads < 1 || threads > 256)
    throw new GlasscoreError('usage', 'invalid number of threads', {
      option: 'threads',
      expected: 'a whole number from 1 to 256',
      got: threads,
    })
  return threads === 1 ? new InlinePool() : new WorkerPool(threads)
}

/** A copy of a typed array on shared memory, to be sent to workers without copying again. */
export const shareFloats = (values: Float64Array): Float64Array => {
  if (values.buffer instanceof SharedArrayBuffer) return values
  const shared = new Float64Array(new SharedArrayBuffer(values.byteLength))
  shared.set(values)
  return shared
}

/** The same for bytes. */
export const shareBytes = (values: Uint8Array): Uint8Array => {
  if (values.buffer instanceof SharedArrayBuffer) return values
  const shared = new Uint8Array(new SharedArrayBuffer(values.byteLength))
  shared.set(values)
  return shared
}
