/** The calls of the compiled kernels of boosting; all threads make them together. */
import type { TaskThread } from '../taskThread.ts'

/** Fills the store of a job from column-major bins. */
export const boostingStore = (shared: { job: number }, _part: null, { core, index, threads }: TaskThread): null => {
  core.kernels['boostingStore']!(shared.job, index, threads)
  return null
}

/** Grows the next tree of a job. */
export const boostingTree = (
  shared: { job: number; control: number },
  _part: null,
  { core, index, threads }: TaskThread,
): null => {
  try {
    core.kernels['boostingTree']!(shared.job, index, threads)
  } catch (error) {
    core.kernels['teamFail']!(shared.control)
    throw error
  }
  return null
}
