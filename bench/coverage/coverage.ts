// How often a 95 % interval holds the value of the whole population: many disjoint samples of a large simulated one.
// Usage: npx tsx bench/coverage/coverage.ts FEATURES SCORES [samples = 200] [people a sample = 1500] [seed = 1] [partitions = 1]
// The population is cut into samples as many times as there are partitions, by seed, seed + 1, ...
import { join } from 'node:path'
import {
  type AuditedRows,
  type Bounds,
  evaluate,
  fairnessOf,
  type GroupFigures,
  type ModelFairness,
  openDuckDB,
  random,
} from 'glasscore'

const [features, scores, ...rest] = process.argv.slice(2)
if (!features || !scores) throw new Error('usage: coverage.ts FEATURES SCORES [samples] [people] [seed] [partitions]')
const [samples = 200, people = 1500, seed = 1, partitions = 1] = rest.map(Number)

interface Rows {
  personId: string[]
  target: Uint8Array
  probability: Float64Array
  score: Float64Array
  groups: { name: string; values: (string | null)[] }[]
}

const engine = await openDuckDB({ threads: 1 })
const parquet = (folder: string, name: string) => `read_parquet('${join(folder, name).replaceAll("'", "''")}')`
const models = (
  await engine.rows<{ model: string }>(`SELECT DISTINCT model FROM ${parquet(scores, 'scores.parquet')} ORDER BY 1`)
).map((row) => row.model)
const everybody = await engine.columns(
  `SELECT person_id FROM ${parquet(features, 'outcomes.parquet')} GROUP BY 1 ORDER BY 1`,
  [],
  ['person_id'],
)
const persons = everybody.texts['person_id'] as string[]
if (samples * people > persons.length)
  throw new Error(
    `${samples} disjoint samples of ${people} need ${samples * people} people; there are ${persons.length}`,
  )

const load = async (model: string): Promise<Rows> => {
  const { numbers, texts } = await engine.columns(
    `SELECT s.person_id, s.probability, s.score, o.status, g.sex, g.age
FROM ${parquet(scores, 'scores.parquet')} s JOIN ${parquet(features, 'outcomes.parquet')} o USING (person_id, observation_date)
JOIN ${parquet(features, 'groups.parquet')} g USING (person_id, observation_date)
WHERE s.model = '${model.replaceAll("'", "''")}' AND o.status IN ('good', 'bad') ORDER BY s.person_id`,
    ['probability', 'score'],
    ['person_id', 'status', 'sex', 'age'],
  )
  return {
    personId: texts['person_id'] as string[],
    target: Uint8Array.from(texts['status']!, (s) => (s === 'bad' ? 1 : 0)),
    probability: numbers['probability']!,
    score: numbers['score']!,
    groups: ['sex', 'age'].map((name) => ({ name, values: texts[name]! })),
  }
}

const take = (all: Rows, rows: readonly number[]): Rows => ({
  personId: rows.map((i) => all.personId[i]!),
  target: Uint8Array.from(rows, (i) => all.target[i]!),
  probability: Float64Array.from(rows, (i) => all.probability[i]!),
  score: Float64Array.from(rows, (i) => all.score[i]!),
  groups: all.groups.map(({ name, values }) => ({ name, values: rows.map((i) => values[i]!) })),
})

/** References are fixed beforehand: the interval is not one of choosing them. */
const options = {
  cutoff: 650,
  references: new Map([
    ['sex', 'male'],
    ['age', '35-44'],
  ]),
}
const audit = (rows: Rows): ModelFairness => {
  const audited: AuditedRows = { ...rows, higherIs: 'safety', target: Float64Array.from(rows.target) }
  return fairnessOf('model', audited, options)
}

const OWN: readonly (keyof GroupFigures)[] = [
  'selectionRate',
  'truePositiveRate',
  'falsePositiveRate',
  'positivePredictiveValue',
  'badRate',
  'meanScore',
  'auc',
  'standardizedDifferenceFromOthers',
]
const BESIDE = [
  'adverseImpactRatio',
  'selectionRateDifference',
  'truePositiveRateDifference',
  'falsePositiveRateDifference',
  'positivePredictiveValueDifference',
  'standardizedDifference',
] as const

/** Every figure of an audit by its name and group; groups with too small a cell carry a mark. */
const figuresOf = ({
  attributes,
}: ModelFairness): Map<string, { bounds: Bounds; enough: boolean; answer?: string }> => {
  const figures = new Map<string, { bounds: Bounds; enough: boolean; answer?: string }>()
  for (const { attributes: names, groups } of attributes)
    for (const g of groups) {
      const { enough } = g
      const put = (name: string, bounds: Bounds, answer?: string) =>
        figures.set(`${name}|${names[0]}|${g.label}`, { bounds, enough, ...(answer ? { answer } : {}) })
      for (const name of OWN) put(name, g[name] as Bounds)
      if (g.calibration)
        for (const name of ['difference', 'ratio', 'slope'] as const) put(`calibration ${name}`, g.calibration[name])
      if (g.againstReference)
        for (const name of BESIDE)
          put(name, g.againstReference[name], name === 'adverseImpactRatio' ? g.againstReference.fourFifths : undefined)
    }
  return figures
}

