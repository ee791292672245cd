/** Counterfactuals of many rows, in the calling thread or on worker threads; the answers are in the order of the rows and the same for any number. */
import { setImmediate as pause } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import type { Counterfactuals } from '../counterfactuals/counterfactual.ts'
import { counterfactualSearch } from '../counterfactuals/counterfactualSearch.ts'
import type { ChangeReference } from '../counterfactuals/reference.ts'
import type { CounterfactualOptions } from '../counterfactuals/settings.ts'
import type { FactorFrame } from '../matrix/frame.ts'
import type { Scorer } from '../scores/scorer.ts'
import { type PlainError, thawError } from '../threads/plainError.ts'
import { interruptedError } from '../util/errors.ts'

/** What every thread is told once: all rows of the frame are asked for. */
export interface RowQuestions {
  scorer: Scorer
  reference: ChangeReference
  options: CounterfactualOptions
  frame: FactorFrame
}
export type RowAnswer = { row: number; found: Counterfactuals } | { error: PlainError }

export interface RowThreads {
  /** 1 without a signal: no worker, the calling thread */
  threads: number
  /** is heard at once, since the search then runs on workers, one at least */
  signal?: AbortSignal | undefined
  /** called after every row with how many are done */
  done?: (rows: number) => void
}

const workerUrl = (): URL =>
  import.meta.url.endsWith('.ts')
    ? new URL('../../dist/stages/counterfactualWorker.js', import.meta.url)
    : new URL('../stages/counterfactualWorker.js', import.meta.url)

/** Rows for which a thread is worth its start. */
const ROWS_OF_THREAD = 4

/** @throws GlasscoreError('interrupted') when the signal aborts, and whatever a thread throws */
export const counterfactualRows = async (questions: RowQuestions, how: RowThreads): Promise<Counterfactuals[]> => {
  const threads = Math.min(how.threads, Math.floor(questions.frame.rows / ROWS_OF_THREAD))
  return threads > 1 || how.signal
    ? onWorkers(questions, { ...how, threads: Math.max(1, threads) })
    : here(questions, how)
}

const here = async (
  { scorer, reference, options, frame }: RowQuestions,
  { done }: RowThreads,
): Promise<Counterfactuals[]> => {
  const find = counterfactualSearch(scorer, reference, options)
  const found: Counterfactuals[] = []
  for (let row = 0; row < frame.rows; row++) {
    // A turn of the event loop, so that progress is drawn.
    await pause()
    found.push(find(frame, row))
    done?.(found.length)
  }
  return found
}

const onWorkers = async (
  questions: RowQuestions,
  { threads, signal, done }: RowThreads,
): Promise<Counterfactuals[]> => {
  const { rows } = questions.frame
  const found = new Array<Counterfactuals>(rows)
  const workers: Worker[] = []
  let stop = (): void => {}
  try {
    await new Promise<void>((resolve, reject) => {
      stop = () => reject(interruptedError())
      if (signal?.aborted) return stop()
      signal?.addEventListener('abort', stop)
      let [next, answered] = [0, 0]
      for (let k = 0; k < threads; k++) {
        const worker = new Worker(workerUrl(), { workerData: questions, execArgv: [] })
        workers.push(worker)
        worker.on('message', (answer: RowAnswer) => {
          if ('error' in answer) return reject(thawError(answer.error))
          found[answer.row] = answer.found
          done?.(++answered)
          if (next < rows) worker.postMessage(next++)
          if (answered === rows) resolve()
        })
        worker.on('error', reject)
        worker.on('exit', (code) => reject(new Error(`a thread of the search ended by itself, with code ${code}`)))
        worker.postMessage(next++)
      }
    })
  } finally {
    signal?.removeEventListener('abort', stop)
    await Promise.all(workers.map((worker) => worker.terminate()))
  }
  return found
}
