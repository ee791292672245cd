// A wide table: binned from a generator of chunks, a forest trained on the bytes, rows explained by blocks. The numbers are never held.
// Usage: npx tsx bench/wide/wide.ts [rows = 100000] [columns = 10000] [trees = 50] [explained rows = 2000] [threads = 2]
import { cpus, loadavg } from 'node:os'
import { binChunks } from '../../src/kernels/binning/binChunks.ts'
import type { RowChunk } from '../../src/kernels/binning/rowChunk.ts'
import { Generator, keyWords } from '../../src/kernels/numbers/generator.ts'
import { explainTreesOn, planTreeGame } from '../../src/kernels/shap/explainTrees.ts'
import { growForest } from '../../src/kernels/trees/growForest.ts'
import { auc } from '../../src/metrics/auc.ts'
import { openPool } from '../../src/threads/openPool.ts'
import { random } from '../../src/util/random.ts'

const [rows = 100_000, columns = 10_000, trees = 50, explained = 2000, threads = 2] = process.argv.slice(2).map(Number)
const CHUNK = 512
/** Every hundredth column says something of the target; attributions are summed to as many factors. */
const FACTORS = 100

const target = new Uint8Array(rows)
/** Sums of three uniform numbers: the same in both readings. Some columns are flags, some counts, some have gaps. */
async function* chunks(): AsyncGenerator<RowChunk> {
  const generator = new Generator(keyWords(random(1).fork('wide').key))
  const uniform = () => generator.below(65_536) / 65_536
  const values = Array.from({ length: columns }, () => new Float64Array(CHUNK))
  for (let from = 0; from < rows; from += CHUNK) {
    const count = Math.min(CHUNK, rows - from)
    const risk = new Float64Array(count).fill(-2.5)
    for (let j = 0; j < columns; j++) {
      const column = values[j]!
      for (let i = 0; i < count; i++) {
        const x = uniform() + uniform() + uniform() - 1.5
        column[i] = j % 11 === 2 ? (x > 0.4 ? 1 : 0) : j % 7 === 1 ? Math.floor(Math.abs(x) * 9) : x
        if (j % FACTORS === 0) risk[i]! += 6 * x * Math.sqrt(FACTORS / columns)
        if (j % 13 === 5 && i % 9 === 4) column[i] = Number.NaN
      }
    }
    for (let i = 0; i < count; i++) target[from + i] = uniform() < 1 / (1 + Math.exp(-risk[i]!)) ? 1 : 0
    yield { rows: count, columns: values }
  }
}

let began = performance.now()
const peak = () => `${(process.resourceUsage().maxRSS / 2 ** 20).toFixed(2)} GiB at most so far`
const say = (what: string) => {
  console.log(
    `${what}: ${((performance.now() - began) / 1000).toFixed(1)} s, ${peak()}, load ${loadavg()[0]!.toFixed(1)}`,
  )
  began = performance.now()
}
console.log(`${rows} x ${columns}, ${threads} threads, Node ${process.version}, ${cpus()[0]?.model}`)
for await (const _ of chunks());
say('one reading of the generator alone')

const pool = openPool(threads)
const matrix = await binChunks(chunks, columns, pool)
say('binned, two readings included')

const smoothing = { strength: 5, rate: target.reduce((sum, y) => sum + y, 0) / rows }
const keys = new Uint32Array(4 * trees)
for (let t = 0; t < trees; t++) keys.set(keyWords(random(1).fork('tree', t).key), 4 * t)
const growth = {
  criterion: 'gini' as const,
  splitter: 'best' as const,
  maxDepth: 12,
  maxLeaves: Number.POSITIVE_INFINITY,
  minLeaf: 50,
  minImpurityDecrease: 0,
  features: Math.floor(Math.sqrt(columns)),
  smoothing,
  output: 'logOdds' as const,
}
const request = { matrix, target, growth, bag: { sampleRatio: 1, replace: true }, outOfBag: true }
const grown = await growForest(pool, request, keys)
say(`${trees} trees grown`)
const seen = [...target.keys()].filter((i) => grown.outOfBag!.trees[i]! > 0)
const margins = Float64Array.from(seen, (i) => grown.outOfBag!.sum[i]! / grown.outOfBag!.trees[i]!)
console.log(
  `AUC out of bag ${auc(
    margins,
    Uint8Array.from(seen, (i) => target[i]!),
  ).toFixed(4)}`,
)

const playerOfColumn = Int32Array.from({ length: columns }, (_, j) => j % FACTORS)
const game = { trees: grown.trees, playerOfColumn, players: FACTORS, rows: explained, kernels: pool.kernels }
const plan = planTreeGame(game)
const BLOCK = 1000
let largest = 0
for (let from = 0; from < explained; from += BLOCK) {
  const to = Math.min(explained, from + BLOCK)
  for (const phi of await explainTreesOn(plan, { binned: matrix }, { from, to }, pool)) largest = Math.max(largest, phi)
}
say(`${explained} rows explained by ${FACTORS} factors`)
console.log(`largest attribution ${largest.toFixed(3)}`)
matrix.close()
await pool.close()
