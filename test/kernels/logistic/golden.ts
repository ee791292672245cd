import { readFileSync } from 'node:fs'
import type { LogisticData } from '../../../src/kernels/logistic/logisticData.ts'

interface GoldenData {
  rows: number
  columns: number
  values: number[]
  target: number[]
}

export interface ElasticNetGolden extends GoldenData {
  weights: number[]
  cases: ElasticNetCase[]
  weighted: ElasticNetCase
}
export interface ElasticNetCase {
  l1: number
  l2: number
  signs: number[]
  free: number[]
  beta: number[]
}
export interface IllConditionedGolden extends GoldenData {
  cases: { l2: number; beta: number[]; penalized: number[]; sandwich: number[] }[]
}
export interface ClusteredGolden extends GoldenData {
  groups: number[]
  beta: number[]
  standardErrors: number[]
  z: number[]
  pValues: number[]
  clusteredErrors: number[]
  clusteredPValues: number[]
  clusters: number
}

export const golden = <T>(name: string): T =>
  JSON.parse(readFileSync(new URL(`../../fixtures/logistic/${name}.json`, import.meta.url), 'utf8'))

export const dataOf = ({ rows, columns, values, target }: GoldenData, weights?: number[]): LogisticData => {
  const shared = new Float64Array(new SharedArrayBuffer(8 * values.length))
  shared.set(values)
  return {
    values: shared,
    rows,
    columns,
    target: Uint8Array.from(target),
    ...(weights ? { weights: Float64Array.from(weights) } : {}),
  }
}

/** Greatest relative difference; absolute where 0 is expected. */
export const worst = (got: ArrayLike<number>, expected: readonly number[]): number =>
  Math.max(...expected.map((e, i) => Math.abs(got[i]! - e) / (Math.abs(e) || 1)))
