/**
 * Whether models trained on simulated people find the interaction claim of the population (docs/population.md): for every setting of the
 * switch people are simulated, their factors built, a boosting and a forest trained on realized outcomes, and the mean absolute SHAP interactions of
 * rows that were held out are ranked.
 *
 *   npm run build && npx tsx bench/interactions/interactions.ts [--people N] [--seeds 1,2] [--settings marginal,conditional,off]
 *     [--models boosting,forest] [--rows N] [--threads N] [--keep FOLDER] [--json FILE]
 */
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type InteractionSummary, interactionSummary } from '../../src/attributions/interactionSummary.ts'
import { openDuckDB } from '../../src/engines/duckdb.ts'
import { fitEncoding } from '../../src/matrix/encode.ts'
import { type FactorFrame, takeRows } from '../../src/matrix/frame.ts'
import { auc } from '../../src/metrics/auc.ts'
import { boosting } from '../../src/models/boosting/learner.ts'
import { forest } from '../../src/models/forest/learner.ts'
import { margin } from '../../src/models/margin.ts'
import type { Learner } from '../../src/models/model.ts'
import { DEFAULT_SCALE } from '../../src/scores/scale.ts'
import { encodeFor, type Scorer } from '../../src/scores/scorer.ts'
import { features } from '../../src/stages/features.ts'
import { labelRows } from '../../src/stages/labels.ts'
import { loadFeatures } from '../../src/stages/loadFeatures.ts'
import { simulate } from '../../src/stages/simulate.ts'
import { openPool } from '../../src/threads/openPool.ts'
import { random } from '../../src/util/random.ts'

const { values: asked } = parseArgs({
  options: {
    people: { type: 'string', default: '30000' },
    seeds: { type: 'string', default: '1' },
    settings: { type: 'string', default: 'marginal,off' },
    models: { type: 'string', default: 'boosting,forest' },
    rows: { type: 'string', default: '2000' },
    threads: { type: 'string', default: '2' },
    keep: { type: 'string' },
    json: { type: 'string' },
  },
})
const threads = Number(asked.threads)
const PAIR = ['baby_products_share_1y', 'donations_1y'] as const

const LEARNERS: Record<string, Learner> = {
  // The claim concerns large groups and has no main effects in its marginal form: leaves are large and shrunk, and columns are left out at
  // each node, so that trees split on columns that gain little by themselves.
  boosting: boosting({
    rounds: 600,
    learningRate: 0.05,
    maxLeaves: 16,
    minLeaf: 200,
    lambda: 50,
    columnsANode: 0.4,
    sampleRatio: 0.7,
    validationShare: 0,
  }),
  forest: forest({ trees: 150, maxDepth: 10, minLeaf: 30 }),
}

/** Where the pair stands among the pairs that one of the two belongs to. */
const standing = ({ pairs, unit }: InteractionSummary) => {
  const theirs = pairs.filter(({ first, second }) => PAIR.some((name) => name === first || name === second))
  const at = theirs.findIndex(({ first, second }) => [first, second].every((name) => PAIR.includes(name as never)))
  const others = theirs.filter((_, k) => k !== at)
  return {
    unit,
    rank: at + 1,
    of: theirs.length,
    rankOfAll: pairs.indexOf(theirs[at]!) + 1,
    ofAll: pairs.length,
    meanAbsolute: theirs[at]!.meanAbsolute,
    strongestOther: { pair: `${others[0]!.first} x ${others[0]!.second}`, meanAbsolute: others[0]!.meanAbsolute },
    medianOther: others[Math.floor(others.length / 2)]!.meanAbsolute,
  }
}

const measure = async (name: string, learner: Learner, frame: FactorFrame, target: Uint8Array, seed: number) => {
  const pool = openPool(threads)
  const order = random(seed).fork('rows').shuffle(Int32Array.from(target.keys()))
  const cut = Math.floor(0.7 * order.length)
  const part = (rows: Int32Array) => ({ people: takeRows(frame, rows), bad: Uint8Array.from(rows, (i) => target[i]!) })
  const train = part(order.subarray(0, cut))
  const held = part(order.subarray(cut))
  const encoding = fitEncoding(train.people, 'tree')
  // Points at the scale's own 60 to double the odds: margins of boosting and forest are taken as they are.
  const calibration = { kind: 'platt', slope: 1, intercept: 0 } as const
  const draft = { name, encoding, calibration, scale: DEFAULT_SCALE, training: {} } as unknown as Scorer
  const { model } = await learner.fit(encodeFor(draft, train.people), train.bad, random(seed), { pool })
  const scorer = { ...draft, model }
  const rows = Int32Array.from({ length: Math.min(Number(asked.rows), held.bad.length) }, (_, i) => i)
  const started = performance.now()
  const summary = await interactionSummary(scorer, takeRows(held.people, rows), { pool })
  const seconds = (performance.now() - started) / 1000
  const heldAuc = auc(margin(model, encodeFor(scorer, held.people)), held.bad)
  await pool.close()
  return { ...standing(summary), rows: rows.length, seconds, heldAuc, top: summary.pairs.slice(0, 5) }
}

const results: Record<string, unknown>[] = []
const home = asked.keep ?? (await mkdtemp(join(tmpdir(), 'glasscore-interactions-')))
for (const seed of asked.seeds.split(',').map(Number))
  for (const setting of asked.settings.split(',')) {
    const folder = join(home, `${setting}-${asked.people}-${seed}`)
    const switches = {
      interaction: setting === 'off' ? 0 : 1,
      interactionForm: setting === 'conditional' ? 'conditional' : 'marginal',
    } as const
    const work = { seed, threads }
    const people = Number(asked.people)
    const table = join(folder, 'features')
    // What was kept from an earlier run is taken as it is.
    if (!existsSync(join(table, 'features.parquet'))) {
      const data = await simulate({ ...work, people, asOf: '2025-01-01', switches, out: join(folder, 'data') })
      await features({ ...work, data: data.folder, out: table })
    }
    const engine = await openDuckDB({ threads })
    const { frame, status } = await loadFeatures(engine, table)
    engine.close()
    const labeled = labelRows(frame, status, 'exclude')
    const bads = labeled.target.reduce((sum, bad) => sum + bad, 0)
    for (const name of asked.models.split(',')) {
      const learner = LEARNERS[name]!
      const found = await measure(name, learner, labeled.frame, labeled.target, seed)
      results.push({ setting, seed, people, labeled: labeled.target.length, bads, model: name, ...found })
      const { rank, of, rankOfAll, meanAbsolute, strongestOther, medianOther, heldAuc, seconds } = found
      console.log(
        `${setting}, seed ${seed}, ${people} people, ${bads} bads, ${name} (AUC ${heldAuc.toFixed(3)}): rank ${rank} of ${of} (${rankOfAll} of all pairs), ` +
          `${meanAbsolute.toFixed(2)} points; strongest other ${strongestOther.meanAbsolute.toFixed(2)} (${strongestOther.pair}), median ${medianOther.toFixed(2)}; ${seconds.toFixed(1)} s`,
      )
    }
    if (asked.json) await writeFile(asked.json, `${JSON.stringify(results, null, 1)}\n`)
    if (!asked.keep) await rm(folder, { recursive: true, force: true })
  }
if (!asked.keep) await rm(home, { recursive: true, force: true })
