/** Small populations, random models over them, and rules that use every way to change: few enough values to try them all. */
import type { ChangeRules } from '../../src/counterfactuals/factorRule.ts'
import { fitEncoding } from '../../src/matrix/encode.ts'
import type { FactorFrame } from '../../src/matrix/frame.ts'
import type { Encoding } from '../../src/matrix/matrix.ts'
import type { Calibration } from '../../src/models/calibrate.ts'
import type { Model } from '../../src/models/model.ts'
import type { FactorKind, FactorSpec } from '../../src/schema/factor.ts'
import { DEFAULT_SCALE } from '../../src/scores/scale.ts'
import type { Scorer } from '../../src/scores/scorer.ts'
import type { Random } from '../../src/util/random.ts'
import { randomTree, withCategories } from '../kernels/randomTrees.ts'

const factor = (name: string, kind: FactorKind = 'number', log = false): FactorSpec => ({
  name,
  dimension: 'test',
  kind,
  unit: '',
  scale: log ? 'log' : 'linear',
  expectedRisk: 'none',
  definition: name,
})

export const FACTORS: readonly FactorSpec[] = [
  factor('visits', 'number', true),
  factor('paid'),
  factor('late', 'flag'),
  factor('job', 'category'),
  factor('born'),
  factor('tenure'),
  factor('owed_1m'),
  factor('owed_2m'),
  factor('share'),
  factor('gift'),
]

/** Every way to change, rates, windows, nested factors and missing values that may or may not appear. */
export const RULES: ChangeRules = {
  rules: {
    paid: { change: 'up', maxChangePerMonth: 1 },
    late: { change: 'down' },
    born: { change: 'fixed' },
    tenure: { change: 'time', maxChangePerMonth: 2 },
    owed_1m: { change: 'free', windowDays: 30, series: 'owed', min: 0 },
    owed_2m: { change: 'free', windowDays: 60, series: 'owed', min: 0 },
    share: { change: 'free', max: 0.5 },
    gift: { change: 'free', mayAppear: true },
  },
  links: [
    { kind: 'order', lower: 'owed_1m', upper: 'owed_2m' },
    { kind: 'zeros', lower: 'visits', upper: 'gift' },
    { kind: 'order', lower: 'paid', upper: 'visits', times: 1.5 },
  ],
}

export const smallFrame = (rows: number, random: Random): FactorFrame => {
  const numbers = (draw: () => number, missing = 0): Float64Array =>
    Float64Array.from({ length: rows }, () => (random.next() < missing ? Number.NaN : draw()))
  const owed = Array.from({ length: rows }, () => {
    const first = random.integer(3)
    return [first, first + random.integer(3)] as const
  })
  const visits = numbers(() => random.integer(4), 0.1)
  return {
    rows,
    personId: Array.from({ length: rows }, (_, i) => `P${i}`),
    observationDate: new Array(rows).fill('2024-01-01'),
    factors: FACTORS,
    numbers: {
      visits,
      paid: numbers(() => random.integer(5), 0.05),
      late: numbers(() => random.integer(2)),
      born: numbers(() => random.integer(30)),
      tenure: numbers(() => random.integer(20), 0.1),
      owed_1m: Float64Array.from(owed, ([a]) => a),
      owed_2m: Float64Array.from(owed, ([, b]) => b),
      share: numbers(() => random.integer(7) / 12 + 0.011),
      // Zero where `visits` is, mostly.
      gift: visits.map((v) => (random.next() < 0.3 ? Number.NaN : v === 0 ? 0 : 1 + random.integer(2))),
    },
    categories: {
      job: Array.from({ length: rows }, () => (random.next() < 0.1 ? null : ['a', 'b', 'c'][random.integer(3)]!)),
    },
  }
}

export type SmallKind = 'linear' | 'tree' | 'forest' | 'probability' | 'boosting'

const thresholdOf = (encoding: Encoding, column: number, frame: FactorFrame, random: Random): number => {
  const { role, factor: f } = encoding.columns[column]!
  if (role !== 'value') return 0.5
  const values = frame.numbers[encoding.factors[f]!.name]!
  const value = values[random.integer(values.length)]!
  // On values, between them, and between missing and present.
  if (Number.isNaN(value)) return Number.POSITIVE_INFINITY
  return random.next() < 0.5 ? value : value + 0.3
}

const smallModel = (kind: SmallKind, encoding: Encoding, frame: FactorFrame, random: Random): Model => {
  const columns = encoding.columns.length
  if (kind === 'linear') {
    const draw = (): Float64Array => Float64Array.from({ length: columns }, () => random.normal())
    return { kind: 'logistic', intercept: -2, coefficients: draw(), means: draw() }
  }
  const coded = encoding.columns.flatMap(({ role }, j) => (role === 'category' ? [j] : []))
  const count = kind === 'tree' ? 1 : 3 + random.integer(3)
  const trees = Array.from({ length: count }, (_, t) => {
    const stream = random.fork('tree', t)
    const tree = randomTree(stream, columns, 5)
    const threshold = tree.threshold.map((_, node) =>
      tree.feature[node]! < 0 ? 0 : thresholdOf(encoding, tree.feature[node]!, frame, stream),
    )
    const value = kind === 'probability' ? tree.value.map((v) => 1 / (1 + Math.exp(2 - v))) : tree.value
    const made = { ...tree, threshold, value }
    return coded.length > 0 ? withCategories(made, stream, coded) : made
  })
  const output = kind === 'probability' ? ({ output: 'probability' } as const) : {}
  return { kind: kind === 'probability' ? 'forest' : kind, columns, trees, ...output }
}

const CALIBRATIONS: readonly Calibration[] = [
  { kind: 'platt', slope: 0.9, intercept: -1.5 },
  { kind: 'beta', a: 0.8, b: 1.2, c: -0.7 },
  { kind: 'isotonic', upTo: [-1, -0.4, 0.1, 0.5], probabilities: [0.02, 0.04, 0.1, 0.2, 0.4] },
]

/** A random model with its encoding, over a frame. */
export const smallScorer = (kind: SmallKind, frame: FactorFrame, random: Random): Scorer => {
  const codes = random.integer(2) === 1
  const encoding = fitEncoding(frame, kind === 'linear' ? 'linear' : 'tree', { categories: codes })
  return {
    name: `small-${kind}`,
    model: smallModel(kind, encoding, frame, random),
    encoding,
    calibration: CALIBRATIONS[random.integer(3)]!,
    scale: DEFAULT_SCALE,
    training: {},
  }
}
