// One process of scripts/same-bytes.mjs: threads and kernels are its arguments; prints the hash of every result.
import { createHash } from 'node:crypto'
import { boosting, decisionTree, forest, logistic, marginOn, openPool, random } from '../dist/index.js'
import { explainTreesOn, planTreeGame } from '../dist/kernels/shap/explainTrees.js'

const [threads, kernels] = [Number(process.argv[2]), process.argv[3]]
const ROWS = 30_000
const COLUMNS = 24

// Skewed, counted, flagged and categorical columns, some values missing.
const draw = random('same bytes')
const values = new Float64Array(new SharedArrayBuffer(8 * ROWS * COLUMNS))
const target = new Uint8Array(ROWS)
for (let i = 0; i < ROWS; i++) {
  let margin = -2
  for (let j = 0; j < COLUMNS; j++) {
    let x = draw.normal()
    if (j % 4 === 1) x = Math.floor(Math.abs(x) * 4)
    if (j % 7 === 3) x = x > 0.8 ? 1 : 0
    if (j === 5) x = draw.integer(30)
    margin += j === 5 ? (x % 3) * 0.4 : 0.25 * x * (j % 3 === 0 ? 1 : -0.5)
    values[j * ROWS + i] = j % 6 === 2 && draw.next() < 0.1 ? Number.NaN : x
  }
  target[i] = draw.next() < 1 / (1 + Math.exp(-margin)) ? 1 : 0
}
const column = (j) =>
  j === 5
    ? { name: `x${j}`, factor: j, role: 'category', levels: Array.from({ length: 30 }, (_, k) => `level ${k}`) }
    : { name: `x${j}`, factor: j, role: 'value' }
const x = { rows: ROWS, columns: Array.from({ length: COLUMNS }, (_, j) => column(j)), values }
const whole = {
  ...x,
  columns: x.columns.map(({ name, factor }) => ({ name, factor, role: 'value' })),
  values: values.map((v) => (Number.isNaN(v) ? 0 : v)),
}
const groups = Int32Array.from({ length: ROWS }, (_, i) => Math.floor(i / 3))

const hashes = {}
const note = (name, result) => {
  const hash = createHash('sha256')
  const add = (value) => {
    if (ArrayBuffer.isView(value)) hash.update(new Uint8Array(value.buffer, value.byteOffset, value.byteLength).slice())
    else if (Array.isArray(value)) value.forEach(add)
    else if (value && typeof value === 'object') Object.values(value).forEach(add)
    else hash.update(String(value))
  }
  add(result)
  hashes[name] = hash.digest('hex')
}

const pool = openPool(threads, { kernels })
// Boosting comes first: its threads meet at barriers from the first moment.
const models = {
  boosting: boosting({ rounds: 12, maxLeaves: 31, sampleRatio: 0.8, columnsANode: 0.7 }),
  forest: forest({ trees: 12, maxDepth: 10 }),
  'forest by entropy': forest({ trees: 4, criterion: 'entropy', output: 'probability' }),
  'fully grown forest': forest({ trees: 3, maxDepth: Number.POSITIVE_INFINITY, minLeaf: 1 }),
  tree: decisionTree({ splits: 'binned', maxDepth: 6 }),
  'exact tree': decisionTree({ maxDepth: 5, pruning: 'none' }),
  logistic: logistic(),
}
for (const [name, learner] of Object.entries(models)) {
  const on = learner.encoding === 'linear' || name.includes('tree') ? whole : x
  const { model, outOfBagMargins } = await learner.fit(on, target, random(7), { pool, groups })
  note(name, model)
  if (outOfBagMargins) note(`${name}: out of bag`, outOfBagMargins)
  note(`${name}: margins`, await marginOn(model, on, pool))
  if (!model.trees) continue
  const plan = planTreeGame({
    trees: model.trees,
    playerOfColumn: Int32Array.from({ length: COLUMNS }, (_, j) => j),
    players: COLUMNS,
    rows: 2000,
    kernels,
  })
  note(`${name}: shapley`, await explainTreesOn(plan, { values: on.values, rows: ROWS }, { from: 0, to: 2000 }, pool))
}
await pool.close()
process.stdout.write(JSON.stringify({ version: process.versions.node, hashes }))
