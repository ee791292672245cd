// Interventional tree SHAP of trees with more than 16 columns on a path, against a few background rows: seconds, and how often 95 % intervals
// of points against drawn rows hold those against all rows.
// Usage: npx tsx bench/interventional/deep.ts [--rows 200] [--trees 100] [--depth 24] [--drawn 50] [--background 1000]
import { parseArgs } from 'node:util'
import { explainPairedOn } from '../../src/kernels/shap/explainPaired.ts'
import { pathSize } from '../../src/kernels/shap/pathPlayers.ts'
import { studentQuantile } from '../../src/metrics/studentQuantile.ts'
import { forest } from '../../src/models/forest/learner.ts'
import type { TreeModel } from '../../src/models/model.ts'
import { thisThread } from '../../src/threads/openPool.ts'
import { random } from '../../src/util/random.ts'

const { values: given } = parseArgs({
  options: Object.fromEntries(
    Object.entries({
      rows: 200,
      trees: 100,
      depth: 24,
      drawn: 50,
      background: 1000,
      training: 20_000,
      columns: 70,
    }).map(([name, value]) => [name, { type: 'string' as const, default: String(value) }]),
  ),
})
const [rows, trees, maxDepth, drawn, others, training, columns] = [
  'rows',
  'trees',
  'depth',
  'drawn',
  'background',
  'training',
  'columns',
].map((name) => Number(given[name])) as [number, number, number, number, number, number, number]

const stream = random(1)
const draw = (n: number, from = stream.fork(`rows ${n}`)): Float64Array =>
  Float64Array.from({ length: n * columns }, () => from.normal())
const effects = Float64Array.from({ length: columns }, () => 0.5 * stream.normal())
const values = draw(training)
const target = Uint8Array.from({ length: training }, (_, i) => {
  let logOdds = -2
  for (let j = 0; j < columns; j++) logOdds += effects[j]! * values[j * training + i]!
  return stream.next() < 1 / (1 + Math.exp(-logOdds)) ? 1 : 0
})
const x = {
  rows: training,
  values,
  columns: Array.from({ length: columns }, (_, j) => ({ name: `x${j}`, factor: j, role: 'value' as const })),
}
const { model } = await forest({ trees, maxDepth, minLeaf: 1, outOfBag: false }).fit(x, target, stream.fork('fit'))
const playerOfColumn = Int32Array.from({ length: columns }, (_, j) => j)
const game = { trees: (model as TreeModel).trees, playerOfColumn, players: columns }
const most = Math.max(...game.trees.map((tree, k) => pathSize(tree, k, playerOfColumn).players))
const leaves = game.trees.reduce((sum, tree) => sum + (tree.value.length + 1) / 2, 0)
console.log(`${trees} trees, ${leaves} leaves, at most ${most} columns on a path`)

const source = { values: draw(rows, stream.fork('explained')), rows }
const all = { values: draw(others, stream.fork('background')), rows: others }
/** Rows of the background that are drawn, by a stream. */
const some = (n: number, from = stream.fork('drawn')) => {
  const order = Array.from({ length: others }, (_, i) => ({ i, key: from.next() })).sort((a, b) => a.key - b.key)
  const taken = order.slice(0, n).map(({ i }) => i)
  return {
    rows: n,
    values: Float64Array.from(
      { length: n * columns },
      (_, k) => all.values[Math.floor(k / n) * others + taken[k % n]!]!,
    ),
  }
}
const timed = async (background: typeof all) => {
  const { user } = process.cpuUsage()
  const found = await explainPairedOn(game, background, source, thisThread())
  const seconds = (process.cpuUsage().user - user) / 1e6
  console.log(
    `${background.rows} background rows: ${seconds.toFixed(1)} s of the processor, ${((1e6 * seconds) / rows / background.rows).toFixed(0)} us a row and background row`,
  )
  return found
}
const part = await timed(some(drawn))
const whole = await timed(all)
const scale = (1 - drawn / others) / (drawn * (drawn - 1))
const quantile = studentQuantile(0.975, drawn - 1)
let [held, seen] = [0, 0]
part.means.forEach((mean, k) => {
  const error = Math.sqrt(part.deviations[k]! * scale)
  if (error === 0) return
  seen++
  if (Math.abs(mean - whole.means[k]!) <= quantile * error) held++
})
console.log(
  `95 % intervals of ${drawn} drawn rows held ${((100 * held) / seen).toFixed(1)} % of ${seen} values against all ${others}`,
)
