/** Random data and options for boosting. */
import fc from 'fast-check'
import type { BoostingRows } from '../../../src/kernels/boosting/boostingRows.ts'
import type { BoostingTraining } from '../../../src/kernels/boosting/trainBoosting.ts'
import { Generator } from '../../../src/kernels/numbers/generator.ts'

export interface Case {
  rows: number
  columns: number
  values: Float64Array
  categories: number[]
  maxBins: number
  training: BoostingRows
  options: BoostingTraining
}

export const OPTIONS: BoostingTraining = {
  rounds: 3,
  learningRate: 0.3,
  maxLeaves: 8,
  maxDepth: 64,
  minLeaf: 3,
  minHessian: 1e-3,
  lambda: 1,
  minGain: 0,
  growth: 'leaf',
  columnsATree: Number.POSITIVE_INFINITY,
  columnsANode: Number.POSITIVE_INFINITY,
  sampleRatio: 1,
  patience: 10,
  oneHot: 4,
  mostSorted: 32,
  minCategory: 2,
  categorySmooth: 10,
  categoryLambda: 10,
}

interface Shape extends Partial<BoostingTraining> {
  seed: number
  rows: number
  columns: number
  categories: number[]
  missing: number
  rounds: number
  maxBins?: number
  weighted?: boolean
  hold?: boolean
  grouped?: boolean
  monotone?: number[]
}

export const caseOf = (shape: Shape): Case => {
  const {
    seed,
    rows,
    columns,
    categories,
    missing,
    maxBins = 255,
    weighted,
    hold,
    grouped,
    monotone,
    ...options
  } = shape
  const random = new Generator(Uint32Array.of(seed, 2, 3, 4))
  const next = () => random.next() / 2 ** 32
  const values = new Float64Array(rows * columns)
  for (let j = 0; j < columns; j++) {
    // Many values, few, flags and constants: alone in a byte, joined, and in none.
    const levels = [1000, 2, 5, 1000, 1, 14][(j + seed) % 6]!
    for (let i = 0; i < rows; i++) {
      const value = categories.includes(j) ? Math.floor(next() ** 2 * 40) : Math.floor(next() * levels) / levels
      values[j * rows + i] = next() < missing ? Number.NaN : value
    }
  }
  const target = Uint8Array.from({ length: rows }, (_, i) => {
    const a = values[i]!
    const b = values[(columns - 1) * rows + i]!
    const risk = 0.2 + (a > 0.5 ? 0.3 : 0) + (Number.isNaN(b) ? 0.25 : 0.2 * (b % 1))
    return next() < risk ? 1 : 0
  })
  target[0] = 0
  target[1] = 1
  target[2] = 0
  target[3] = 1
  const held = hold ? Uint8Array.from({ length: rows }, (_, i) => (Math.floor(i / 2) % 4 === 1 ? 1 : 0)) : undefined
  const start = Int32Array.from({ length: Math.floor(rows / 2) + 1 }, (_, g) =>
    g === Math.floor(rows / 2) ? rows : 2 * g,
  )
  return {
    rows,
    columns,
    values,
    categories,
    maxBins,
    training: {
      target,
      weight: weighted ? Float64Array.from({ length: rows }, () => 0.25 + 3 * next()) : undefined,
      held,
      groups: grouped ? { start, rows: Int32Array.from({ length: rows }, (_, i) => i) } : undefined,
      monotone: Int8Array.from({ length: columns }, (_, j) => (categories.includes(j) ? 0 : (monotone?.[j] ?? 0))),
      keys: (round) => Uint32Array.of(seed, round, 7, 9),
    },
    options: { ...OPTIONS, ...options },
  }
}

/** Random shapes: everything that changes how a tree grows, by itself and together. */
export const cases: fc.Arbitrary<Case> = fc
  .record({
    seed: fc.integer({ min: 0, max: 1e6 }),
    rows: fc.integer({ min: 8, max: 400 }),
    columns: fc.integer({ min: 1, max: 20 }),
    categories: fc.uniqueArray(fc.integer({ min: 0, max: 19 }), { maxLength: 3 }),
    missing: fc.constantFrom(0, 0.05, 0.5),
    rounds: fc.integer({ min: 1, max: 4 }),
    maxBins: fc.constantFrom(4, 60, 255),
    weighted: fc.boolean(),
    hold: fc.boolean(),
    grouped: fc.boolean(),
    monotone: fc.array(fc.constantFrom(-1, 0, 0, 1), { maxLength: 20 }),
    growth: fc.constantFrom('leaf' as const, 'depth' as const),
    maxLeaves: fc.integer({ min: 2, max: 20 }),
    maxDepth: fc.constantFrom(1, 3, Number.POSITIVE_INFINITY),
    minLeaf: fc.constantFrom(1, 5),
    lambda: fc.constantFrom(0, 1),
    sampleRatio: fc.constantFrom(1, 0.6),
    columnsATree: fc.constantFrom(3, Number.POSITIVE_INFINITY),
    columnsANode: fc.constantFrom(2, Number.POSITIVE_INFINITY),
    oneHot: fc.constantFrom(0, 4),
    mostSorted: fc.constantFrom(3, 32),
  })
  .map((shape) => caseOf({ ...shape, categories: shape.categories.filter((j) => j < shape.columns) }))
