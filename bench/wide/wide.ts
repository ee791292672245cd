// A wide table: binned from a generator of chunks, a forest and a boosting trained on the bytes, every row explained by blocks, the
// attributions of factors written to Parquet block by block. The numbers are never held.
// Usage: npm run build && npx tsx bench/wide/wide.ts [rows = 100000] [columns = 10000] [threads = 2] [folder = a new one, removed]
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDuckDB } from '../../src/engines/duckdb.ts'
import type { ColumnInput, Engine } from '../../src/engines/engine.ts'
import { literal } from '../../src/engines/sql.ts'
import { binChunks } from '../../src/kernels/binning/binChunks.ts'
import type { RowChunk } from '../../src/kernels/binning/rowChunk.ts'
import { trainBoosting } from '../../src/kernels/boosting/trainBoosting.ts'
import { keyWords } from '../../src/kernels/numbers/generator.ts'
import { explainTreesOn, planTreeGame } from '../../src/kernels/shap/explainTrees.ts'
import { growForest } from '../../src/kernels/trees/growForest.ts'
import type { TreeArrays } from '../../src/kernels/trees/tree.ts'
import { auc } from '../../src/metrics/auc.ts'
import { openPool } from '../../src/threads/openPool.ts'
import { random } from '../../src/util/random.ts'

const [rows = 100_000, columns = 10_000, threads = 2] = process.argv.slice(2, 5).map(Number)
const CHUNK = 512
/** Every hundredth column says something of the target; attributions are summed to as many factors. */
const FACTORS = 100
/** Rows of a block of attributions. */
const BLOCK = 16_384

// Sums of three uniform numbers, 65,536 of them, drawn anew for each cell: the same in both readings.
const stream = random(1).fork('wide')
const draws = Float64Array.from({ length: 65_536 }, () => stream.next() + stream.next() + stream.next() - 1.5)
const target = new Uint8Array(rows)
/** Fills a column and returns the state of the generator, a linear congruential one of 32 bits. */
const draw = (column: Float64Array, count: number, start: number): number => {
  let state = start
  for (let i = 0; i < count; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0
    column[i] = draws[state >>> 16]!
  }
  return state
}
/** Some columns are flags, some counts, some have gaps. */
async function* chunks(): AsyncGenerator<RowChunk> {
  const values = Array.from({ length: columns }, () => new Float64Array(CHUNK))
  const luck = new Float64Array(CHUNK)
  const risk = new Float64Array(CHUNK)
  let state = 1
  for (let from = 0; from < rows; from += CHUNK) {
    const count = Math.min(CHUNK, rows - from)
    risk.fill(-1)
    for (let j = 0; j < columns; j++) {
      const column = values[j]!
      state = draw(column, count, state)
      if (j % FACTORS === 0) for (let i = 0; i < count; i++) risk[i]! += 6 * column[i]! * Math.sqrt(FACTORS / columns)
      if (j % 11 === 2) for (let i = 0; i < count; i++) column[i] = column[i]! > 0.4 ? 1 : 0
      else if (j % 7 === 1) for (let i = 0; i < count; i++) column[i] = Math.floor(Math.abs(column[i]!) * 9)
      if (j % 13 === 5) for (let i = 4; i < count; i += 9) column[i] = Number.NaN
    }
    state = draw(luck, count, state)
    for (let i = 0; i < count; i++) target[from + i] = luck[i]! / 3 + 0.5 < 1 / (1 + Math.exp(-risk[i]!)) ? 1 : 0
    yield { rows: count, columns: values }
  }
}

let began = performance.now()
let worked = process.cpuUsage()
/** Largest resident set of the process so far, in GiB; all threads are in it. */
const peak = () => `${(process.resourceUsage().maxRSS / 2 ** 20).toFixed(2)} GiB at most so far`
const say = (what: string) => {
  const seconds = (performance.now() - began) / 1000
  const { user, system } = process.cpuUsage(worked)
  const work = `${((user + system) / 1e6).toFixed(1)} s of work`
  console.log(`${what}: ${seconds.toFixed(1)} s, ${work}, ${peak()}, load ${loadavg()[0]!.toFixed(1)}`)
  began = performance.now()
  worked = process.cpuUsage()
}
console.log(`${rows} x ${columns}, ${threads} threads, Node ${process.version}, ${cpus()[0]?.model}`)
for await (const _ of chunks());
say('one reading of the generator alone')

