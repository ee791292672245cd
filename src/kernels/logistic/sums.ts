/**
 * What a fit asks of the data, and who answers: the compiled kernels on a pool (compiledSums.ts) or their readable twin
 * (readableSums.ts). The solver is a generator of such questions, so that one solver serves both, at once or in the background.
 */
import type { Scaling } from './scaling.ts'

/** In working coordinates (scaling.ts), the intercept first. */
export type Request =
  | {
      kind: 'sums'
      beta: Float64Array
      /** X'WX with W = weight x p (1 - p): not asked for; from a share of the rows, scaled up; from all rows */
      information: 'none' | 'sample' | 'all'
      /** all: exact, in double precision; approach: single precision is enough; sample: from a share of the rows, scaled up */
      of: 'all' | 'approach' | 'sample'
    }
  /** how far the signed margins of `beta` reach */
  | { kind: 'reach'; beta: Float64Array }

export interface Answer {
  /** of the weighted rows */
  logLikelihood: number
  /** d logLikelihood / d beta */
  gradient: Float64Array
  /** n x n row-major, lower triangle; empty unless asked for */
  information: Float64Array
  /** least and greatest margin of rows with weight, its sign turned for good rows; NaN unless asked for */
  least: number
  greatest: number
}

/** The answer to `reach`. */
export const reached = (least: number, greatest: number): Answer => ({
  logLikelihood: Number.NaN,
  gradient: new Float64Array(0),
  information: new Float64Array(0),
  least,
  greatest,
})

/** A computation that asks for sums. */
export type Asking<T> = Generator<Request, T, Answer>

/** Data that answer; `weigh` gives rows other weights, `close` gives memory back. */
export interface Sums {
  readonly rows: number
  /** columns and intercept */
  readonly n: number
  readonly scaling: Scaling
  /** whether there is a copy in single precision, for the approach */
  readonly single: boolean
  /** sum of all weights, and of those of bad rows */
  readonly total: number
  readonly bad: number
  weigh(weights: Float64Array | undefined): void
  answer(request: Request): Answer | Promise<Answer>
  close(): void
}

/** Runs a computation on data that answer at once. */
export const runNow = <T>(asking: Asking<T>, answer: (request: Request) => Answer): T => {
  let turn = asking.next()
  while (!turn.done) turn = asking.next(answer(turn.value))
  return turn.value
}

/** Runs a computation on data that answer later. */
export const runLater = async <T>(
  asking: Asking<T>,
  answer: (request: Request) => Answer | Promise<Answer>,
): Promise<T> => {
  let turn = asking.next()
  while (!turn.done) turn = asking.next(await answer(turn.value))
  return turn.value
}
