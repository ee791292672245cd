/**
 * The blocks of a population in order, simulated in the calling thread or on worker threads. Threads run ahead of whoever takes
 * the blocks by a few of them only, so that memory does not grow with the number of people.
 */
import { setImmediate as pause } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { type PlainError, thawError } from '../threads/plainError.ts'
import { interruptedError } from '../util/errors.ts'
import type { Block } from './block.ts'
import { blockMaker } from './blockMaker.ts'
import { countCommunities, makeSimulator, type Setup } from './simulateCommunity.ts'

/** What a worker is asked for, and what it answers. */
export interface BlockTask {
  first: number
  count: number
}
export type BlockAnswer = { block: Block } | { error: PlainError }

export interface BlocksOptions {
  /** 1: no worker, the calling thread */
  threads: number
  /** communities a block; changes no row */
  size: number
  signal?: AbortSignal | undefined
}

const workerUrl = (): URL =>
  import.meta.url.endsWith('.ts')
    ? new URL('../../dist/population/blockWorker.js', import.meta.url)
    : new URL('../population/blockWorker.js', import.meta.url)

/** Blocks a thread may have made or be making before they are taken. */
const AHEAD = 2

/** @throws GlasscoreError('interrupted') when the signal aborts, and whatever a thread throws */
export const simulateBlocks = (setup: Setup, { threads, size, signal }: BlocksOptions): AsyncGenerator<Block> => {
  const communities = countCommunities(setup.people)
  const tasks: BlockTask[] = []
  for (let first = 0; first < communities; first += size)
    tasks.push({ first, count: Math.min(size, communities - first) })
  const workers = Math.min(threads, tasks.length)
  return workers > 1 ? onWorkers(setup, tasks, workers, signal) : here(setup, tasks, signal)
}

async function* here(setup: Setup, tasks: readonly BlockTask[], signal?: AbortSignal): AsyncGenerator<Block> {
  const makeBlock = blockMaker(makeSimulator(setup))
  for (const { first, count } of tasks) {
    // a turn of the event loop, so that progress is drawn and a signal is heard
    await pause()
    if (signal?.aborted) throw interruptedError()
    yield makeBlock(first, count)
  }
}

async function* onWorkers(
  setup: Setup,
  tasks: readonly BlockTask[],
  threads: number,
  signal?: AbortSignal,
): AsyncGenerator<Block> {
  const made = new Map<number, Block>()
  let failure: { error: unknown } | undefined
  let wake = (): void => {}
  const fail = (error: unknown): void => {
    failure ??= { error }
    wake()
  }
  const onAbort = (): void => fail(interruptedError())
  const workers: Worker[] = []
  const idle: Worker[] = []
  let next = 0
  let taken = 0
  /** by the number of its first community, the place of a block */
  const place = new Map(tasks.map(({ first }, k) => [first, k]))
  const giveWork = (): void => {
    while (next < Math.min(tasks.length, taken + AHEAD * threads)) {
      const worker = idle.pop()
      if (!worker) return
      worker.postMessage(tasks[next++])
    }
  }
  const start = (): void => {
    const worker = new Worker(workerUrl(), { workerData: setup, execArgv: [] })
    worker.on('message', (answer: BlockAnswer) => {
      if ('error' in answer) return fail(thawError(answer.error))
      made.set(place.get(answer.block.first)!, answer.block)
      idle.push(worker)
      giveWork()
      wake()
    })
    worker.on('error', fail)
    worker.on('exit', (code) => fail(new Error(`a thread of the simulation ended by itself, with code ${code}`)))
    workers.push(worker)
    idle.push(worker)
  }
  signal?.addEventListener('abort', onAbort)
  try {
    if (signal?.aborted) throw interruptedError()
    for (let k = 0; k < threads; k++) start()
    while (taken < tasks.length) {
      giveWork()
      const block = made.get(taken)
      if (block && !failure) {
        made.delete(taken++)
        giveWork()
        yield block
      } else {
        if (failure) throw failure.error
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    }
  } finally {
    signal?.removeEventListener('abort', onAbort)
    await Promise.all(workers.map((worker) => worker.terminate()))
  }
}
