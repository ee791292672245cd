/** What an adapter of ours (compute/ours/) or of an npm peer (compute/npm/) is given, and what it gives back. */
import { type Matrix, openPool, type Pool } from 'glasscore'
import type { Table } from './data.ts'

export interface Task {
  /** training rows; rows to explain or predict, for those works */
  train: Table
  /** rows to score after fitting; empty for work that fits nothing */
  test: Table
  threads: number
  seed: number
  /** `same` of the job, with `ours` of the job and the peer's own part merged in */
  same: Settings
  /** settings of an npm peer */
  settings: Settings
  /** folder of the trees of shap and predict jobs */
  model?: string
  /** who grew those trees: its values, where it left any, are compared with ours */
  against?: string
}

export type Settings = Readonly<Record<string, number | string | boolean | null>>

export interface Done {
  /**
   * By name; all but `predict` count as the work. What starts with the first job of a process (worker threads, WASM)
   * belongs in here, reading files does not.
   */
  seconds: Record<string, number>
  /** of the test rows, in any unit that ranks them: the harness measures AUC */
  scores?: Float64Array
  /** of a linear model: the harness measures the gradient there, in the same way for all */
  linear?: { intercept: number; coefficients: Float64Array }
  /** plain numbers worth keeping */
  figures?: Record<string, number>
  /** as peers say it: what was done of the job where that is less, times having been scaled up in proportion */
  scaledFrom?: Record<string, number>
  /** measured when all that counts has been, for information: seconds of other ways to do the job, in the same process */
  also?: () => Promise<Record<string, number>>
  /** called last */
  close?: () => Promise<void>
}

export interface Adapter {
  run(task: Task): Promise<Done>
}

/** Seconds of the wall clock that a piece of work takes. */
export const timed = async <T>(work: () => T | Promise<T>): Promise<{ seconds: number; value: T }> => {
  const start = performance.now()
  const value = await work()
  return { seconds: (performance.now() - start) / 1000, value }
}

export const numberOf = (settings: Settings, name: string): number => {
  const value = settings[name]
  if (typeof value !== 'number') throw new Error(`the job has no number "${name}" under same`)
  return value
}

/** A table as a matrix of glasscore, without a copy. */
export const matrixOf = ({ rows, columns, values }: Table): Matrix => ({
  rows,
  columns: Array.from({ length: columns }, (_, j) => ({ name: `x${j}`, factor: j, role: 'value' as const })),
  values,
})

/**
 * A piece of work done cold: the pool is opened within the time, its threads start and compile. The pool stays open for what is measured warm; closing it is not
 * timed, as nobody waits for a peer's threads to end either.
 */
export const timedCold = async <T>(
  threads: number,
  work: (pool: Pool) => Promise<T>,
): Promise<{ seconds: number; value: T; pool: Pool }> => {
  const { seconds, value } = await timed(async () => {
    const pool = openPool(threads)
    return { pool, result: await work(pool) }
  })
  return { seconds, value: value.result, pool: value.pool }
}

/** Seconds of each piece of work, in their order. */
export const timedAll = async (
  works: Readonly<Record<string, () => Promise<unknown>>>,
): Promise<Record<string, number>> => {
  const seconds: Record<string, number> = {}
  for (const [name, work] of Object.entries(works)) seconds[name] = (await timed(work)).seconds
  return seconds
}
