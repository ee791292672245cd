/**
 * Proximal Newton for penalized logistic regression.
 *
 * On large data in stages: a fit to a share of the rows; gradients in single precision from all rows with the information of the
 * share, steps that contract by its sampling error and teach it (secant.ts); exact gradients in double precision from the data
 * themselves, with one information of all rows that is kept as long as the steps contract. Steps are halved until the objective falls.
 * McCullagh & Nelder, Generalized Linear Models, 2nd ed., 4.4; Byrd et al. 2011, doi:10.1137/10079923X (sub-sampled curvature).
 */
import { type Penalty, penaltyAt, worstViolation } from './penalty.ts'
import { proximalStep, smoothFactor, smoothStep } from './quadraticStep.ts'
import { learnFromStep } from './secant.ts'
import type { Answer, Asking, Sums } from './sums.ts'

export interface SolveOptions {
  maxIterations: number
  /** largest violation of a condition of optimality, per unit of weight */
  tolerance: number
}

export interface Solution {
  /** in working coordinates */
  beta: Float64Array
  iterations: number
  /** largest violation of a condition of optimality, per unit of weight */
  violation: number
  /** largest entry of the last step */
  movement: number
  logLikelihood: number
  gradient: Float64Array
  /** whether the last sums were exact */
  exact: boolean
}

/** Single precision sees no smaller gradient in a tile of 256 rows, per unit of weight; the errors of tiles are independent. */
const TILE_FLOOR = 3e-7
const singleFloor = (rows: number): number => TILE_FLOOR / Math.sqrt(Math.max(1, rows / 256))
/** Pivots smaller than this, relative to their diagonal, are rounding. */
const SINGLE_PIVOT = 1e-5
const PIVOT = 1e-12
/** Steps that reduce the violation less than this ask for a new information; less, where steps teach it. */
const CONTRACTION = 0.25
const TAUGHT_CONTRACTION = 0.5
/** Most coefficients for which a new factor after each step costs next to nothing. */
const TAUGHT = 300
/** What rounding may add to the objective. */
const SINGLE_SLACK = 1e-6
const SLACK = 1e-13
const SMALLEST_STEP = 1e-10

/** How small the gradient of a sample need be, per unit of weight: less than its own error. */
const SAMPLE_FLOOR = 1e-4
/** Steps on the sample, and steps in single precision, before the next stage must help. */
const SAMPLE_STEPS = 15
const APPROACH_STEPS = 30

/**
 * sample: sums and information of a share of the rows; approach: single precision, all rows, the information of the sample or of all; chord:
 * exact, one information of all rows in single precision; newton: exact throughout
 */
type Stage = 'sample' | 'approach' | 'chord' | 'newton'

