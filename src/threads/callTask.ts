import type { Part, Result, Shared } from '../kernels/pool.ts'
import { TASKS, type TaskName } from '../kernels/tasks.ts'
import type { TaskThread } from '../kernels/taskThread.ts'

/** Runs a task by its name. */
export const callTask = <T extends TaskName>(
  task: T,
  shared: Shared<T>,
  part: Part<T>,
  thread: TaskThread,
): Result<T> => {
  const call = TASKS[task] as (shared: Shared<T>, part: Part<T>, thread: TaskThread) => Result<T>
  return call(shared, part, thread)
}
