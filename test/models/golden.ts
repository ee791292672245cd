import { readFileSync } from 'node:fs'

const folder = new URL('../fixtures/models/', import.meta.url)

export const readGolden = <T>(name: string): T => JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as T

/** Columns stored as whole multiples of 1 / scale, null = missing. */
export const unscale = (values: readonly (number | null)[], scale: number): Float64Array =>
  Float64Array.from(values, (v) => (v === null ? Number.NaN : v / scale))

export interface GoldenTree {
  childrenLeft: number[]
  childrenRight: number[]
  feature: number[]
  threshold: (number | null)[]
  defaultLeft: number[]
  cover: number[]
  bad: number[]
}

export interface GoldenCart {
  scale: number
  sets: {
    name: string
    rows: number
    columns: number
    values: (number | null)[]
    target: number[]
    cases: {
      maxDepth: number | null
      minLeaf: number
      minImpurityDecrease: number
      tree: GoldenTree
      path: { alphas: number[]; impurities: number[] }
      pruned: { alpha: number; tree: GoldenTree }[]
    }[]
  }[]
}

export interface GoldenLogistic {
  scale: number
  rows: number
  columns: number
  values: number[]
  target: number[]
  weights: number[]
  cases: {
    l2: number
    weighted: boolean
    beta: number[]
    penalized: number[]
    sandwich: number[]
    statsmodels?: { beta: number[]; standardErrors: number[]; logLikelihood: number }
  }[]
}

export interface GoldenForest {
  scale: number
  rows: number
  columns: number
  train: number
  settings: { trees: number; maxDepth: number; minLeaf: number; features: 'sqrt' }
  auc: number[]
}

/** forest.bin: 16-bit columns (-32768 = missing), then one byte a row of target. */
export const readForest = () => {
  const golden = readGolden<GoldenForest>('forest.json')
  const bytes = readFileSync(new URL('forest.bin', folder))
  const { rows, columns, scale } = golden
  const values = new Float64Array(rows * columns)
  for (let k = 0; k < values.length; k++) {
    const stored = bytes.readInt16LE(2 * k)
    values[k] = stored === -32768 ? Number.NaN : stored / scale
  }
  return { golden, values, target: Uint8Array.from(bytes.subarray(2 * rows * columns)) }
}
