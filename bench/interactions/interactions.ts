/**
 * Whether models trained on simulated people find the interaction claim of the population (docs/population.md): for every setting of the
 * switch people are simulated, their factors built, a boosting and a forest trained on realized outcomes, and the mean absolute SHAP interactions of
 * rows that were held out are ranked.
 *
 *   npm run build && npx tsx bench/interactions/interactions.ts [--people N] [--seeds 1,2 or 1-20] [--settings marginal,conditional,off]
 *     [--models boosting,forest] [--rows N] [--threads N] [--keep FOLDER] [--json FILE]
 *
 * What FILE holds already is not measured again, so that a stopped measurement goes on.
 */
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type InteractionSummary, interactionSummary } from '../../src/attributions/interactionSummary.ts'
import { claimedPairs, pairStanding } from '../../src/audits/opacity/claimedPairs.ts'
import { openDuckDB } from '../../src/engines/duckdb.ts'
import { writeDataset } from '../../src/engines/folders.ts'
import { fitEncoding } from '../../src/matrix/encode.ts'
import { type FactorFrame, takeRows } from '../../src/matrix/frame.ts'
import { auc } from '../../src/metrics/auc.ts'
import { boosting } from '../../src/models/boosting/learner.ts'
import { forest } from '../../src/models/forest/learner.ts'
import { margin } from '../../src/models/margin.ts'
import type { Learner } from '../../src/models/model.ts'
import { simulate } from '../../src/population/simulate.ts'
import { defaultSwitches, type Switches } from '../../src/population/switches.ts'
import { DEFAULT_OUTCOME } from '../../src/schema/outcome.ts'
import { DEFAULT_SCALE } from '../../src/scores/scale.ts'
import { encodeFor, type Scorer } from '../../src/scores/scorer.ts'
import { deriveInRanges } from '../../src/stages/deriveInRanges.ts'
import { features } from '../../src/stages/features.ts'
import { labelRows } from '../../src/stages/labels.ts'
import { loadFeatures } from '../../src/stages/loadFeatures.ts'
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
const DATE = '2025-01-01'
const MONTHS = 13

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

/** Where the pair stands among the pairs that one of the two belongs to, as the audit of opacity has it, and among all. */
const standing = (summary: InteractionSummary) => {
  const { rank, of, meanAbsolute, strongestOther, medianOther } = pairStanding(summary, PAIR)!
  const { pairs, unit } = summary
  const rankOfAll = 1 + pairs.filter((pair) => pair.meanAbsolute > meanAbsolute).length
  return {
    unit,
    rank,
    of,
    rankOfAll,
    ofAll: pairs.length,
    meanAbsolute,
    strongestOther: {
      pair: `${strongestOther.first} x ${strongestOther.second}`,
      meanAbsolute: strongestOther.meanAbsolute,
    },
    medianOther,
  }
}

