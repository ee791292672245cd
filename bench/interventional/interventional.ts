// Interventional tree SHAP of a forest against backgrounds of several sizes: seconds, and where they go.
// Usage: npm run build && npx tsx bench/interventional/interventional.ts [--rows 100000] [--trees 100] [--depth 8] [--threads 1]
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import type { Core } from '../../src/kernels/memory/core.ts'
import { explainInterventionalOn, planInterventionalGame } from '../../src/kernels/shap/explainInterventional.ts'
import { explainTreesOn, planTreeGame } from '../../src/kernels/shap/explainTrees.ts'
import { sumLeavesOn } from '../../src/kernels/trees/sumLeaves.ts'
import { forest } from '../../src/models/forest/learner.ts'
import type { TreeModel } from '../../src/models/model.ts'
import { openPool } from '../../src/threads/openPool.ts'
import { random } from '../../src/util/random.ts'

const { values: options } = parseArgs({
  options: {
    rows: { type: 'string', default: '100000' },
    columns: { type: 'string', default: '70' },
    trees: { type: 'string', default: '100' },
    depth: { type: 'string', default: '8' },
    leaf: { type: 'string', default: '20' },
    threads: { type: 'string', default: '1' },
    repeats: { type: 'string', default: '3' },
    seed: { type: 'string', default: '1' },
    games: { type: 'string', default: 'columns,groups' },
  },
})
const [rows, columns, trees, maxDepth, minLeaf, threads, repeats, seed] = [
  options.rows,
  options.columns,
  options.trees,
  options.depth,
  options.leaf,
  options.threads,
  options.repeats,
  options.seed,
].map(Number) as [number, number, number, number, number, number, number, number]

const stream = random(seed)
const values = new Float64Array(new SharedArrayBuffer(8 * rows * columns))
for (let k = 0; k < values.length; k++) values[k] = stream.next() < 0.05 ? Number.NaN : stream.normal()
const effects = Float64Array.from({ length: columns }, () => 0.5 * stream.normal())
const target = Uint8Array.from({ length: rows }, (_, i) => {
  let logOdds = -2
  for (let j = 0; j < columns; j++) {
    const x = values[j * rows + i]!
    if (!Number.isNaN(x)) logOdds += effects[j]! * (j % 3 === 0 ? Math.abs(x) : x)
  }
  return stream.next() < 1 / (1 + Math.exp(-logOdds)) ? 1 : 0
})

const pool = openPool(threads)
const x = {
  rows,
  values,
  columns: Array.from({ length: columns }, (_, j) => ({ name: `x${j}`, factor: j, role: 'value' as const })),
}
const fitted = await forest({ trees, maxDepth, minLeaf, outOfBag: false }).fit(x, target, stream, { pool })
const model = fitted.model as TreeModel
const leaves = model.trees.reduce((sum, tree) => sum + (tree.value.length + 1) / 2, 0)
console.log(`${cpus()[0]?.model ?? 'a machine'}, ${cpus().length} cores; Node ${process.version}; ${threads} threads`)
console.log(
  `${trees} trees, depth ${maxDepth}, ${leaves} leaves; ${rows} rows x ${columns}; medians of ${repeats} runs, seconds`,
)

/** Microseconds of the processor by kernel, on one thread: the kernels of a pool, timed. */
const spent = new Map<string, number>()
if (threads === 1) {
  const { memory, kernels } = pool.core
  const timed = Object.fromEntries(
    Object.entries(kernels).map(([name, kernel]) => [
      name,
      (...args: number[]) => {
        const { user, system } = process.cpuUsage()
        const result = kernel(...args)
        const after = process.cpuUsage()
        spent.set(name, (spent.get(name) ?? 0) + after.user - user + after.system - system)
        return result
      },
    ]),
  )
  Object.defineProperty(pool, 'core', { value: { memory, kernels: timed } satisfies Core })
}

const median = (list: number[]): number => list.toSorted((a, b) => a - b)[list.length >> 1]!

const measure = async (
  name: string,
  work: () => Promise<Float64Array>,
): Promise<{ processor: number; phi: Float64Array }> => {
  const times: { seconds: number; processor: number; stages: Map<string, number> }[] = []
  let phi = new Float64Array(0)
  for (let k = 0; k < repeats; k++) {
    spent.clear()
    const start = performance.now()
    const before = process.cpuUsage()
    phi = (await work()) as typeof phi
    const { user, system } = process.cpuUsage(before)
    times.push({
      seconds: (performance.now() - start) / 1000,
      processor: (user + system) / 1e6,
      stages: new Map(spent),
    })
  }
  const seconds = median(times.map((time) => time.seconds))
  const middle = median(times.map((time) => time.processor))
  const { stages, processor } = times.find((time) => time.processor === middle)!
  const of = (names: string[]): number => names.reduce((sum, stage) => sum + (stages.get(stage) ?? 0), 0) / 1e6
  const parts: [string, number][] = [
    ['ranks', of(['rankValues', 'rankCodes'])],
    ['counts of the background', of(['interventionalCount'])],
    ['tables', of(['interventionalTables', 'shapTables', 'layConstants'])],
    ['look-ups of rows', of(['interventionalLookup', 'shapLookup', 'shapRows'])],
  ]
  const rest = processor - parts.reduce((sum, [, part]) => sum + part, 0)
  const stated =
    threads === 1
      ? `: ${[...parts, ['rest', rest]].map(([stage, s]) => `${stage} ${(s as number).toFixed(2)}`).join(', ')}`
      : ''
  const each = times.map((time) => `${time.seconds.toFixed(2)} / ${time.processor.toFixed(2)}`).join(', ')
  console.log(`${name}: ${seconds.toFixed(2)} (seconds / processor seconds ${each})${stated}`)
  return { processor, phi }
}

const source = { values, rows }
const games = [
  ['columns', Int32Array.from({ length: columns }, (_, j) => j), columns],
  ['groups', Int32Array.from({ length: columns }, (_, j) => j % 5), 5],
] as const
for (const [what, playerOfColumn, players] of games) {
  if (!options.games.split(',').includes(what)) continue
  const game = { trees: model.trees, playerOfColumn, players }
  const plan = planTreeGame({ ...game, rows })
  await measure(`${what}, path-dependent`, () => explainTreesOn(plan, source, { from: 0, to: rows }, pool))
  const own = planInterventionalGame(game)
  const processor: number[] = []
  for (const size of [100, 10_000, rows]) {
    const count = Math.min(size, rows)
    const some = new Float64Array(new SharedArrayBuffer(8 * count * columns))
    for (let j = 0; j < columns; j++) some.set(values.subarray(j * rows, j * rows + count), j * count)
    const background = { values: some, rows: count }
    const run = () => explainInterventionalOn(own, background, source, { from: 0, to: rows }, pool)
    const { processor: took, phi } = await measure(`${what}, ${count} background rows`, run)
    processor.push(took)
    const base = (await sumLeavesOn(model.trees, background, pool)).reduce((a, b) => a + b, 0) / count
    const outputs = await sumLeavesOn(model.trees, source, pool)
    let gap = 0
    for (let i = 0; i < rows; i++) {
      let sum = base
      for (let p = 0; p < players; p++) sum += phi[p * rows + i]!
      gap = Math.max(gap, Math.abs(sum - outputs[i]!))
    }
    console.log(`  largest |base + values - output| of the sum of trees: ${gap.toExponential(1)}`)
  }
  console.log(`${what}: all rows take ${(processor[2]! / processor[0]!).toFixed(2)} x the processor time of 100`)
}
await pool.close()
