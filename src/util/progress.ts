/**
 * What long work tells about itself: `done` of `total` units of the named step; total 0 when it is not known.
 * The command line draws it on a terminal; a pipe and the API see nothing unless they ask.
 */
export type Progress = (step: string, done: number, total: number) => void

export const noProgress: Progress = () => {}

/** How long work is watched and stopped. */
export interface WorkOptions {
  progress?: Progress
  signal?: AbortSignal
}
