/** Small scorers made by hand from random numbers, with frames they score: nothing here is fitted. */
import { fitEncoding } from '../../src/matrix/encode.ts'
import type { FactorFrame } from '../../src/matrix/frame.ts'
import type { Encoding } from '../../src/matrix/matrix.ts'
import type { Calibration } from '../../src/models/calibrate.ts'
import type { LinearModel, TreeModel } from '../../src/models/model.ts'
import type { FactorKind, FactorSpec } from '../../src/schema/factor.ts'
import { DEFAULT_SCALE } from '../../src/scores/scale.ts'
import type { Scorer } from '../../src/scores/scorer.ts'
import { type Random, random } from '../../src/util/random.ts'
import { randomTree } from '../kernels/randomTrees.ts'

const factor = (name: string, dimension: string, kind: FactorKind = 'number', log = false): FactorSpec => ({
  name,
  dimension,
  kind,
  unit: 'units',
  scale: log ? 'log' : 'linear',
  expectedRisk: 'none',
  definition: `${name} of the test`,
})

export const FACTORS: readonly FactorSpec[] = [
  factor('debt', 'credit_history', 'number', true),
  factor('age', 'identity'),
  factor('late', 'credit_history', 'flag'),
  factor('job', 'identity', 'category'),
  factor('assets', 'capacity', 'number', true),
  factor('never', 'capacity'),
]

/** Rows with missing values in every factor but `age`; `never` is missing throughout. */
export const madeFrame = (rows: number, stream: Random = random(5)): FactorFrame => {
  const numbers = (share: number, draw: () => number): Float64Array =>
    Float64Array.from({ length: rows }, () => (stream.next() < share ? Number.NaN : draw()))
  return {
    rows,
    personId: Array.from({ length: rows }, (_, i) => `P${i}`),
    observationDate: new Array(rows).fill('2024-01-01'),
    factors: FACTORS,
    numbers: {
      debt: numbers(0.1, () => stream.normal() * 1000),
      age: numbers(0, () => 18 + stream.integer(60)),
      late: numbers(0.2, () => stream.integer(2)),
      assets: numbers(0.3, () => stream.exponential() * 5000),
      never: numbers(1, () => 0),
    },
    categories: {
      job: Array.from({ length: rows }, () =>
        stream.next() < 0.1 ? null : ['clerk', 'driver', 'nurse'][stream.integer(3)]!,
      ),
    },
  }
}

export const PLATT: Calibration = { kind: 'platt', slope: 0.9, intercept: -1.5 }
export const BETA: Calibration = { kind: 'beta', a: 0.8, b: 1.2, c: -0.7 }
export const ISOTONIC: Calibration = { kind: 'isotonic', upTo: [-1, 0.5], probabilities: [0.02, 0.1, 0.4] }

/** Trees whose thresholds lie among the values of a frame's columns. */
const treeModel = (encoding: Encoding, trees: number, stream: Random, output?: 'probability'): TreeModel => {
  const columns = encoding.columns.length
  const made = Array.from({ length: trees }, (_, k) => {
    const tree = randomTree(stream.fork('tree', k), columns, 6)
    return {
      ...tree,
      threshold: tree.threshold.map((t, i) => {
        const column = encoding.columns[tree.feature[i]!]
        if (!column) return t
        if (column.role === 'level' || column.name === 'late') return 0.5
        return column.name === 'age' ? 45 + 15 * t : 1000 * t
      }),
      value: output ? tree.value.map((v) => 1 / (1 + Math.exp(3 - v))) : tree.value,
    }
  })
  return { kind: trees === 1 ? 'tree' : 'forest', columns, trees: made, ...(output ? { output } : {}) }
}

const linearModel = (encoding: Encoding, stream: Random): LinearModel => {
  const draw = (): Float64Array => Float64Array.from(encoding.columns, () => stream.normal())
  return { kind: 'logistic', intercept: -1, coefficients: draw(), means: draw().map((m) => m / 100) }
}

export interface Made {
  kind: 'linear' | 'tree' | 'forest' | 'probability'
  calibration?: Calibration
  seed?: number
}

/** A scorer of the wanted kind for frames of `madeFrame`. */
export const madeScorer = ({ kind, calibration = PLATT, seed = 1 }: Made): Scorer => {
  const stream = random(seed).fork(kind)
  const encoding = fitEncoding(madeFrame(200), kind === 'linear' ? 'linear' : 'tree')
  const model =
    kind === 'linear'
      ? linearModel(encoding, stream)
      : treeModel(encoding, kind === 'tree' ? 1 : 7, stream, kind === 'probability' ? kind : undefined)
  const training = {
    seed,
    rows: 200,
    notes: ['made by hand'],
    standardErrors: [0.5, Number.NaN, Number.POSITIVE_INFINITY],
  }
  return { name: `made-${kind}`, model, encoding, calibration, scale: DEFAULT_SCALE, training }
}