/** The tables of a population and its outcomes, without the truth that the stage seals beside them: that is half of the time. */
const populationAt = async (folder: string, people: number, seed: number, switches: Switches): Promise<void> => {
  await mkdir(folder, { recursive: true })
  const engine = await openDuckDB({ threads })
  try {
    const dataset = await simulate(engine, { people, months: MONTHS, asOf: DATE, switches, seed, threads, out: folder })
    const { table } = await deriveInRanges(engine, {
      folder,
      dataset,
      months: MONTHS,
      outcomes: {
        dates: dataset.observationDates!,
        definition: DEFAULT_OUTCOME,
        coveredTo: dataset.tables.repayments!.coveredTo,
      },
    })
    await writeDataset(folder, { ...dataset, tables: { ...dataset.tables, outcomes: table } })
  } finally {
    engine.close()
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
  const looked = takeRows(held.people, rows)
  const summary = await interactionSummary(scorer, looked, { pool })
  const seconds = (performance.now() - started) / 1000
  const persons = {
    personId: looked.personId,
    target: held.bad.subarray(0, rows.length),
    replicates: 20,
    random: random(seed),
  }
  const [claim] = await claimedPairs(scorer, looked, persons, [PAIR], { pool })
  const heldAuc = auc(margin(model, encodeFor(scorer, held.people)), held.bad)
  await pool.close()
  return {
    ...standing(summary),
    contrast: claim!.direction.value!,
    contrastRank: claim!.directionRank!,
    rows: rows.length,
    seconds,
    heldAuc,
    top: summary.pairs.slice(0, 5),
  }
}

/** 1,2,5-8 */
const seedsOf = (text: string): number[] =>
  text.split(',').flatMap((part) => {
    const [from, to] = part.split('-').map(Number)
    return Array.from({ length: (to ?? from!) - from! + 1 }, (_, k) => from! + k)
  })

interface Result {
  setting: string
  seed: number
  people: number
  /** dense months of the population */
  months: number
  model: string
}
const results: Result[] =
  asked.json && existsSync(asked.json) ? (JSON.parse(readFileSync(asked.json, 'utf8')) as Result[]) : []
const people = Number(asked.people)
const home = asked.keep ?? (await mkdtemp(join(tmpdir(), 'glasscore-interactions-')))
for (const seed of seedsOf(asked.seeds))
  for (const setting of asked.settings.split(',')) {
    const wanted = asked.models
      .split(',')
      .filter(
        (model) =>
          !results.some(
            (r) =>
              r.setting === setting &&
              r.seed === seed &&
              r.people === people &&
              r.months === MONTHS &&
              r.model === model,
          ),
      )
    if (wanted.length === 0) continue
    const folder = join(home, `${setting}-${people}-${seed}`)
    const switches: Switches = {
      ...defaultSwitches(),
      interaction: setting === 'off' ? 0 : 1,
      interactionForm: setting === 'conditional' ? 'conditional' : 'marginal',
    }
    const table = join(folder, 'features')
    // What was kept from an earlier run is taken as it is.
    if (!existsSync(join(table, 'features.parquet'))) {
      await populationAt(join(folder, 'data'), people, seed, switches)
      await features({ seed, threads, data: join(folder, 'data'), out: table })
    }
    const engine = await openDuckDB({ threads })
    const { frame, status } = await loadFeatures(engine, table)
    engine.close()
    const labeled = labelRows(frame, status, 'exclude')
    const bads = labeled.target.reduce((sum, bad) => sum + bad, 0)
    for (const name of wanted) {
      const found = await measure(name, LEARNERS[name]!, labeled.frame, labeled.target, seed)
      results.push(
        Object.assign(
          { setting, seed, people, months: MONTHS, labeled: labeled.target.length, bads, model: name },
          found,
        ),
      )
      const {
        rank,
        of,
        rankOfAll,
        meanAbsolute,
        strongestOther,
        medianOther,
        contrast,
        contrastRank,
        heldAuc,
        seconds,
      } = found
      console.log(
        `${setting}, seed ${seed}, ${people} people, ${bads} bads, ${name} (AUC ${heldAuc.toFixed(3)}): rank ${rank} of ${of} (${rankOfAll} of all pairs), ` +
          `${meanAbsolute.toFixed(2)} points, direction ${contrast.toFixed(2)} (rank ${contrastRank.rank}, largest other ${contrastRank.largestOther.toFixed(2)}); strongest other ${strongestOther.meanAbsolute.toFixed(2)} (${strongestOther.pair}), ` +
          `median ${medianOther.toFixed(2)}; ${seconds.toFixed(1)} s`,
      )
    }
    if (asked.json) await writeFile(asked.json, `${JSON.stringify(results, null, 1)}\n`)
    // The tables are gigabytes; the factors are kept where that was asked for.
    await rm(asked.keep ? join(folder, 'data') : folder, { recursive: true, force: true })
  }
if (!asked.keep) await rm(home, { recursive: true, force: true })