/** @param start in working coordinates */
export function* solve(data: Sums, penalty: Penalty, start: Float64Array, options: SolveOptions): Asking<Solution> {
  const { n, total } = data
  const { tolerance } = options
  let stage: Stage = 'newton'
  const isAt = (one: Stage): boolean => stage === one
  const isTaught = () => n <= TAUGHT && isAt('approach')
  let beta = start
  let movement = 0
  let iterations = 0
  let stageSteps = 0
  let information: Float64Array = new Float64Array(0)
  /** whether the information is that of all rows */
  let complete = false
  let factor: Float64Array | undefined
  let sums: Answer
  let objective = 0
  let worst = 0

  const ask = function* (at: Float64Array, wanted: 'none' | 'sample' | 'all'): Asking<Answer> {
    const of = isAt('sample') ? 'sample' : isAt('approach') ? 'approach' : 'all'
    return yield { kind: 'sums', beta: at, information: wanted, of }
  }
  const perStep = () => (isAt('newton') ? 'all' : isAt('sample') ? 'sample' : 'none')
  const take = (answer: Answer): void => {
    sums = answer
    objective = penaltyAt(beta, penalty) - answer.logLikelihood
    worst = worstViolation(beta, answer.gradient, penalty) / total
    if (answer.information.length === 0) return
    information = answer.information
    factor = undefined
  }
  const enter = function* (next: Stage): Asking<void> {
    stage = next
    stageSteps = 0
    if (next === 'chord' && !complete) {
      const single = yield { kind: 'sums', beta, information: 'all', of: 'approach' }
      information = single.information
      factor = undefined
      complete = true
    }
    take(yield* ask(beta, perStep()))
  }
  const floorOf = () =>
    isAt('sample')
      ? Math.max(tolerance, SAMPLE_FLOOR)
      : isAt('approach')
        ? Math.max(tolerance, singleFloor(data.rows))
        : tolerance

  stage = data.single ? 'sample' : 'newton'
  sums = yield* ask(beta, perStep())
  take(sums)
  /** set when the violation is within the tolerance: one more step polishes the last digits */
  let polished = false
  while (iterations < options.maxIterations) {
    const within = worst <= floorOf()
    if (within && isAt('sample')) {
      yield* enter('approach')
      continue
    }
    if (within && isAt('approach')) {
      if (worst <= tolerance) break
      yield* enter('chord')
      continue
    }
    if (within && polished) break
    const model = {
      n,
      beta,
      gradient: sums.gradient,
      information,
      pivot: isAt('newton') ? PIVOT : SINGLE_PIVOT,
    }
    let step: Float64Array
    if (penalty.smooth) {
      factor ??= smoothFactor(model, penalty)
      step = smoothStep(model, penalty, factor)
    } else step = proximalStep(model, penalty)

    const before = worst
    const { gradient } = sums
    const next = yield* fall(step)
    if (next && !(within && next.worst > before)) {
      iterations++
      stageSteps++
      movement = largestOf(step)
      const moved = next.beta.map((b, j) => b - beta[j]!)
      beta = next.beta
      take(next.answer)
      const fell = gradient.map((g, j) => g - sums.gradient[j]!)
      if (isTaught() && learnFromStep(information, n, moved, fell)) factor = undefined
    } else if (isAt('newton') || within) break
    if (within) {
      polished = true
      continue
    }
    const contracts = next !== undefined && worst <= (isTaught() ? TAUGHT_CONTRACTION : CONTRACTION) * before
    if (contracts) continue
    if (isAt('sample') && (!next || stageSteps > SAMPLE_STEPS)) yield* enter('approach')
    else if (isAt('approach')) {
      // Where columns have heavy tails the information of the sample is far from that of all rows, which is then worth its pass.
      if (!next || complete || stageSteps > APPROACH_STEPS) yield* enter('chord')
      else {
        complete = true
        take(yield* ask(beta, 'all'))
      }
    } else if (isAt('chord')) yield* enter('newton')
  }
  return {
    beta,
    iterations,
    violation: worst,
    movement,
    logLikelihood: sums.logLikelihood,
    gradient: sums.gradient,
    exact: isAt('chord') || isAt('newton'),
  }

  /** The longest of the halved steps that does not raise the objective. */
  function* fall(step: Float64Array): Asking<{ beta: Float64Array; answer: Answer; worst: number } | undefined> {
    const rough = isAt('sample') || isAt('approach')
    const slack = (rough ? SINGLE_SLACK : SLACK) * Math.abs(objective)
    for (let size = 1; size > SMALLEST_STEP; size /= 2) {
      const candidate = beta.map((b, j) => b + size * step[j]!)
      const answer: Answer = yield* ask(candidate, perStep())
      // Near the optimum the objective is flat to rounding; a step that does not raise it visibly is taken.
      if (penaltyAt(candidate, penalty) - answer.logLikelihood <= objective + slack)
        return { beta: candidate, answer, worst: worstViolation(candidate, answer.gradient, penalty) / total }
      if (!isAt('newton') && size < 0.1) return undefined
    }
    return undefined
  }
}

export const largestOf = (values: Float64Array): number => values.reduce((a, b) => Math.max(a, Math.abs(b)), 0)
