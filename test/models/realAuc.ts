/** AUC of ours on a real set: the table, the folds, the settings and the AUC of the benchmark. Used by tests and their goldens only. */
import { readFileSync } from 'node:fs'
import type { Settings } from '../../bench/compute/adapter.ts'
import { type Data, splitsOf } from '../../bench/compute/data.ts'
import { run as boosting } from '../../bench/compute/ours/boosting.ts'
import { run as forest } from '../../bench/compute/ours/forest.ts'
import { rankAuc } from '../../bench/compute/rankAuc.ts'

export const SETS = ['german', 'berka', 'taiwan'] as const

/** test/fixtures/auc/auc.json, by make_auc.py */
export interface PeersGolden {
  equalAuc: number
  jobs: {
    name: string
    set: (typeof SETS)[number]
    /** of the files of rows, outcomes and folds */
    sha256: Record<string, string>
    /** AUC of seeds 1, 2, ..., each the mean over its folds */
    peers: Record<string, { version: string; settings: Settings; auc: number[] }>
  }[]
}

/** test/fixtures/auc/ours.json, by make_ours.ts: AUC of seeds 1, 2, ... by job */
export type OursGolden = Record<string, { same: Settings; auc: number[] }>

export const readGolden = <T>(name: 'auc' | 'ours'): T =>
  JSON.parse(readFileSync(new URL(`../fixtures/auc/${name}.json`, import.meta.url), 'utf8'))

export const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length

/** The mean over the folds of a seed. One thread: trees are the same for any number of them. */
export const aucOf = async (work: string, same: Settings, folder: string, data: Data, seed: number) => {
  const run = work === 'forest' ? forest : boosting
  const folds: number[] = []
  for (const { train, test } of splitsOf(folder, data, seed)) {
    const { scores } = await run({ train, test, threads: 1, seed, same, settings: {} })
    folds.push(rankAuc(scores!, test.target))
  }
  return mean(folds)
}
