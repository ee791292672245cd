/**
 * The jobs of --growth: each is prepared for a table, and then does its work as often as it is asked to.
 *
 * `floor` is what any method must read and write at least once; `touched` is what this one does, as far as the result tells it.
 */
import {
  binMatrix,
  boosting,
  forest,
  type Learner,
  marginOn,
  type Pool,
  random,
  type TreeArrays,
  type TreeModel,
} from 'glasscore'
import { chunkRows } from '../../src/attributions/tree.ts'
import { fitOn, openSums } from '../../src/kernels/logistic/logistic.ts'
import { runLater } from '../../src/kernels/logistic/sums.ts'
import { explainTreesOn, planTreeGame } from '../../src/kernels/shap/explainTrees.ts'
import { matrixOf, numberOf, type Settings } from './adapter.ts'
import type { Table } from './data.ts'
import { firstRows } from './trees.ts'

/** Bytes of a job; both sides of the bus. */
export interface Bytes {
  floor: number
  touched?: number
}

export interface Prepared {
  once(): Promise<Bytes>
}

export type Prepare = (table: Table, same: Settings, pool: Pool) => Prepared | Promise<Prepared>

const DOUBLE = 8
/** An entry of a row in a tree: its number, its weight and its outcome in one word; read and written at every level. */
const ENTRY = 2 * 4
/** Rows that the trees to predict with and to explain are grown on. */
const MODEL_ROWS = 10_000

const cells = ({ rows, columns }: Table): number => rows * columns

/** Doubles are read once, bytes are written once. */
const binningBytes = (table: Table): number => (DOUBLE + 1) * cells(table)

const binning: Prepare = (table, _same, pool) => ({
  async once() {
    const matrix = await binMatrix(table, pool)
    matrix.close()
    return { floor: binningBytes(table), touched: binningBytes(table) }
  },
})

/** Over inner nodes: of the node itself, or of its smaller child where the other is got by subtraction. */
export const rowsCounted = (tree: TreeArrays, subtraction: boolean): number => {
  let rows = subtraction ? tree.cover[0]! : 0
  for (let i = 0; i < tree.feature.length; i++) {
    const left = tree.childrenLeft[i]!
    if (left < 0) continue
    rows += subtraction ? Math.min(tree.cover[left]!, tree.cover[tree.childrenRight[i]!]!) : tree.cover[i]!
  }
  return rows
}

const fitted =
  (
    learnerOf: (same: Settings, columns: number) => { learner: Learner; bytesARow: number; subtraction: boolean },
  ): Prepare =>
  (table, same, pool) => {
    const x = matrixOf(table)
    const { learner, bytesARow, subtraction } = learnerOf(same, table.columns)
    return {
      async once() {
        const { model } = await learner.fit(x, table.target, random(1), { pool })
        const counted = (model as TreeModel).trees.reduce((sum, tree) => sum + rowsCounted(tree, subtraction), 0)
        return { floor: DOUBLE * cells(table), touched: binningBytes(table) + counted * bytesARow }
      },
    }
  }

const growForest = fitted((same, columns) => {
  const features = Math.max(1, Math.floor(Math.sqrt(columns)))
  const learner = forest({
    trees: numberOf(same, 'trees'),
    maxDepth: numberOf(same, 'maxDepth'),
    minLeaf: numberOf(same, 'minLeaf'),
    sampleRatio: numberOf(same, 'ratio'),
    replace: false,
    features,
    outOfBag: false,
  })
  return { learner, bytesARow: features + ENTRY, subtraction: false }
})

const growBoosting = fitted((same, columns) => {
  const learner = boosting({
    rounds: numberOf(same, 'trees'),
    maxLeaves: numberOf(same, 'leaves'),
    learningRate: numberOf(same, 'learningRate'),
    minLeaf: numberOf(same, 'minLeaf'),
    lambda: numberOf(same, 'lambda'),
    validationShare: 0,
  })
  return { learner, bytesARow: columns + ENTRY, subtraction: true }
})

/** Standardizes the table in place, so that it comes last. */
const logistic: Prepare = (table, same, pool) => {
  const { rows, columns, values } = table
  for (let j = 0; j < columns; j++) {
    const column = values.subarray(j * rows, (j + 1) * rows)
    let mean = 0
    for (let i = 0; i < rows; i++) mean += column[i]! / rows
    let squares = 0
    for (let i = 0; i < rows; i++) squares += (column[i]! - mean) ** 2 / rows
    const scale = squares > 0 ? 1 / Math.sqrt(squares) : 1
    for (let i = 0; i < rows; i++) column[i] = (column[i]! - mean) * scale
  }
  return {
    async once() {
      const sums = await openSums(pool, table)
      const exact = DOUBLE * cells(table)
      // Singles, written once at the start and read by every pass of the approach; a pass over the sample reads a sixteenth.
      const single = exact / 2
      let touched = sums.single ? exact + single : 0
      try {
        const options = { l2: numberOf(same, 'l2'), tolerance: numberOf(same, 'tolerance'), inference: false }
        await runLater(fitOn(sums, table, options), (request) => {
          const of = request.kind === 'sums' && sums.single ? request.of : 'all'
          touched += of === 'all' ? exact : of === 'sample' ? single / 16 : single
          return sums.answer(request)
        })
      } finally {
        sums.close()
      }
      return { floor: exact, touched }
    },
  }
}

/** Trees of a fixed number of rows. */
const treesOf = async (table: Table, same: Settings, pool: Pool): Promise<TreeModel> => {
  const some = firstRows(table, MODEL_ROWS)
  const learner = forest({ trees: numberOf(same, 'trees'), maxDepth: numberOf(same, 'maxDepth'), outOfBag: false })
  const { model } = await learner.fit(matrixOf(some), some.target, random(1), { pool })
  return model as TreeModel
}

const predict: Prepare = async (table, same, pool) => {
  const model = await treesOf(table, same, pool)
  return {
    async once() {
      await marginOn(model, matrixOf(table), pool)
      return { floor: DOUBLE * (cells(table) + table.rows) }
    },
  }
}

/** In blocks of rows, as the product streams them; what is prepared of the trees is within. */
const shap: Prepare = async (table, same, pool) => {
  const { trees } = await treesOf(table, same, pool)
  const { rows, columns, values } = table
  const playerOfColumn = Int32Array.from({ length: columns }, (_, j) => j)
  const step = chunkRows(columns, pool.threads)
  return {
    async once() {
      const plan = planTreeGame({ trees, playerOfColumn, players: columns, rows })
      for (let from = 0; from < rows; from += step)
        await explainTreesOn(plan, { values, rows }, { from, to: Math.min(rows, from + step) }, pool)
      return { floor: 2 * DOUBLE * cells(table) }
    },
  }
}

export const GROWTH_WORKS: Readonly<Record<string, Prepare>> = {
  binning,
  forest: growForest,
  boosting: growBoosting,
  predict,
  shap,
  logistic,
}
