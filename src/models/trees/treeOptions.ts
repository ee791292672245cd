/** Options that learners of trees share, and what they mean for the rows and columns at hand. */
import { isRecord } from '../../kernels/checkInput.ts'
import type { GrowthOptions } from '../../kernels/trees/growthOptions.ts'
import { CRITERIA, type Criterion } from '../../kernels/trees/splitWorth.ts'
import type { Smoothing } from '../../kernels/trees/treeBuilder.ts'
import type { Matrix } from '../../matrix/matrix.ts'
import { usageError } from '../../util/errors.ts'
import { checkChoice, checkNumber } from '../checkOptions.ts'
import type { FitOptions } from '../model.ts'
import { type ClassWeight, checkClassWeight, rowWeights } from '../rowWeights.ts'

/** Columns that the risk may only rise (1) or fall (-1) with, by name; `catalogue`: as the factors say (`expectedRisk`). */
export type Monotone = 'catalogue' | Record<string, 1 | -1>

/** How trees on bins grow; every option but these is a learner's own. */
export interface TreeGrowthOptions {
  /** impurity that splits decrease */
  criterion?: Criterion | undefined
  /** best: every cut of a column; random: one cut a column, drawn evenly over its bins (extra-trees) */
  splitter?: 'best' | 'random' | undefined
  /** edges from the root to the deepest leaf; Infinity for no limit */
  maxDepth?: number | undefined
  /** at most so many leaves, splits that decrease impurity most first; Infinity for no limit */
  maxLeaves?: number | undefined
  /** least distinct rows in a leaf */
  minLeaf?: number | undefined
  /** least decrease of impurity by a split, weighted by the share of all weight at the node */
  minImpurityDecrease?: number | undefined
  /** weight of rows by their outcome; absent: 1 each */
  classWeight?: ClassWeight | undefined
  /**
   * columns that a tree's value may only rise or only fall with, all others as they are. Holds for every pair of rows that both
   * have a value; a missing value compares with none
   */
  monotone?: Monotone | undefined
}

/** Their names. */
export const GROWTH_OPTIONS = {
  criterion: true,
  splitter: true,
  maxDepth: true,
  maxLeaves: true,
  minLeaf: true,
  minImpurityDecrease: true,
  classWeight: true,
  monotone: true,
} as const

export interface CheckedGrowth {
  criterion: Criterion
  splitter: 'best' | 'random'
  maxDepth: number
  maxLeaves: number
  minLeaf: number
  minImpurityDecrease: number
  classWeight: ClassWeight | undefined
  monotone: Monotone | undefined
}

/** @throws GlasscoreError('usage') naming the option that is not right */
export const checkGrowth = (
  options: TreeGrowthOptions,
  defaults: { maxDepth: number; minLeaf: number },
): CheckedGrowth => ({
  criterion: checkChoice('criterion', options.criterion ?? 'gini', CRITERIA),
  splitter: checkChoice('splitter', options.splitter ?? 'best', ['best', 'random']),
  maxDepth: checkNumber('maxDepth', options.maxDepth ?? defaults.maxDepth, { min: 1, whole: true }),
  maxLeaves: checkNumber('maxLeaves', options.maxLeaves ?? Number.POSITIVE_INFINITY, { min: 2, whole: true }),
  minLeaf: checkNumber('minLeaf', options.minLeaf ?? defaults.minLeaf, { min: 1, max: 2 ** 31, whole: true }),
  minImpurityDecrease: checkNumber('minImpurityDecrease', options.minImpurityDecrease ?? 0, { min: 0, max: 1 }),
  classWeight: checkClassWeight(options.classWeight),
  monotone: checkMonotone(options.monotone),
})

/** @throws GlasscoreError('usage') when it is neither `catalogue` nor names with 1 or -1 */
export const checkMonotone = (given: Monotone | undefined): Monotone | undefined => {
  if (given === undefined || given === 'catalogue') return given
  const sound = isRecord(given) && Object.values(given).every((d) => d === 1 || d === -1)
  if (!sound)
    throw usageError('invalid option of a learner', {
      option: 'monotone',
      expected: 'catalogue, or names of columns, each with 1 (risk may only rise) or -1 (only fall)',
      got: given,
    })
  return given
}

/** For each column 1, -1 or 0; absent when no column is constrained. @throws for a name that is no column of numbers */
export const directionsOf = (
  x: Matrix,
  monotone: Monotone | undefined,
  { expectedRisk }: FitOptions,
): Int8Array | undefined => {
  if (monotone === undefined) return undefined
  const directions = new Int8Array(x.columns.length)
  if (monotone === 'catalogue') {
    if (!expectedRisk)
      throw usageError('a matrix does not say how the risk should move', {
        option: 'monotone',
        expected: 'names of columns, each with 1 or -1',
        got: monotone,
        hint: 'catalogue is for learners on factors, whose catalogue or mapping states expectedRisk',
      })
    directions.set(expectedRisk)
  } else {
    for (const [name, direction] of Object.entries(monotone)) {
      const j = x.columns.findIndex((column) => column.name === name && column.role === 'value')
      if (j < 0)
        throw usageError('a monotone constraint names no column of numbers', {
          option: 'monotone',
          expected: `one of ${x.columns
            .filter((column) => column.role === 'value')
            .map((column) => column.name)
            .slice(0, 20)
            .join(', ')}`,
          got: name,
        })
      directions[j] = direction
    }
  }
  return directions.some((d) => d !== 0) ? directions : undefined
}

/** What each row counts for: its own weight times that of its outcome; absent when all count 1, which trains faster. */
export const treeWeights = (
  target: Uint8Array,
  classWeight: ClassWeight | undefined,
  sampleWeight: Float64Array | undefined,
): Float64Array | undefined => {
  const weights = rowWeights(target, classWeight, sampleWeight)
  return weights?.some((weight) => weight !== 1) ? weights : undefined
}

/** The share of bad weight in training, with m. */
export const smoothingOf = (target: Uint8Array, weights: Float64Array | undefined, m: number): Smoothing => {
  let bad = 0
  let all = 0
  for (let i = 0; i < target.length; i++) {
    const weight = weights ? weights[i]! : 1
    all += weight
    if (target[i]) bad += weight
  }
  return { strength: m, rate: bad / all }
}

/** The growth of the kernels from checked options. */
export const growthOf = (
  { criterion, splitter, maxDepth, maxLeaves, minLeaf, minImpurityDecrease }: CheckedGrowth,
  rest: Pick<GrowthOptions, 'features' | 'smoothing' | 'output' | 'monotone'>,
): GrowthOptions => ({
  criterion,
  splitter,
  maxDepth,
  maxLeaves,
  minLeaf,
  minImpurityDecrease,
  ...rest,
})

/** Options as a manifest states them: what was not given and changes nothing is left out, infinity is text to JSON. */
export const statedGrowth = (growth: CheckedGrowth): Record<string, unknown> => ({
  maxDepth: growth.maxDepth,
  minLeaf: growth.minLeaf,
  ...(growth.criterion === 'gini' ? {} : { criterion: growth.criterion }),
  ...(growth.splitter === 'best' ? {} : { splitter: growth.splitter }),
  ...(growth.maxLeaves === Number.POSITIVE_INFINITY ? {} : { maxLeaves: growth.maxLeaves }),
  ...(growth.minImpurityDecrease === 0 ? {} : { minImpurityDecrease: growth.minImpurityDecrease }),
  ...(growth.classWeight ? { classWeight: growth.classWeight } : {}),
  ...(growth.monotone ? { monotone: growth.monotone } : {}),
})
