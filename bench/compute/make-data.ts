/**
 * Writes the synthetic data of the benchmark: correlated normal columns, every fifth exponentiated (amounts), every seventh a count, every
 * eleventh a flag; the outcome depends on all of them, with interactions and a wave, 10 % bad, AUC of the truth about .80.
 *
 * Usage: tsx make-data.ts --folder F --rows N [--columns 70] [--test 200000] [--seed 11] [--missing 0] [--standardized]
 *
 * Rows come in blocks with streams of their own: the first rows of a larger set are those of a smaller one. Values are
 * rounded to float32, so that peers that keep floats see the same numbers and the same ties.
 */
import { createHash } from 'node:crypto'
import { closeSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { DataShape } from './data.ts'
import { rankAuc } from './rankAuc.ts'

const COMMON_CAUSES = 8
const BAD_RATE = 0.1
const SPREAD = 1.35

/** Rows drawn at once, and those that moments and intercept come from: fewer where there are many columns, for memory. */
const sizesFor = (columns: number) =>
  columns > 300 ? { block: 10_000, calibrationRows: 20_000 } : { block: 50_000, calibrationRows: 100_000 }

/** Uniform and normal numbers of one stream: mulberry32 and the polar method. */
const stream = (...words: number[]) => {
  let state = words.reduce((h, w) => Math.imul(h ^ (w + 0x9e3779b9), 0x85ebca6b) ^ (h >>> 13), 0x2545f491)
  let spare = Number.NaN
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  const normal = (): number => {
    if (!Number.isNaN(spare)) {
      const value = spare
      spare = Number.NaN
      return value
    }
    for (;;) {
      const u = 2 * uniform() - 1
      const v = 2 * uniform() - 1
      const s = u * u + v * v
      if (s > 0 && s < 1) {
        const f = Math.sqrt((-2 * Math.log(s)) / s)
        spare = v * f
        return u * f
      }
    }
  }
  return { uniform, normal }
}

/** What a column of a law of `columns` columns is made of; one law a number of columns and seed. */
const lawOf = (columns: number, seed: number) => {
  const { normal } = stream(seed, 1, columns)
  const loadings = Float64Array.from({ length: COMMON_CAUSES * columns }, () => 0.4 * normal())
  // A fixed share of the truth is spread over all columns, however many there are.
  const weights = Float64Array.from({ length: columns }, () => 0.16 * Math.sqrt(70 / columns) * normal())
  return { loadings, weights }
}
type Law = ReturnType<typeof lawOf>

/** Column-major raw values of one block, each column from a stream of its own. */
const drawBlock = (law: Law, columns: number, rows: number, out: Float64Array, ...key: number[]): void => {
  const causes = Array.from({ length: COMMON_CAUSES }, (_, k) => {
    const { normal } = stream(...key, 2, k)
    return Float64Array.from({ length: rows }, normal)
  })
  for (let j = 0; j < columns; j++) {
    const { normal } = stream(...key, 3, j)
    const x = out.subarray(j * rows, (j + 1) * rows)
    for (let i = 0; i < rows; i++) x[i] = normal()
    for (let k = 0; k < COMMON_CAUSES; k++) {
      const loading = law.loadings[k * columns + j]!
      const cause = causes[k]!
      for (let i = 0; i < rows; i++) x[i]! += loading * cause[i]!
    }
    if (j % 11 === 2) for (let i = 0; i < rows; i++) x[i] = x[i]! > 0.8 ? 1 : 0
    else if (j % 7 === 1) for (let i = 0; i < rows; i++) x[i] = Math.floor(3 * Math.abs(x[i]!))
    else if (j % 5 === 0) for (let i = 0; i < rows; i++) x[i] = Math.fround(Math.exp(0.8 * x[i]!))
    else for (let i = 0; i < rows; i++) x[i] = Math.fround(x[i]!)
  }
}

interface Moments {
  mean: Float64Array
  deviation: Float64Array
}

const momentsOf = (x: Float64Array, rows: number, columns: number): Moments => {
  const mean = new Float64Array(columns)
  const deviation = new Float64Array(columns)
  for (let j = 0; j < columns; j++) {
    const c = x.subarray(j * rows, (j + 1) * rows)
    let sum = 0
    for (let i = 0; i < rows; i++) sum += c[i]!
    mean[j] = sum / rows
    let squares = 0
    for (let i = 0; i < rows; i++) squares += (c[i]! - mean[j]!) ** 2
    deviation[j] = Math.sqrt(squares / rows) + 1e-9
  }
  return { mean, deviation }
}

/** Log-odds of bad without the intercept. */
const risk = (law: Law, x: Float64Array, rows: number, columns: number, { mean, deviation }: Moments): Float64Array => {
  const out = new Float64Array(rows)
  for (let j = 0; j < columns; j++) {
    const c = x.subarray(j * rows, (j + 1) * rows)
    const slope = law.weights[j]! / deviation[j]!
    for (let i = 0; i < rows; i++) out[i]! += slope * (c[i]! - mean[j]!)
  }
  const z = (j: number, i: number): number => {
    const k = j % columns
    return (x[k * rows + i]! - mean[k]!) / deviation[k]!
  }
  for (let i = 0; i < rows; i++)
    out[i]! +=
      (z(3, i) > 0.5 && z(10, i) < 0 ? 0.5 : 0) -
      0.4 * Math.abs(z(4, i)) +
      0.35 * z(6, i) * z(8, i) +
      0.3 * Math.sin(2 * z(9, i))
  return out
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x))

