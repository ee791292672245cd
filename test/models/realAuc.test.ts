/**
 * AUC of ours and of the peers on three real sets: the same rows, folds and settings (bench/peers.yaml), five seeds of five folds.
 * Equal means a mean over seeds of not more than 0.002 below the peer's.
 *
 * All seeds of both sides are golden (the peers need Python, and a seed of Taiwan takes us several seconds). Measured here, and held
 * against the golden figures of ours: every seed of German and Berka, the first of Taiwan.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Data, readData } from '../../bench/compute/data.ts'
import { readJobs } from '../../bench/compute/jobs.ts'
import { makeReal } from '../../bench/compute/make-real.ts'
import { aucOf, mean, type OursGolden, type PeersGolden, readGolden, SETS } from './realAuc.ts'

const { equalAuc, jobs } = readGolden<PeersGolden>('auc')
const ours = readGolden<OursGolden>('ours')
const list = readJobs()
const root = new URL('../../', import.meta.url).pathname

/**
 * Peers that ours is further below than that, and by how much at most. Berka has 682 rows and 76 bad ones; over 20 seeds the means
 * are .8265 for LightGBM, .8243 for XGBoost, .8237 for ours (scikit-learn, the same algorithm as ours, is below it).
 */
const MISSED: Record<string, number> = { 'forestBerka lightgbm': -0.004, 'forestBerka xgboost': -0.003 }

describe('golden AUC', () => {
  test('is of the settings that the benchmark has', () => {
    expect(equalAuc).toBe(list.equalAuc)
    for (const { name, peers } of jobs) {
      const job = list.jobs[name]!
      expect(ours[name]!.same).toEqual(job.same)
      expect(ours[name]!.auc.length).toBe(5)
      for (const [peer, { settings, auc }] of Object.entries(peers)) {
        expect(settings).toEqual(job.peers[peer]!.settings)
        expect(auc.length).toBe(5)
      }
    }
    expect(jobs.map(({ peers }) => Object.keys(peers).length).reduce((a, b) => a + b, 0)).toBe(15)
  })

  const pairs = jobs.flatMap(({ name, peers }) => Object.entries(peers).map(([peer, { auc }]) => ({ name, peer, auc })))
  test.each(pairs)('$name is not below $peer', ({ name, peer, auc }) => {
    const gap = mean(ours[name]!.auc) - mean(auc)
    const missed = MISSED[`${name} ${peer}`]
    if (missed === undefined) expect(gap).toBeGreaterThanOrEqual(-equalAuc)
    else {
      // What is stated as missed is missed, and by no more than is stated.
      expect(gap).toBeLessThan(-equalAuc)
      expect(gap).toBeGreaterThan(missed)
    }
  })
})

const folders = mkdtempSync(join(tmpdir(), 'glasscore-auc-'))
afterAll(() => rmSync(folders, { recursive: true, force: true }))

for (const set of SETS) {
  const absent = !existsSync(join(root, '../shared/data', set))
  describe.skipIf(absent)(absent ? `${set}: skipped, ../shared/data/${set} is not there` : set, () => {
    const folder = join(folders, set)
    let data: Data
    beforeAll(async () => {
      await makeReal(set, 'tree', folder)
      data = readData(folder)
    })

    test.each(jobs.filter((job) => job.set === set))('$name gives the golden AUC', async (job) => {
      expect(data.shape.sha256).toEqual(job.sha256)
      const { work, same } = list.jobs[job.name]!
      const measured = ours[job.name]!.auc.slice(0, set === 'taiwan' ? 1 : 5)
      for (const [k, auc] of measured.entries()) {
        // 1e-9: the same trees rank the same; ranks could only tie otherwise by the last bit of a sum of leaves.
        expect(Math.abs((await aucOf(work, same, folder, data, k + 1)) - auc)).toBeLessThan(1e-9)
      }
    })

    test.each(['forest', 'boosting'])('a twin of one split a tree is caught: %s', async (work) => {
      const job = jobs.find((j) => j.set === set && j.name.startsWith(work))!
      const weak = work === 'forest' ? { maxDepth: 1 } : { leaves: 2, trees: 5 }
      const auc = await aucOf(work, { ...list.jobs[job.name]!.same, ...weak }, folder, data, 1)
      expect(auc).toBeLessThan(job.peers['lightgbm']!.auc[0]! - equalAuc)
    })
  })
}
