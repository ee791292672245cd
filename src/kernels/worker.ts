/** The far side of the pool: receives parts, answers results. `shared` comes once a job and is kept. */
import { parentPort } from 'node:worker_threads'
import { GlasscoreError } from '../util/errors.ts'
import type { WorkerAnswer, WorkerJob } from './pool.ts'
import { TASKS } from './tasks.ts'
import { transferList } from './transferList.ts'

let job = -1
let shared: unknown

parentPort?.on('message', (message: WorkerJob) => {
  if (message.job !== job || message.shared !== undefined) {
    job = message.job
    shared = message.shared
  }
  const where = { job: message.job, part: message.part }
  try {
    const task = TASKS[message.task] as (s: unknown, p: unknown) => unknown
    const result = task(shared, message.input)
    parentPort?.postMessage({ ...where, result } satisfies WorkerAnswer, transferList(result))
    return
  } catch (error) {
    const { message: text, stack } = error as Error
    const kind = error instanceof GlasscoreError ? error.kind : undefined
    parentPort?.postMessage({ ...where, error: { message: text, stack, kind } } satisfies WorkerAnswer)
  }
})
