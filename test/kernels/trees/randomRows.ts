/** Random binned rows for tests of the grower: numbers and categories, some missing, a target that depends on them. */
import type { BinnedColumn, BinnedMatrix } from '../../../src/kernels/binning/binnedMatrix.ts'
import { keyWords } from '../../../src/kernels/numbers/generator.ts'
import type { Pool } from '../../../src/kernels/pool.ts'
import type { GrowthOptions } from '../../../src/kernels/trees/growthOptions.ts'
import { type Random, random } from '../../../src/util/random.ts'

export interface RandomRows {
  rows: number
  columns: BinnedColumn[]
  bins: Uint8Array
  target: Uint8Array
  weights: Float64Array
}

/** Every third column holds categories; column 0 rises with the risk, column 1 is missing more often for bad rows. */
export const randomRows = (r: Random, rows: number, count: number, bins: number, missing: number): RandomRows => {
  const columns: BinnedColumn[] = Array.from({ length: count }, (_, j) =>
    j % 3 === 2
      ? { kind: 'category', bins: Math.min(254, bins), edges: new Float64Array(0) }
      : { kind: 'number', bins, edges: Float64Array.from({ length: bins - 1 }, (_, b) => b + 0.5) },
  )
  const bytes = new Uint8Array(rows * count)
  const target = new Uint8Array(rows)
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < count; j++)
      bytes[j * rows + i] = r.next() < missing ? 255 : r.integer(j % 4 === 3 ? 2 : columns[j]!.bins)
    const risk = bytes[i] === 255 ? 0.2 : bytes[i]! / bins
    const group = count > 2 && bytes[2 * rows + i]! % 5 === 0 ? 0.3 : 0
    target[i] = r.next() < 0.05 + 0.5 * risk + group ? 1 : 0
    if (count > 1 && target[i] && r.next() < missing) bytes[rows + i] = 255
  }
  const weights = Float64Array.from({ length: rows }, () => (r.next() < 0.1 ? 0 : Math.round(1000 * r.next()) / 300))
  return { rows, columns, bins: bytes, target, weights }
}

/** The same rows as a matrix of the pool. */
export const matrixOn = (pool: Pool, { rows, columns, bins }: RandomRows): BinnedMatrix => {
  if (pool.kernels === 'typescript') return { rows, columns, bytes: () => bins, close: () => {} }
  const address = pool.space.take(bins.length)
  pool.space.bytes(address, bins.length).set(bins)
  return {
    rows,
    columns,
    address,
    bytes: () => pool.space.bytes(address, bins.length),
    close: () => pool.space.give(address),
  }
}

export const plainGrowth: GrowthOptions = {
  criterion: 'gini',
  splitter: 'best',
  maxDepth: Number.POSITIVE_INFINITY,
  maxLeaves: Number.POSITIVE_INFINITY,
  minLeaf: 1,
  minImpurityDecrease: 0,
  features: 3,
  smoothing: { strength: 5, rate: 0.3 },
  output: 'logOdds',
}

export const treeKeys = (seed: number, trees: number): Uint32Array => {
  const keys = new Uint32Array(4 * trees)
  for (let t = 0; t < trees; t++) keys.set(keyWords(random(seed).fork('tree', t).key), 4 * t)
  return keys
}
