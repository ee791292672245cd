/**
 * How long a counterfactual takes, how many are solved to proof, and the gap of the rest: people below the cutoff, drawn with a seed from the
 * feature table of a run. Usage: tsx bench/counterfactuals/run.ts RUN MODEL [people] [nodes] [months]
 */
import { join } from 'node:path'
import type { Counterfactuals } from '../../src/index.ts'
import { changeReference, counterfactualSearch, loadFeatures, loadModel, openDuckDB } from '../../src/index.ts'
import { scoreFrame } from '../../src/scores/scorer.ts'
import { counterfactualFigures } from '../../src/stages/counterfactualFigures.ts'
import { random } from '../../src/util/random.ts'

const [run = 'runs/demo', name = 'forest', people = '100', nodes = '2000', months = '12'] = process.argv.slice(2)
const CUTOFF = 650
/** Points below the cutoff. */
const BANDS = [
  [1, 20],
  [21, 60],
  [61, 600],
] as const

const engine = await openDuckDB({ threads: 1 })
const { frame } = await loadFeatures(engine, join(run, 'features'))
engine.close()
const { scorer } = await loadModel(join(run, 'train', 'models', name))
const { score } = scoreFrame(scorer, frame)
const below = Int32Array.from(score.keys()).filter((i) => score[i]! < CUTOFF)
const rows = random(1).shuffle(below).slice(0, Number(people))
const find = counterfactualSearch(scorer, changeReference(frame), {
  cutoff: CUTOFF,
  months: Number(months),
  nodes: Number(nodes),
  options: 1,
})
const done: { result: Counterfactuals; milliseconds: number }[] = []
for (const row of rows) {
  // Time of the processor, for a machine that does other work too.
  const before = process.cpuUsage()
  const result = find(frame, row)
  const { user, system } = process.cpuUsage(before)
  done.push({ result, milliseconds: (user + system) / 1000 })
}

const middle = (values: number[], share = 0.5): string =>
  values.length === 0 ? 'n/a' : [...values].sort((a, b) => a - b)[Math.floor(share * (values.length - 1))]!.toFixed(0)
const percent = (x: number | null | undefined): string =>
  x === null || x === undefined ? 'n/a' : `${(100 * x).toFixed(0)} %`

console.log(
  `${name} of ${run}: ${below.length} of ${frame.rows} rows below ${CUTOFF}, ${rows.length} drawn; ${nodes} nodes, ${months} months`,
)
console.log(
  '| points below | people | CPU ms, median | 90th percentile | found | proved: none | open | solved to proof | median gap of the rest | largest |',
)
console.log('|---|---|---|---|---|---|---|---|---|---|')
for (const [from, to] of [...BANDS, [1, 600] as const]) {
  const some = done.filter(({ result }) => CUTOFF - result.score >= from && CUTOFF - result.score <= to)
  const f = counterfactualFigures(some.map(({ result }) => result))
  const times = some.map(({ milliseconds }) => milliseconds)
  console.log(
    `| ${from === 1 && to === 600 ? 'all' : `${from}–${to}`} | ${some.length} | ${middle(times)} | ${middle(times, 0.9)} | ${f.found} | ${f.none} | ${f.open} | ${percent(f.shareProved)} | ${percent(f.gap?.median)} | ${percent(f.gap?.largest)} |`,
  )
}
