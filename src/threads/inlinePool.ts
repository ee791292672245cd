/**
 * A pool of one thread: the calling one. It pauses between parts, so that progress is drawn and a signal is heard. It needs nothing of
 * Node: a page runs it too.
 */
import type { Core } from '../kernels/memory/core.ts'
import { CoreMemory } from '../kernels/memory/coreMemory.ts'
import type { Space } from '../kernels/memory/space.ts'
import { pause } from '../kernels/pause.ts'
import type { KernelKind, Part, Pool, PoolRun, Result, Shared } from '../kernels/pool.ts'
import type { TaskName } from '../kernels/tasks.ts'
import { interruptedError } from '../util/errors.ts'
import { callTask } from './callTask.ts'
import type { PoolOptions } from './poolOptions.ts'

export class InlinePool implements Pool {
  readonly threads = 1
  readonly kernels: KernelKind
  readonly #memory: CoreMemory
  readonly #pauses: boolean
  #timesClosed = 0

  /** @param options `pauses: false` for jobs of some milliseconds, such as one row of a page: it does not wait for the event loop */
  constructor({ kernels, memoryLimit, pauses = true }: PoolOptions & { kernels: KernelKind; pauses?: boolean }) {
    this.kernels = kernels
    this.#pauses = pauses
    this.#memory = new CoreMemory(false, memoryLimit)
  }

  get space(): Space {
    return this.#memory.space
  }

  get core(): Core {
    return this.#memory.core
  }

  prepare(): void {}

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
    const pool = this
    const timesClosed = this.#timesClosed
    const goesOn = () => timesClosed === this.#timesClosed && !options.signal?.aborted
    if (options.space && options.space !== this.space) throw interruptedError()
    const thread = {
      index: 0,
      threads: 1,
      get core() {
        return pool.core
      },
    }
    for (const [k, part] of parts.entries()) {
      if (!goesOn()) throw interruptedError()
      onResult(callTask(task, shared, part, thread), k)
      options.onPart?.(k + 1, parts.length)
      if (this.#pauses) await pause()
    }
    if (timesClosed !== this.#timesClosed) throw interruptedError()
  }

  team<T extends TaskName>(task: T, shared: Shared<T>, part: Part<T>, options?: PoolRun) {
    return this.run(task, shared, [part], options)
  }

  /** Ends a job that still runs with 'interrupted', and lets the memory go; the pool takes new memory when it is used again. */
  async close(): Promise<void> {
    this.#timesClosed++
    this.#memory.close()
  }
}