/** The intercept that makes a tenth bad. */
const interceptFor = (logOdds: Float64Array): number => {
  let low = -20
  let high = 20
  for (let k = 0; k < 60; k++) {
    const middle = (low + high) / 2
    if (logOdds.reduce((sum, m) => sum + sigmoid(m + middle), 0) / logOdds.length > BAD_RATE) high = middle
    else low = middle
  }
  return (low + high) / 2
}

/**
 * Makes values missing, after the outcome was drawn: in every third column, more often where the value is high. So the
 * missing bin has something to say, and the truth's AUC stays what it was.
 */
const removeValues = (x: Float64Array, rows: number, columns: number, m: Moments, share: number, ...key: number[]) => {
  for (let j = 0; j < columns; j += 3) {
    const { uniform } = stream(...key, 5, j)
    for (let i = 0; i < rows; i++)
      if (uniform() < share * (x[j * rows + i]! > m.mean[j]! ? 1.5 : 0.5)) x[j * rows + i] = Number.NaN
  }
}

const writeAll = (file: string, bytes: Uint8Array): string => {
  const hash = createHash('sha256')
  const handle = openSync(file, 'w')
  const step = 1 << 26
  for (let at = 0; at < bytes.length; at += step) {
    const part = bytes.subarray(at, Math.min(bytes.length, at + step))
    // Shared memory may not be written directly on every supported Node.
    const plain = Buffer.from(part)
    for (let done = 0; done < plain.length; ) done += writeSync(handle, plain, done, plain.length - done)
    hash.update(plain)
  }
  closeSync(handle)
  return hash.digest('hex')
}

export interface SyntheticOptions {
  folder: string
  rows: number
  columns?: number
  test?: number
  seed?: number
  missing?: number
  standardized?: boolean
}

export const makeSynthetic = (options: SyntheticOptions): DataShape => {
  const { folder, rows, columns = 70, test = 200_000, seed = 11, missing = 0, standardized = false } = options
  const { block: blockRows, calibrationRows } = sizesFor(columns)
  const law = lawOf(columns, seed)
  const sample = new Float64Array(calibrationRows * columns)
  drawBlock(law, columns, calibrationRows, sample, seed, 9, 0)
  const moments = momentsOf(sample, calibrationRows, columns)
  const raw = risk(law, sample, calibrationRows, columns, moments)
  // One spread of the log-odds, and so about one AUC of the truth, for any number of columns.
  const strength = SPREAD / momentsOf(raw, calibrationRows, 1).deviation[0]!
  const intercept = interceptFor(raw.map((m) => strength * m))

  const temporary = `${folder}.making-${process.pid}`
  rmSync(temporary, { recursive: true, force: true })
  mkdirSync(temporary, { recursive: true })
  const sha256: Record<string, string> = {}
  let badRate = Number.NaN
  let bayesAuc = Number.NaN
  /** of the training rows, applied to both parts */
  let scaling: Moments | undefined
  for (const [part, n, side] of [
    ['train', rows, 7],
    ['test', test, 8],
  ] as const) {
    const values = new Float64Array(n * columns)
    const target = new Uint8Array(n)
    const truth = new Float64Array(n)
    const block = new Float64Array(blockRows * columns)
    for (let b = 0; b * blockRows < n; b++) {
      const key = [seed, side, b] as const
      drawBlock(law, columns, blockRows, block, ...key)
      const logOdds = risk(law, block, blockRows, columns, moments)
      const { uniform } = stream(...key, 4)
      const take = Math.min(blockRows, n - b * blockRows)
      for (let i = 0; i < blockRows; i++) {
        const u = uniform()
        if (i >= take) continue
        const p = sigmoid(strength * logOdds[i]! + intercept)
        truth[b * blockRows + i] = p
        target[b * blockRows + i] = u < p ? 1 : 0
      }
      if (missing > 0) removeValues(block, blockRows, columns, moments, missing, ...key)
      for (let j = 0; j < columns; j++)
        values.set(block.subarray(j * blockRows, j * blockRows + take), j * n + b * blockRows)
    }
    if (standardized) {
      scaling ??= momentsOf(values, n, columns)
      for (let j = 0; j < columns; j++)
        for (let i = j * n; i < (j + 1) * n; i++)
          values[i] = Math.fround((values[i]! - scaling.mean[j]!) / scaling.deviation[j]!)
    }
    sha256[`${part}.f64`] = writeAll(join(temporary, `${part}.f64`), new Uint8Array(values.buffer))
    sha256[`${part}.u8`] = writeAll(join(temporary, `${part}.u8`), target)
    if (part === 'train') badRate = target.reduce((a, b) => a + b, 0) / n
    else bayesAuc = rankAuc(truth, target)
  }
  const shape: DataShape = {
    name: folder.split('/').at(-1)!,
    rows,
    columns,
    testRows: test,
    badRate,
    bayesAuc,
    seed,
    missing,
    standardized,
    sha256,
  }
  writeFileSync(join(temporary, 'data.json'), `${JSON.stringify(shape, undefined, 2)}\n`)
  rmSync(folder, { recursive: true, force: true })
  renameSync(temporary, folder)
  return shape
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const { values } = parseArgs({
    options: {
      folder: { type: 'string' },
      rows: { type: 'string' },
      columns: { type: 'string', default: '70' },
      test: { type: 'string', default: '200000' },
      seed: { type: 'string', default: '11' },
      missing: { type: 'string', default: '0' },
      standardized: { type: 'boolean', default: false },
    },
  })
  if (!values.folder || !values.rows) throw new Error('usage: make-data.ts --folder FOLDER --rows NUMBER [...]')
  const shape = makeSynthetic({
    folder: values.folder,
    rows: Number(values.rows),
    columns: Number(values.columns),
    test: Number(values.test),
    seed: Number(values.seed),
    missing: Number(values.missing),
    standardized: values.standardized,
  })
  console.log(JSON.stringify(shape))
}
