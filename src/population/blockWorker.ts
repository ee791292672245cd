/** A thread that simulates blocks: it is asked for communities and answers with their rows. */
import { parentPort, workerData } from 'node:worker_threads'
import { freezeError } from '../threads/plainError.ts'
import { transferList } from '../threads/transferList.ts'
import type { Block } from './block.ts'
import { blockMaker } from './blockMaker.ts'
import type { BlockAnswer, BlockTask } from './blocks.ts'
import { makeSimulator, type Setup } from './simulateCommunity.ts'

let makeBlock: ((first: number, count: number) => Block) | undefined

parentPort?.on('message', ({ first, count }: BlockTask) => {
  try {
    makeBlock ??= blockMaker(makeSimulator(workerData as Setup))
    const block = makeBlock(first, count)
    parentPort?.postMessage({ block } satisfies BlockAnswer, transferList(block))
  } catch (error) {
    parentPort?.postMessage({ error: freezeError(error) } satisfies BlockAnswer)
  }
})
