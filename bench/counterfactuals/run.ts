/**
 * How long a counterfactual takes, how many are solved to proof, and the gap of the rest: people below the cutoff, as many in every band of distance,
 * drawn with a seed from a feature table. Usage: tsx bench/counterfactuals/run.ts FEATURES MODEL [people a band] [nodes] [months] [seed]
 */
import type { Counterfactuals } from '../../src/index.ts'
import { changeReference, counterfactualSearch, loadFeatures, loadModel, openDuckDB } from '../../src/index.ts'
import { scoreFrame } from '../../src/scores/scorer.ts'
import { counterfactualFigures } from '../../src/stages/counterfactualFigures.ts'
import { random } from '../../src/util/random.ts'

const [features, folder, people = '14', nodes, months = '12', seed = '1'] = process.argv.slice(2)
if (!features || !folder) throw new Error('usage: run.ts FEATURES MODEL [people a band] [nodes] [months] [seed]')
const CUTOFF = 650
/** Points below the cutoff. */
const BANDS = [
  [1, 20],
  [21, 60],
  [61, 600],
] as const

const engine = await openDuckDB({ threads: 1 })
const { frame } = await loadFeatures(engine, features)
engine.close()
const { scorer } = await loadModel(folder)
const { score } = scoreFrame(scorer, frame)
const below = random(Number(seed)).shuffle(Int32Array.from(score.keys()).filter((i) => score[i]! < CUTOFF))
const find = counterfactualSearch(scorer, changeReference(frame), {
  cutoff: CUTOFF,
  months: Number(months),
  ...(nodes === undefined ? {} : { nodes: Number(nodes) }),
  options: 1,
})

interface Done {
  result: Counterfactuals
  milliseconds: number
}

const ask = (row: number): Done => {
  // Time of the processor, for a machine that does other work too.
  const before = process.cpuUsage()
  const result = find(frame, row)
  const { user, system } = process.cpuUsage(before)
  return { result, milliseconds: (user + system) / 1000 }
}

const middle = (values: number[], share = 0.5): string =>
  values.length === 0 ? 'n/a' : [...values].sort((a, b) => a - b)[Math.floor(share * (values.length - 1))]!.toFixed(0)
const percent = (x: number | null | undefined): string =>
  x === null || x === undefined ? '' : `${(100 * x).toFixed(1)} %`

const row = (name: string, done: readonly Done[]): string => {
  const f = counterfactualFigures(done.map(({ result }) => result))
  const times = done.map(({ milliseconds }) => milliseconds)
  const boxes = done.map(({ result }) => result.options[0]?.nodes ?? result.nodes)
  return `| ${name} | ${done.length} | ${middle(times)} | ${middle(times, 0.9)} | ${middle(boxes)} | ${f.found} | ${f.none} | ${f.open} | ${percent(f.shareProved)} | ${percent(f.gap?.median)} | ${percent(f.gap?.largest)} |`
}

console.log(
  `${scorer.name}: ${below.length} of ${frame.rows} rows below ${CUTOFF}, ${people} drawn of each band; ${nodes ?? 'default'} boxes, ${months} months`,
)
// What is compiled while it runs is not timed: the first person is asked for twice.
ask(below[0]!)
console.log(
  '| points below | people | CPU ms, median | 90th percentile | boxes, median | found | proved: none | open | solved to proof | median gap of the rest | largest |',
)
console.log('|---|---|---|---|---|---|---|---|---|---|---|')
const all: Done[] = []
for (const [from, to] of BANDS) {
  const some = [...below].filter((i) => CUTOFF - score[i]! >= from && CUTOFF - score[i]! <= to).slice(0, Number(people))
  const done: Done[] = []
  for (const i of some) {
    done.push(ask(i))
    if (process.stderr.isTTY) process.stderr.write(`\r${from}–${to}: ${done.length} of ${some.length} `)
  }
  console.log(row(`${from}–${to}`, done))
  all.push(...done)
}
console.log(row('all', all))
