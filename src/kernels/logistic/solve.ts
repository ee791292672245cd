/**
 * Proximal Newton for penalized logistic regression.
 *
 * On large data in stages: a fit to a share of the rows; gradients in single precision from all rows with the information of the
 * share; exact gradients in double precision from the data themselves. An information costs as many passes as there are columns, so it is
 * kept, with what the steps tell beside it (secantPairs.ts; secant.ts where the penalty is not smooth), as long as the steps contract; then
 * one of all rows takes its place. Steps are halved until the objective falls.
 * McCullagh & Nelder, Generalized Linear Models, 2nd ed., 4.4; Byrd et al. 2011, doi:10.1137/10079923X (sub-sampled curvature).
 */
import { type Penalty, penaltyAt, worstViolation } from './penalty.ts'
import { proximalStep, smoothFactor, upwardGradient } from './quadraticStep.ts'
import { learnFromStep } from './secant.ts'
import { SecantPairs } from './secantPairs.ts'
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

/**
 * Least tolerance that is met in single precision, per unit of weight: rounded coefficients err the same way in all rows, the errors of
 * tiles of 256 rows are independent. A fit ends there at half the tolerance, and leaves the other half to these errors.
 */
const SINGLE_FLOOR = 5e-9
const TILE_FLOOR = 6e-7
const singleFloor = (rows: number): number => SINGLE_FLOOR + TILE_FLOOR / Math.sqrt(Math.max(1, rows / 256))
/** Pivots smaller than this, relative to their diagonal, are rounding. */
const SINGLE_PIVOT = 1e-5
const PIVOT = 1e-12
/** Steps that reduce the violation less than this ask for a new information; less, where steps teach it. */
const CONTRACTION = 0.25
const TAUGHT_CONTRACTION = 0.5
/** Most coefficients for which an information changed after each step costs next to nothing. */
const TAUGHT = 300
/** A step more before steps must have contracted for each so many coefficients: so much more than a pass does an information cost. */
const PATIENCE = 100
/** What rounding may add to the objective. */
const SINGLE_SLACK = 1e-6
const SLACK = 1e-13
const SMALLEST_STEP = 1e-10

/** Below this a tolerance asks for all digits: steps go on to this share of it, so that they are those of any other way to the optimum. */
const ALL_DIGITS = 1e-10
const POLISH = 1e-4

/** How small the gradient of a sample need be, per unit of weight: less than its own error. */
const SAMPLE_FLOOR = 1e-4
/** Steps on the sample, and steps in single precision, before the next stage must help. */
const SAMPLE_STEPS = 15
const APPROACH_STEPS = 60

/**
 * sample: sums and information of a share of the rows; approach: single precision, all rows, the information of the sample or of all; chord:
 * exact sums, an information in single precision; newton: exact throughout
 */
type Stage = 'sample' | 'approach' | 'chord' | 'newton'

/** Where a step leads, and what share of it was taken. */
interface Candidate {
  beta: Float64Array
  size: number
  answer: Answer
  worst: number
}