const pool = openPool(threads)
const matrix = await binChunks(chunks, columns, pool)
say('binned, two readings included')

const folder = process.argv[5] ?? (await mkdtemp(join(tmpdir(), 'wide-')))
const own = process.argv[5] === undefined
const engine: Engine = await openDuckDB({ threads, memoryLimit: '1GB', temporaryFolder: join(folder, 'scratch') })

/** Attributions of all rows by factor, to one Parquet file; a block at a time is in memory. */
const explainAll = async (name: string, trees: readonly TreeArrays[]): Promise<void> => {
  const playerOfColumn = Int32Array.from({ length: columns }, (_, j) => j % FACTORS)
  const plan = planTreeGame({ trees, playerOfColumn, players: FACTORS, rows, kernels: pool.kernels })
  const files: string[] = []
  for (let from = 0; from < rows; from += BLOCK) {
    const to = Math.min(rows, from + BLOCK)
    const phi = await explainTreesOn(plan, { binned: matrix }, { from, to }, pool)
    const block: Record<string, ColumnInput> = {
      row: { type: 'INTEGER', values: Int32Array.from({ length: to - from }, (_, i) => from + i) },
    }
    for (let f = 0; f < FACTORS; f++) {
      const values = phi.subarray(f * (to - from), (f + 1) * (to - from))
      block[`factor_${f}`] = { type: 'DOUBLE', values }
    }
    await engine.createTable('block', block)
    const file = join(folder, `${name}-${files.length}.parquet`)
    await engine.writeParquet('SELECT * FROM block ORDER BY row', file)
    files.push(file)
  }
  const whole = join(folder, `${name}.parquet`)
  const parts = files.map((file) => literal(file)).join(', ')
  const written = await engine.writeParquet(`SELECT * FROM read_parquet([${parts}]) ORDER BY row`, whole)
  for (const file of files) await rm(file)
  const size = (await stat(whole)).size / 2 ** 20
  say(`${name}: ${written} rows explained by ${FACTORS} factors and written, ${size.toFixed(0)} MiB of Parquet`)
}

try {
  const rate = target.reduce((sum, y) => sum + y, 0) / rows
  const trees = 50
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
    smoothing: { strength: 5, rate },
    output: 'logOdds' as const,
  }
  const request = { matrix, target, growth, bag: { sampleRatio: 1, replace: true }, outOfBag: true }
  const grown = await growForest(pool, request, keys)
  const seen = [...target.keys()].filter((i) => grown.outOfBag!.trees[i]! > 0)
  const margins = Float64Array.from(seen, (i) => grown.outOfBag!.sum[i]! / grown.outOfBag!.trees[i]!)
  const truth = Uint8Array.from(seen, (i) => target[i]!)
  say(`forest: ${trees} trees of depth 12, AUC out of bag ${auc(margins, truth).toFixed(4)}`)
  await explainAll('forest', grown.trees)

  const held = Uint8Array.from({ length: rows }, (_, i) => (i % 5 === 0 ? 1 : 0))
  const fit = await trainBoosting(
    matrix,
    { target, held, monotone: new Int8Array(columns), keys: (round) => keyWords(random(1).fork('round', round).key) },
    {
      rounds: 100,
      learningRate: 0.1,
      maxLeaves: 31,
      maxDepth: 64,
      growth: 'leaf',
      minLeaf: 50,
      minHessian: 1e-3,
      lambda: 1,
      minGain: 0,
      oneHot: 4,
      mostSorted: 32,
      minCategory: 10,
      categorySmooth: 10,
      categoryLambda: 10,
      sampleRatio: 1,
      columnsATree: columns,
      columnsANode: Number.POSITIVE_INFINITY,
      patience: 100,
    },
    pool,
  )
  say(`boosting: ${fit.trees.length} trees of 31 leaves, log loss held out ${fit.heldLoss.at(-1)!.toFixed(4)}`)
  await explainAll('boosting', fit.trees)
} finally {
  engine.close()
  matrix.close()
  await pool.close()
  if (own) await rm(folder, { recursive: true })
}
