/** What every learner asks of the rows that it is to train on, and of where it runs. */
import { came, checkArray, checkPool, checkRun, isRecord } from '../kernels/checkInput.ts'
import type { Matrix } from '../matrix/matrix.ts'
import { thisThread } from '../threads/openPool.ts'
import { usageError } from '../util/errors.ts'
import type { Random } from '../util/random.ts'
import { checkMatrix, checkNames, checkTarget } from './checkOptions.ts'
import { denseGroups } from './groups.ts'
import type { FitOptions } from './model.ts'

const FIT_OPTIONS = {
  pool: true,
  groups: true,
  bins: true,
  sampleWeight: true,
  expectedRisk: true,
  progress: true,
  signal: true,
} as const

/** The options of a fit, checked: a pool is there, and groups have numbers without gaps. */
export interface CheckedFit extends FitOptions {
  pool: NonNullable<FitOptions['pool']>
  /** rows with the bad outcome */
  bad: number
}

/** Whether numbers can be drawn from it. */
export const checkRandom = (random: Random): void => {
  if (typeof (random as Random | undefined | null)?.fork !== 'function')
    throw usageError('there is nothing to draw numbers from', {
      option: 'random',
      expected: 'a stream of random numbers, as random(1)',
      got: came(random),
    })
}

const checkBins = (bins: unknown): void => {
  if (!isRecord(bins) || typeof bins['bytes'] !== 'function' || !Array.isArray(bins['columns']))
    throw usageError('these are no bins', {
      option: 'bins',
      expected: 'bins, from binChunks or binMatrix',
      got: came(bins),
    })
}

const checkExpectedRisk = (expectedRisk: Int8Array, columns: number): void => {
  checkArray('expectedRisk', expectedRisk, 'Int8Array')
  const expected = `1, -1 or 0 for each of ${columns} columns`
  if (expectedRisk.length !== columns)
    throw usageError('expected risks and columns differ in number', {
      option: 'expectedRisk',
      expected,
      got: expectedRisk.length,
    })
  const column = expectedRisk.findIndex((direction) => Math.abs(direction) > 1)
  if (column >= 0)
    throw usageError('an expected risk that is no direction', {
      option: 'expectedRisk',
      expected,
      got: expectedRisk[column]!,
    })
}

/**
 * @param takesBins whether the learner can do without values where there are bins; its pool is told to start while rows are looked at
 * @throws GlasscoreError('usage') for what is left out, unknown or of another kind, ('data') unless both outcomes are there
 */
export const checkFit = (
  x: Matrix,
  target: Uint8Array,
  random: Random,
  options: FitOptions = {},
  takesBins = false,
): CheckedFit => {
  checkNames<FitOptions>(options, FIT_OPTIONS)
  const { pool = thisThread(), bins, groups, sampleWeight, expectedRisk } = options
  checkPool(pool)
  checkRun(options)
  if (bins) checkBins(bins)
  checkMatrix(x)
  if (takesBins) pool.prepare(x.values.length)
  const bad = checkTarget(x, target, takesBins && bins !== undefined)
  checkRandom(random)
  if (sampleWeight !== undefined) checkArray('sampleWeight', sampleWeight, 'Float64Array')
  if (expectedRisk !== undefined) checkExpectedRisk(expectedRisk, x.columns.length)
  return {
    ...options,
    pool,
    bad,
    ...(groups === undefined ? {} : { groups: denseGroups(groups, x.rows) }),
  }
}