/** @param start in working coordinates */
export function* solve(data: Sums, penalty: Penalty, start: Float64Array, options: SolveOptions): Asking<Solution> {
  const { n, total } = data
  const { tolerance } = options
  let stage: Stage = 'newton'
  const isAt = (one: Stage): boolean => stage === one
  const pairs = new SecantPairs()
  const isTaught = () => !isAt('newton') && (penalty.smooth || (n <= TAUGHT && isAt('approach')))
  const patience = penalty.smooth ? Math.max(1, Math.round(n / PATIENCE)) : 1
  /** violations before each step by the same information */
  let violations: number[] = []
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
  const perStep = () => (isAt('newton') ? 'all' : isAt('sample') && !penalty.smooth ? 'sample' : 'none')
  const take = (answer: Answer): void => {
    sums = answer
    objective = penaltyAt(beta, penalty) - answer.logLikelihood
    worst = worstViolation(beta, answer.gradient, penalty) / total
    if (answer.information.length === 0) return
    renew(answer.information)
  }
  const renew = (by: Float64Array): void => {
    information = by
    factor = undefined
    pairs.clear()
    violations = []
  }
  const enter = function* (next: Stage): Asking<void> {
    stage = next
    stageSteps = 0
    violations = []
    if (next === 'chord' && !complete && !penalty.smooth) yield* complement()
    take(yield* ask(beta, next === 'approach' && pairs.length > 0 ? 'sample' : perStep()))
  }
  /** The information of all rows, in single precision, beside sums that are exact. */
  const complement = function* (): Asking<void> {
    const single = yield { kind: 'sums', beta, information: 'all', of: 'approach' }
    renew(single.information)
    complete = true
  }
  const floorOf = () =>
    isAt('sample')
      ? Math.max(tolerance, SAMPLE_FLOOR)
      : isAt('approach')
        ? Math.max(tolerance, singleFloor(data.rows)) / 2
        : tolerance

  stage = data.single ? 'sample' : 'newton'
  sums = yield* ask(beta, data.single ? 'sample' : 'all')
  take(sums)
  /** set after a step within the tolerance, which polishes the last digits */
  let polished = false
  while (iterations < options.maxIterations) {
    const within = worst <= floorOf()
    if (within && isAt('sample')) {
      yield* enter('approach')
      continue
    }
    if (within && isAt('approach')) {
      if (tolerance >= singleFloor(data.rows)) break
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
    const upward = upwardGradient(beta, sums.gradient, penalty)
    let step: Float64Array
    if (penalty.smooth) {
      factor ??= smoothFactor(model, penalty)
      step = pairs.stepAlong(upward, factor)
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
      if (isTaught() && next.answer.information.length === 0) {
        if (penalty.smooth) {
          const after = upwardGradient(beta, sums.gradient, penalty)
          const awaited = next.size * moved.reduce((sum, m, j) => sum + m * upward[j]!, 0)
          pairs.learn(
            moved,
            upward.map((g, j) => g - after[j]!),
            awaited,
          )
        } else
          learnFromStep(
            information,
            n,
            moved,
            gradient.map((g, j) => g - sums.gradient[j]!),
          )
      }
    } else if (isAt('newton') || within) break
    if (within) {
      polished = isAt('newton') || tolerance > ALL_DIGITS || worst <= POLISH * tolerance
      continue
    }
    violations.push(before)
    const earlier = violations.at(-patience) ?? Number.POSITIVE_INFINITY
    if (next && worst <= (isTaught() ? TAUGHT_CONTRACTION : CONTRACTION) * earlier) continue
    if (isAt('sample')) {
      if (!next || stageSteps > SAMPLE_STEPS) yield* enter('approach')
      else if (penalty.smooth) take(yield* ask(beta, 'sample'))
    } else if (isAt('approach')) {
      // Where columns have heavy tails the information of the sample is far from that of all rows, which is then worth its pass.
      if (!next || complete || stageSteps > APPROACH_STEPS) yield* enter('chord')
      else {
        complete = true
        take(yield* ask(beta, 'all'))
      }
    } else if (isAt('chord')) {
      if (complete) yield* enter('newton')
      else yield* complement()
    }
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
  function* fall(step: Float64Array): Asking<Candidate | undefined> {
    const rough = isAt('sample') || isAt('approach')
    const slack = (rough ? SINGLE_SLACK : SLACK) * Math.abs(objective)
    for (let size = 1; size > SMALLEST_STEP; size /= 2) {
      const candidate = beta.map((b, j) => b + size * step[j]!)
      const answer: Answer = yield* ask(candidate, perStep())
      // Near the optimum the objective is flat to rounding; a step that does not raise it visibly is taken.
      if (penaltyAt(candidate, penalty) - answer.logLikelihood <= objective + slack)
        return { beta: candidate, size, answer, worst: worstViolation(candidate, answer.gradient, penalty) / total }
      if (!isAt('newton') && size < 0.1) return undefined
    }
    return undefined
  }
}

export const largestOf = (values: Float64Array): number => values.reduce((a, b) => Math.max(a, Math.abs(b)), 0)
