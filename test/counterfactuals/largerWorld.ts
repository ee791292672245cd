/** Worlds with too many changes to try them all: what other searches said of them is in test/fixtures/counterfactuals/. */
import { changeReference } from '../../src/counterfactuals/reference.ts'
import type { TreeModel } from '../../src/models/model.ts'
import { type Scorer, scoreFrame } from '../../src/scores/scorer.ts'
import { random } from '../../src/util/random.ts'
import { RULES, smallFrame, smallScorer } from './smallWorld.ts'

/** A person with all the ways to change, and a forest made of ten small ones that read the factors alike. */
export const largerWorld = (seed: number) => {
  const stream = random(seed).fork('larger')
  const frame = smallFrame(80, stream.fork('people'))
  const scorers: Scorer[] = []
  for (let i = 0; scorers.length < 10; i++) {
    const scorer = smallScorer('forest', frame, stream.fork('model', i))
    const first = scorers[0] ?? scorer
    if (scorer.encoding.columns.length === first.encoding.columns.length) scorers.push(scorer)
  }
  const first = scorers[0]! as Scorer & { model: TreeModel }
  const trees = scorers.flatMap(({ model }) => (model as TreeModel).trees)
  const scorer: Scorer = { ...first, model: { ...first.model, trees } }
  const { score } = scoreFrame(scorer, frame)
  const row = stream.integer(80)
  const most = Math.max(...score)
  const options = {
    cutoff: Math.min(950, Math.round((score[row]! + 2 * most) / 3) + 1),
    months: 6,
    rules: RULES,
    options: 1,
  }
  return { frame, scorer, row, reference: changeReference(frame), options }
}

/** Seeds that are looked at. */
export const LARGER_SEEDS = Array.from({ length: 16 }, (_, seed) => seed)
