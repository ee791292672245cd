/**
 * `ml-random-forest` 2.1.0 of npm as a baseline. Its forest of regression trees is trained on 0/1 outcomes, so that leaves give
 * shares of bads: its classifier counts hard votes, and its probabilities of these are wrong (docs/compare.md).
 */
import { logit } from '../../kernels/numbers/logit.ts'
import { applyEncoding, fitEncoding } from '../../matrix/encode.ts'
import { type FactorFrame, takeRows } from '../../matrix/frame.ts'
import type { Encoding } from '../../matrix/matrix.ts'
import type { Random } from '../../util/random.ts'
import type { FrameLearner } from '../frameLearner.ts'
import { listen } from '../listen.ts'
import type { FitOptions } from '../model.ts'
import { refuseWeights } from '../rowWeights.ts'
import { sampleRows } from './sampleRows.ts'

/** What is used of the package. */
interface PackageForest {
  train(x: number[][], y: number[]): void
  predictionValues(x: number[][]): { getRow(i: number): number[] }
}
interface ForestPackage {
  RandomForestRegression: new (options: object) => PackageForest
}

/** Trees of one call to the package, so that Ctrl-C is heard in between. */
const CHUNK = 5
/** Rows predicted in one call: the package copies them. */
const BLOCK = 2000
/** Prior weight, in trees, that keeps the log-odds of a unanimous forest finite. */
const PRIOR = 1

/** Rows outside of the sample that a calibration rests on, at most: a prediction takes time too. */
const CALIBRATION_ROWS = 4000
/** Bad rows that a calibration on rows outside of the sample needs at least. */
const FEWEST_BADS = 20

/** Options of the baseline. */
export interface NpmForestOptions {
  trees: number
  /** nodes with at most so many rows are not split */
  minNumSamples: number
  /** training rows at most: the time of a tree grows with their square */
  cap: number
}

const rowsOf = (encoding: Encoding, frame: FactorFrame): number[][] => {
  const x = applyEncoding(encoding, frame)
  return Array.from({ length: x.rows }, (_, i) =>
    Array.from({ length: x.columns.length }, (_, j) => x.values[j * x.rows + i]!),
  )
}

/** Log-odds of a mean share over trees, drawn a little to the training rate. */
const marginOf = (sum: number, trees: number, rate: number): number => logit((sum + PRIOR * rate) / (trees + PRIOR))

const grow = async (x: number[][], y: number[], options: NpmForestOptions, random: Random, watch: FitOptions) => {
  const { RandomForestRegression } = (await import('ml-random-forest')) as unknown as ForestPackage
  const maxFeatures = Math.max(1, Math.round(Math.sqrt(x[0]!.length)))
  const forests: PackageForest[] = []
  for (let grown = 0; grown < options.trees; grown += CHUNK) {
    await listen(watch.signal)
    watch.progress?.('ml-random-forest', grown, options.trees)
    const forest = new RandomForestRegression({
      seed: random.fork('trees', grown).integer(2 ** 31),
      nEstimators: Math.min(CHUNK, options.trees - grown),
      maxFeatures,
      replacement: false,
      useSampleBagging: true,
      // Its out-of-bag results fail where every tree drew a row, which is common with few trees.
      noOOB: true,
      // The gain of a regression tree is the error that is left: one without error must pass the threshold too.
      treeOptions: { minNumSamples: options.minNumSamples, gainThreshold: -1 },
    })
    forest.train(x, y)
    forests.push(forest)
  }
  return { forests, maxFeatures }
}

/** The baseline `ml-random-forest`. */
export const npmForest = (options: NpmForestOptions): FrameLearner => ({
  kind: 'ml-random-forest',
  options: { ...options },
  fit: async (frame, target, random, watch = {}) => {
    refuseWeights('ml-random-forest', watch)
    // One row a person: the package draws its bootstrap by rows, and knows nothing of persons.
    const rows = sampleRows(frame, target, { cap: options.cap, onePerPerson: true }, random)
    const sample = takeRows(frame, rows)
    // The package knows no missing value: the linear encoding fills them and adds indicators.
    const encoding = fitEncoding(sample, 'linear')
    const y = Array.from(rows, (i) => target[i]!)
    const rate = y.reduce((a, b) => a + b, 0) / y.length
    const { forests, maxFeatures } = await grow(rowsOf(encoding, sample), y, options, random, watch)
    const margins = (other: FactorFrame): Float64Array => {
      const out = new Float64Array(other.rows)
      for (let start = 0; start < other.rows; start += BLOCK) {
        const block = Int32Array.from({ length: Math.min(BLOCK, other.rows - start) }, (_, i) => start + i)
        const x = rowsOf(encoding, takeRows(other, block))
        const values = forests.map((forest) => forest.predictionValues(x))
        block.forEach((row, i) => {
          let sum = 0
          for (const value of values) for (const share of value.getRow(i)) sum += share
          out[row] = marginOf(sum, options.trees, rate)
        })
      }
      return out
    }
    const unseen = unseenMargins(frame, target, rows, margins, random.fork('unseen'))
    return {
      margins,
      ...(unseen ? { outOfBagMargins: unseen } : {}),
      report: {
        rows: rows.length,
        rowsGiven: frame.rows,
        columns: encoding.columns.length,
        trees: options.trees,
        featuresPerTree: maxFeatures,
      },
    }
  },
})

/**
 * Margins of the training rows whose persons the cap kept out of the sample: none of the trees saw them, so a calibration can rest
 * on them. Absent where they are fewer than the sample, or hold too few bads: then a calibration needs further trainings.
 */
const unseenMargins = (
  frame: FactorFrame,
  target: Uint8Array,
  sampled: Int32Array,
  margins: (frame: FactorFrame) => Float64Array,
  random: Random,
): Float64Array | undefined => {
  const drawn = new Set(Array.from(sampled, (i) => frame.personId[i]!))
  const others = Int32Array.from(frame.personId.keys()).filter((i) => !drawn.has(frame.personId[i]!))
  const outcomes = Uint8Array.from(others, (i) => target[i]!)
  if (others.length < sampled.length) return undefined
  const persons = { personId: Array.from(others, (i) => frame.personId[i]!) }
  const most = { cap: CALIBRATION_ROWS, onePerPerson: false }
  const rows = sampleRows(persons, outcomes, most, random).map((k) => others[k]!)
  if (rows.reduce((sum, i) => sum + target[i]!, 0) < FEWEST_BADS) return undefined
  const out = new Float64Array(frame.rows).fill(Number.NaN)
  margins(takeRows(frame, rows)).forEach((m, k) => {
    out[rows[k]!] = m
  })
  return out
}