interface Tally {
  covered: number
  below: number
  above: number
  without: number
  small: number
}
const tallies = new Map<string, Tally>()
const answers = { right: 0, wrong: 0, none: 0 }
const tally = (key: string, truth: number | null, b: Bounds, enough = true): void => {
  const t = tallies.get(key) ?? { covered: 0, below: 0, above: 0, without: 0, small: 0 }
  tallies.set(key, t)
  if (!enough) t.small++
  else if (truth === null || b.low === null || b.high === null || Number.isNaN(b.low)) t.without++
  else if (truth < b.low) t.below++
  else if (truth > b.high) t.above++
  else t.covered++
}

/** The AUC of everybody by formula, as the audit has it. */
const DELONG = 'auc (DeLong)'
const SCALARS = ['auc', 'gini', 'ks', 'brier', 'logLoss', 'calibrationSlope', 'calibrationIntercept'] as const
/** The sample of each person: disjoint, the others are in none. */
const partition = (from: number): Map<string, number> => {
  const shuffled = random(from)
    .fork('coverage')
    .shuffle([...persons])
  return new Map(shuffled.slice(0, samples * people).map((id, k) => [id, Math.floor(k / people)]))
}
const partitioned = Array.from({ length: partitions }, (_, k) => partition(seed + k))

const sizes: { rows: number; bads: number }[] = []
for (const model of models) {
  const all = await load(model)
  const measure = (rows: Rows, replicates: number, stream: number) =>
    evaluate({ ...rows, margin: rows.probability }, { replicates, random: random(seed).fork('evaluate', stream) })
  const truth = measure(all, 1, 0)
  const true4 = figuresOf(audit(all))
  for (const [p, sampleOf] of partitioned.entries()) {
    const rowsOf: number[][] = Array.from({ length: samples }, () => [])
    all.personId.forEach((id, i) => {
      const sample = sampleOf.get(id)
      if (sample !== undefined) rowsOf[sample]!.push(i)
    })
    for (const [k, rows] of rowsOf.entries()) {
      const sample = take(all, rows)
      const figures = measure(sample, 1000, 1 + p * samples + k)
      if (model === models[0]) sizes.push({ rows: figures.rows, bads: figures.bads })
      for (const name of SCALARS) tally(`${name}|${model}|`, truth[name].value, figures[name])
      const audited = audit(sample)
      tally(`${DELONG}|${model}|`, truth.auc.value, audited.overall.auc)
      for (const [key, { bounds, enough, answer }] of figuresOf(audited)) {
        const right = true4.get(key)!
        tally(`${key}|${model}`, right.bounds.value, bounds, enough)
        if (answer === undefined || !enough) continue
        if (answer === 'not enough evidence') answers.none++
        else if ((answer === 'below four fifths') === right.bounds.value! < 0.8) answers.right++
        else answers.wrong++
      }
    }
    process.stderr.write(`${model}: ${samples} samples of partition ${p + 1}\n`)
  }
}
engine.close()

/** Coverage with the interval of a share (Wilson) of so many samples. */
const shareOf = (t: Tally) => {
  const n = t.covered + t.below + t.above
  const p = t.covered / n
  const z = 1.959963984540054
  const middle = (p + (z * z) / (2 * n)) / (1 + (z * z) / n)
  const reach = (z / (1 + (z * z) / n)) * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n))
  return { n, coverage: p, low: middle - reach, high: middle + reach, ...t }
}
const add = (a: Tally, b: Tally): Tally => ({
  covered: a.covered + b.covered,
  below: a.below + b.below,
  above: a.above + b.above,
  without: a.without + b.without,
  small: a.small + b.small,
})
const percent = (x: number) => (100 * x).toFixed(1).padStart(5)
const print = (title: string, of: (key: string) => string | null) => {
  const sums = new Map<string, Tally>()
  for (const [key, t] of tallies) {
    const name = of(key)
    if (name !== null) sums.set(name, sums.has(name) ? add(sums.get(name)!, t) : t)
  }
  console.log(`\n${title}`)
  for (const [name, t] of sums) {
    const s = shareOf(t)
    if (s.n > 0)
      console.log(
        `${name.padEnd(44)} ${percent(s.coverage)} [${percent(s.low)}, ${percent(s.high)}]  n ${String(s.n).padStart(6)}  truth below ${t.below}, above ${t.above}; undefined ${t.without}, small cells ${t.small}`,
      )
  }
}
const mean = (of: 'rows' | 'bads') => sizes.reduce((sum, s) => sum + s[of], 0) / sizes.length
console.log(
  `${partitions} x ${samples} disjoint samples of ${people} people: on average ${mean('rows').toFixed(0)} labeled rows, ${mean('bads').toFixed(0)} bad`,
)
print('figures of a model, all models together', (key) => (key.endsWith('|') ? key.split('|')[0]! : null))
print('figures of a model (each sample once a model)', (key) => {
  const [name, model] = key.split('|')
  return key.endsWith('|') ? `${name} ${model}` : null
})
print('adverse impact ratio by group, all models', (key) => {
  const [name, attribute, group] = key.split('|')
  return name === 'adverseImpactRatio' ? `${name} ${attribute} ${group}` : null
})
print('all groups and models together', (key) => (key.endsWith('|') ? null : key.split('|')[0]!))
console.log(`\nfour fifths, enough persons: right ${answers.right}, wrong ${answers.wrong}, no answer ${answers.none}`)
