/**
 * The least value of a quadratic model of the negative log-likelihood plus the penalty: the step of (proximal) Newton. Where the
 * penalty is smooth this is one linear system; else coordinate descent finds which coefficients are not 0, and a linear system their
 * values. Friedman, Hastie & Tibshirani 2010, doi:10.18637/jss.v033.i01; Lee, Sun & Saunders 2014, doi:10.1137/130921428.
 */
import { choleskyLeavingOut, choleskySolve } from '../numbers/cholesky.ts'
import { type Penalty, violation } from './penalty.ts'

export interface Quadratic {
  n: number
  beta: Float64Array
  /** of the log-likelihood, at beta */
  gradient: Float64Array
  /** lower triangle */
  information: Float64Array
  /** pivots below this share of their diagonal are left out */
  pivot: number
}

const SWEEPS = 2000
/** Sweeps between attempts to finish by a linear system. */
const ROUND = 10
/** Relative to the curvature: what counts as having moved. */
const MOVED = 1e-9

/** Cholesky factor of the penalized information. */
export const smoothFactor = ({ n, information, pivot }: Quadratic, { l2 }: Penalty): Float64Array => {
  const l = information.slice()
  for (let j = 0; j < n; j++) l[j * n + j]! += l2[j]!
  choleskyLeavingOut(l, n, pivot)
  return l
}

/** Gradient of the log-likelihood less the penalty, where that is smooth. */
export const upwardGradient = (beta: Float64Array, gradient: Float64Array, { l2 }: Penalty): Float64Array =>
  gradient.map((g, j) => g - l2[j]! * beta[j]!)

export const proximalStep = (model: Quadratic, penalty: Penalty): Float64Array => {
  const { n, beta, gradient, information } = model
  const at = (i: number, j: number): number => (i >= j ? information[i * n + j]! : information[j * n + i]!)
  const b = beta.slice()
  /** slope of the model at b: -gradient + information (b - beta) */
  const slope = gradient.map((g) => -g)
  const move = (j: number, to: number): void => {
    const by = to - b[j]!
    if (by === 0) return
    b[j] = to
    for (let k = 0; k <= j; k++) slope[k]! += by * information[j * n + k]!
    for (let k = j + 1; k < n; k++) slope[k]! += by * information[k * n + j]!
  }
  const sweep = (only: (j: number) => boolean): number => {
    let most = 0
    for (let j = 0; j < n; j++) {
      const h = at(j, j)
      if (!(h > 0) || !only(j)) continue
      const before = b[j]!
      move(j, bestAlone(h * before - slope[j]!, h, j, penalty))
      most = Math.max(most, Math.sqrt(h) * Math.abs(b[j]! - before))
    }
    return most
  }
  const size = Math.sqrt(at(0, 0))
  for (let sweeps = 0; sweeps < SWEEPS; sweeps += ROUND + 1) {
    const moved = sweep(() => true)
    if (finish(model, penalty, b, slope, move)) break
    if (moved <= MOVED * size) break
    for (let k = 0; k < ROUND; k++) if (sweep((j) => j === 0 || b[j] !== 0) <= MOVED * size) break
  }
  return b.map((value, j) => value - beta[j]!)
}

/** Least value over one coefficient: of h b^2 / 2 - target b + penalty. */
const bestAlone = (target: number, h: number, j: number, { l1, l2, signs }: Penalty): number => {
  const size = Math.abs(target) - l1[j]!
  if (size <= 0) return 0
  const b = (Math.sign(target) * size) / (h + l2[j]!)
  return signs[j] !== 0 && Math.sign(b) !== signs[j] ? 0 : b
}

/** Solves for the coefficients that are not 0, as long as none of them changes its sign; true when that is the least value. */
const finish = (
  { n, information, pivot }: Quadratic,
  penalty: Penalty,
  b: Float64Array,
  slope: Float64Array,
  move: (j: number, to: number) => void,
): boolean => {
  const free = Array.from(b.keys()).filter((j) => j === 0 || b[j] !== 0)
  const m = free.length
  const l = new Float64Array(m * m)
  free.forEach((j, r) => {
    free.forEach((k, c) => {
      if (c <= r) l[r * m + c] = information[j * n + k]!
    })
    l[r * m + r]! += penalty.l2[j]!
  })
  choleskyLeavingOut(l, m, pivot)
  const step = choleskySolve(
    l,
    m,
    Float64Array.from(free, (j) => -slope[j]! - penalty.l2[j]! * b[j]! - Math.sign(b[j]!) * penalty.l1[j]!),
  )
  if (free.some((j, r) => j !== 0 && Math.sign(b[j]! + step[r]!) !== Math.sign(b[j]!))) return false
  free.forEach((j, r) => {
    move(j, b[j]! + step[r]!)
  })
  const bound = 1e-10 * (information[0]! + Math.max(...penalty.l1))
  return b.every((value, j) => value !== 0 || violation(0, slope[j]!, j, penalty) <= bound)
}
