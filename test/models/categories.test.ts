/** A category of many levels from the table to the receipt, as one column of codes. */
import { describe, expect, it } from 'vitest'
import { explain } from '../../src/attributions/explain.ts'
import { decodeScorer, encodeScorer } from '../../src/formats/modelFile.ts'
import { auc } from '../../src/metrics/auc.ts'
import { forest } from '../../src/models/forest/learner.ts'
import { onFrames } from '../../src/models/frameLearner.ts'
import type { TreeModel } from '../../src/models/model.ts'
import type { Scorer } from '../../src/scores/scorer.ts'
import { scoreFrame } from '../../src/scores/scorer.ts'
import { openPool } from '../../src/threads/openPool.ts'
import { random } from '../../src/util/random.ts'
import { madeScorer, PLATT } from '../attributions/madeScorers.ts'
import { frameOf } from '../matrix/helpers.ts'

const ROWS = 3000
const LEVELS = 60
const r = random(11)
const level = Array.from({ length: ROWS }, () => (r.next() < 0.05 ? -1 : r.integer(LEVELS)))
/** Risk jumps from level to level, so that no order of their names says it. */
const target = Uint8Array.from(level, (code) => (r.next() < ((code * 7) % 3 === 0 && code >= 0 ? 0.6 : 0.1) ? 1 : 0))
const frame = frameOf({
  other: Array.from({ length: ROWS }, () => r.next()),
  job: level.map((code) => (code < 0 ? null : `job ${code}`)),
})
const train = async (kernels: 'wasm' | 'typescript', takesCategories: boolean) => {
  const learner = { ...forest({ trees: 40, features: 2 }), takesCategories }
  const fitted = await onFrames(learner).fit(frame, target, random(1), { pool: openPool(1, { kernels }) })
  // A row that every tree drew has no such margin.
  const seen = [...fitted.outOfBagMargins!.keys()].filter((i) => !Number.isNaN(fitted.outOfBagMargins![i]!))
  const outOfBag = auc(
    Float64Array.from(seen, (i) => fitted.outOfBagMargins![i]!),
    Uint8Array.from(seen, (i) => target[i]!),
  )
  return { ...fitted, outOfBag }
}

describe('a forest on codes of categories', () => {
  it('is the same by both kernels, parts what columns a level part, and is scored and explained', async () => {
    const coded = await train('wasm', true)
    expect(coded.encoding.columns.map((c) => c.role)).toEqual(['value', 'category'])
    expect((coded.model as TreeModel).trees.some((tree) => (tree.sets?.length ?? 0) > 0)).toBe(true)
    expect((await train('typescript', true)).model).toEqual(coded.model)
    // 50 columns of 60 levels, two drawn at a node, find less than one split of all levels does.
    expect(coded.outOfBag).toBeGreaterThan((await train('wasm', false)).outOfBag)

    const scorer: Scorer = {
      ...madeScorer({ kind: 'forest', calibration: PLATT }),
      encoding: coded.encoding,
      model: coded.model,
    }
    const { json, bin } = encodeScorer(scorer)
    const loaded = decodeScorer(new TextEncoder().encode(json), bin)
    const later = frameOf({
      other: [0.5, 0.5, 0.5, 0.5],
      job: ['job 3', 'job 4', 'a job of tomorrow', null],
    })
    const scores = scoreFrame(loaded, later)
    expect(scores).toEqual(scoreFrame(scorer, later))
    // What training never saw is taken as missing.
    expect(scores.score[2]).toBe(scores.score[3])
    expect(scores.score[0]).toBeLessThan(scores.score[1]!)
    // `explain` refuses when base and points are not the raw score of every row.
    const { points } = await explain(loaded, later)
    const ofJob = points.subarray(4)
    expect(ofJob[0]).toBeLessThan(ofJob[1]!)
    expect(ofJob[2]).toBe(ofJob[3])
  })
})
