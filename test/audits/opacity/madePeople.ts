/** People of three dimensions with two factors each, and models of them that are more or less opaque by their form. */

import type { Persons } from '../../../src/audits/opacity/overPersons.ts'
import type { LabeledRows, Recipe } from '../../../src/audits/opacity/refit.ts'
import type { FactorFrame } from '../../../src/matrix/frame.ts'
import { boosting } from '../../../src/models/boosting/learner.ts'
import { logistic } from '../../../src/models/logistic/learner.ts'
import type { FactorSpec } from '../../../src/schema/factor.ts'
import { type Random, random } from '../../../src/util/random.ts'

export const DIMENSION_NAMES = ['credit_history', 'behavior_preference', 'personal_relationships'] as const

export const MADE_FACTORS: readonly FactorSpec[] = DIMENSION_NAMES.flatMap((dimension) =>
  ['a', 'b'].map(
    (letter): FactorSpec => ({
      name: `${dimension.slice(0, 3)}_${letter}`,
      dimension,
      kind: 'number',
      unit: 'units',
      scale: 'linear',
      expectedRisk: 'none',
      definition: `${letter} of ${dimension}`,
    }),
  ),
)

export type Truth = 'additive' | 'pairwise' | 'deep' | 'mixed'

/** Log-odds of bad: the third dimension says nothing. */
const logOddsOf: Record<Truth, (x: readonly number[]) => number> = {
  additive: ([a, b, c, d]) => -0.8 + 1.2 * a! + 0.8 * b! + 0.9 * c! + 0.4 * d!,
  pairwise: ([a, b, c, d]) => -0.8 + 0.8 * a! + 1.2 * a! * c! + 0.9 * b! * d!,
  mixed: ([a, b, c, d]) => -0.6 + 0.8 * a! + 0.6 * c! + 1.2 * a! * c! + 1.2 * Math.sign(a! * b! * d!),
  deep: ([a, b, c, d]) => -0.8 + 2.4 * Math.sign(a! * b! * c!) + 0.6 * Math.sign(a! * b! * c! * d!),
}

export const madePeople = (rows: number, truth: Truth, seed = 1): LabeledRows => {
  const stream = random(seed).fork(truth)
  const numbers: Record<string, Float64Array> = Object.fromEntries(
    MADE_FACTORS.map(({ name }) => [name, new Float64Array(rows)]),
  )
  const target = new Uint8Array(rows)
  for (let i = 0; i < rows; i++) {
    const x = MADE_FACTORS.map(() => stream.normal())
    // Factors of one dimension go together.
    for (const k of [1, 3, 5]) x[k] = 0.6 * x[k - 1]! + 0.8 * x[k]!
    MADE_FACTORS.forEach(({ name }, j) => {
      numbers[name]![i] = x[j]!
    })
    target[i] = stream.next() < 1 / (1 + Math.exp(-logOddsOf[truth](x))) ? 1 : 0
  }
  const frame: FactorFrame = {
    rows,
    personId: Array.from({ length: rows }, (_, i) => `P${i}`),
    observationDate: new Array<string>(rows).fill('2024-01-01'),
    factors: MADE_FACTORS,
    numbers,
    categories: {},
  }
  return { frame, target }
}

export const recipes: Record<'linear' | 'stumps' | 'pairs' | 'deep', Recipe> = {
  linear: { name: 'linear', learner: (factors) => logistic({ factors, l2: 1 }) },
  stumps: {
    name: 'stumps',
    learner: () => boosting({ rounds: 40, maxDepth: 1, learningRate: 0.2, validationShare: 0 }),
  },
  pairs: { name: 'pairs', learner: () => boosting({ rounds: 40, maxDepth: 2, learningRate: 0.2, validationShare: 0 }) },
  deep: {
    name: 'deep',
    learner: () => boosting({ rounds: 40, maxDepth: 6, learningRate: 0.2, minLeaf: 5, validationShare: 0 }),
  },
}

export const drawnFrom = ({ frame, target }: LabeledRows, replicates = 60, stream: Random = random(3)): Persons => ({
  personId: frame.personId,
  target,
  replicates,
  random: stream,
})
