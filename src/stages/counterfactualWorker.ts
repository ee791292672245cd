/** A thread that looks for counterfactuals: it is asked for rows and answers with what it found for each. */
import { parentPort, workerData } from 'node:worker_threads'
import { counterfactualSearch, type FindCounterfactuals } from '../counterfactuals/counterfactualSearch.ts'
import { freezeError } from '../threads/plainError.ts'
import type { RowAnswer, RowQuestions } from './counterfactualRows.ts'

const { scorer, reference, options, frame } = workerData as RowQuestions
let find: FindCounterfactuals | undefined

parentPort?.on('message', (row: number) => {
  try {
    find ??= counterfactualSearch(scorer, reference, options)
    parentPort?.postMessage({ row, found: find(frame, row) } satisfies RowAnswer)
  } catch (error) {
    parentPort?.postMessage({ error: freezeError(error) } satisfies RowAnswer)
  }
})
