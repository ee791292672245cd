/** The far side of the pool: receives parts, answers results. `shared` comes once a job and is kept. */
import { parentPort, workerData } from 'node:worker_threads'
import { type Core, instantiate } from '../kernels/memory/core.ts'
import type { CompiledModule, LinearMemory } from '../kernels/memory/webAssembly.ts'
import { callTask } from './callTask.ts'
import { freezeError } from './plainError.ts'
import { transferList } from './transferList.ts'
import type { WorkerAnswer, WorkerJob, WorkerStart } from './workerPool.ts'

const { index, threads, compiled, crowded } = workerData as WorkerStart
let core: Core | undefined
const thread = {
  index,
  threads,
  get core(): Core {
    if (!compiled) throw new Error('this pool runs the readable kernels')
    core ??= instantiate(compiled.module as CompiledModule, compiled.memory as LinearMemory, crowded)
    return core
  },
}
let job = -1
let shared: unknown

parentPort?.on('message', (message: WorkerJob) => {
  if (message.job !== job || message.shared !== undefined) {
    job = message.job
    shared = message.shared
  }
  const where = { job: message.job, part: message.part }
  try {
    const result: unknown = callTask(message.task, shared as never, message.input as never, thread)
    parentPort?.postMessage({ ...where, result } satisfies WorkerAnswer, transferList(result))
  } catch (error) {
    parentPort?.postMessage({ ...where, error: freezeError(error) } satisfies WorkerAnswer)
  }
})
