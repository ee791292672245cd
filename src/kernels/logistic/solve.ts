/**
 * Proximal Newton for penalized logistic regression.
 *
 * The approach: gradients in single precision from all rows, the information from a share of them; such steps contract by the
 * sampling error of the information. Then exact gradients in double precision from the data themselves, with one information of all
 * rows that is kept as long as the steps contract. Steps are halved until the objective falls.
 * McCullagh & Nelder, Generalized Linear Models, 2nd ed., 4.4; Byrd et al. 2011, doi:10.1137/10079923X (sub-sampled curvature).
 */
import { type Penalty, penaltyAt, worstViolation } from './penalty.ts'
import { proximalStep, smoothFactor, smoothStep } from './quadraticStep.ts'
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

/** Single precision sees no smaller gradient, per unit of weight. */
const SINGLE_FLOOR = 3e-7
/** Pivots smaller than this, relative to their diagonal, are rounding. */
const SINGLE_PIVOT = 1e-5
const PIVOT = 1e-12
/** Steps that reduce the violation less than this ask for a new information. */
const CONTRACTION = 0.25
/** What rounding may add to the objective. */
const SINGLE_SLACK = 1e-6
const SLACK = 1e-13

type Stage = 'approach' | 'chord' | 'newton'

/** @param start in working coordinates */
export function* solve(data: Sums, penalty: Penalty, start: Float64Array, options: SolveOptions): Asking<Solution> {
  const { n, total } = data
  const floor = Math.max(options.tolerance, SINGLE_FLOOR)
  let stage = (data.single ? 'approach' : 'newton') as Stage
  const wanted = (of: Stage) => (of === 'approach' ? 'sample' : of === 'newton' ? 'all' : 'none')
  const ask = function* (beta: Float64Array, of: Stage): Asking<Answer> {
    return yield { kind: 'sums', beta, information: wanted(of), exact: of !== 'approach' }
  }
  let beta = start
  let movement = 0
  let iterations = 0
  let information: Float64Array = new Float64Array(0)
  let factor: Float64Array | undefined
  let sums = yield* ask(beta, stage)
  let objective = penaltyAt(beta, penalty) - sums.logLikelihood
  let worst = worstViolation(beta, sums.gradient, penalty) / total
  /** set when the violation is within the tolerance: one more step polishes the last digits */
  let polished = false

  const enter = function* (next: Stage): Asking<void> {
    if (next === 'chord') {
      ;({ information } = yield { kind: 'sums', beta, information: 'all', exact: false })
      factor = undefined
    }
    stage = next
    sums = yield* ask(beta, stage)
    objective = penaltyAt(beta, penalty) - sums.logLikelihood
    worst = worstViolation(beta, sums.gradient, penalty) / total
  }

  while (iterations < options.maxIterations) {
    if (stage === 'approach' && worst <= floor) {
      if (worst <= options.tolerance) break
      yield* enter('chord')
    }
    const within = worst <= options.tolerance
    if (within && polished) break
    if (sums.information.length > 0) {
      ;({ information } = sums)
      factor = undefined
    }
    const model = {
      n,
      beta,
      gradient: sums.gradient,
      information,
      pivot: stage === 'newton' ? PIVOT : SINGLE_PIVOT,
    }
    let step: Float64Array
    if (penalty.smooth) {
      factor ??= smoothFactor(model, penalty)
      step = smoothStep(model, penalty, factor)
    } else step = proximalStep(model, penalty)

    const slack = (stage === 'approach' ? SINGLE_SLACK : SLACK) * Math.abs(objective)
    let next: { beta: Float64Array; sums: Answer; objective: number } | undefined
    for (let size = 1; size > 1e-10; size /= 2) {
      const candidate = beta.map((b, j) => b + size * step[j]!)
      const there: Answer = yield* ask(candidate, stage)
      const value = penaltyAt(candidate, penalty) - there.logLikelihood
      // Near the optimum the objective is flat to rounding; a step that does not raise it visibly is taken.
      if (value <= objective + slack) {
        next = { beta: candidate, sums: there, objective: value }
        break
      }
      if (stage !== 'newton' && size < 0.1) break
    }
    const before = worst
    const after = next ? worstViolation(next.beta, next.sums.gradient, penalty) / total : Number.POSITIVE_INFINITY
    if (next && !(within && after > before)) {
      iterations++
      movement = largestOf(step)
      ;({ beta, sums, objective } = next)
      worst = after
    } else if (stage === 'newton' || within) break
    if (within) polished = true
    // A violation that no longer shrinks asks for the next, more exact stage.
    if (!(after <= CONTRACTION * before) && !within) {
      if (stage === 'approach' && (!next || before < 1e-4 || iterations > 30)) yield* enter('chord')
      else if (stage === 'chord') yield* enter('newton')
    }
  }
  return {
    beta,
    iterations,
    violation: worst,
    movement,
    logLikelihood: sums.logLikelihood,
    gradient: sums.gradient,
    exact: stage !== 'approach' || !data.single,
  }
}

export const largestOf = (values: Float64Array): number => values.reduce((a, b) => Math.max(a, Math.abs(b)), 0)
