/**
 * `glasscore/shap`: exact SHAP values under the names that users of the Python package shap know.
 *
 *     const explainer = new TreeExplainer(forest)            // a glasscore scorer or model, or trees as plain arrays
 *     const { values, baseValues } = explainer.explain(rows) // values[row][column]; baseValues[row] + their sum = output
 *
 * Trees: path-dependent (the training cover is the background), of the model's additive output: log-odds, or probability
 * where leaves hold those. Linear models: against the mean row. No sampling anywhere; sums are checked on every row.
 *
 * @packageDocumentation
 */
import { byRow } from './attributions/byRow.ts'
import { linearBase, linearShap } from './attributions/linear.ts'
import { treeFault } from './formats/checkTree.ts'
import { canRunCompiled } from './kernels/memory/core.ts'
import { explainTrees, planTreeGame, type TreeGameOptions, type TreeGamePlan } from './kernels/shap/explainTrees.ts'
import { isCategory } from './kernels/trees/categories.ts'
import { sumLeaves } from './kernels/trees/sumLeaves.ts'
import { MOST_CATEGORIES, type TreeArrays, WORDS_OF_SET } from './kernels/trees/tree.ts'
import type { Matrix } from './matrix/matrix.ts'
import { isTreeModel, type LinearModel, type TreeModel, treeDivisor } from './models/model.ts'
import type { Scorer } from './scores/scorer.ts'
import { GlasscoreError, modelError, usageError } from './util/errors.ts'

/** A tree as scikit-learn keeps it; the root is node 0 and children come after their parents. */
export interface PlainTree {
  /** position of the left child of each node; -1 at leaves */
  children_left: ArrayLike<number>
  /** position of the right child of each node; -1 at leaves */
  children_right: ArrayLike<number>
  /** column of each split; anything negative at leaves */
  feature: ArrayLike<number>
  /** a row goes left when its value <= threshold */
  threshold: ArrayLike<number>
  /** output at each node, one number; only those of leaves count. Take one class: `value[:, 0, 1]` of a scikit-learn classifier */
  value: ArrayLike<number>
  /** training rows at each node (`weighted_n_node_samples`) */
  cover: ArrayLike<number>
  /** 1 where a missing value goes left; absent: always right */
  default_left?: ArrayLike<number>
  /** categories (whole numbers 0..253) that go left at each node, empty at numeric splits and leaves; absent: all splits are numeric */
  categories?: ArrayLike<ArrayLike<number>>
}

/** Rows of numbers, NaN or null for missing; or a matrix of the model's own encoding. */
export type ShapData = readonly ArrayLike<number | null>[] | Matrix

/** SHAP values of some rows: for each, base value + sum of values = output of the model. */
export interface ShapValues {
  /** values[row][player] */
  values: Float64Array[]
  /** output of the background, one a row (all equal), as shap has it */
  baseValues: Float64Array
  /** data[row][column] as explained */
  data: Float64Array[]
  /** columns, or groups where those were asked for */
  names: string[]
  /** largest |base value + sum of values - output of the model| */
  additivityGap: number
}

/** How trees are put together, and who the players are. */
export interface TreeExplainerOptions {
  /**
   * how plain trees make the output: the mean (forests, the default) or the sum (boosting). Scorers and models know it: their forests are
   * means, their boostings sums
   */
  combine?: 'mean' | 'sum'
  /** names of columns, in order; default: the encoding's names, or "0", "1", ... */
  names?: readonly string[]
  /** one label a column: columns with one label are one player of an exact Shapley game */
  groups?: readonly string[]
}

/** Largest gap that is rounding, as a share of the largest output (at least 1). */
const ROUNDING = 1e-9

const isMatrix = (data: ShapData): data is Matrix => 'values' in data && 'columns' in data

/** Column-major values of rows, checked against the number of columns of the model. */
const columnMajor = (data: ShapData, columns: number): { values: Float64Array; rows: number } => {
  if (isMatrix(data)) {
    if (data.columns.length !== columns) throw wrongWidth(columns, data.columns.length)
    return { values: data.values, rows: data.rows }
  }
  const values = new Float64Array(data.length * columns)
  data.forEach((row, i) => {
    if (row.length !== columns) throw wrongWidth(columns, row.length, i)
    for (let j = 0; j < columns; j++) values[j * data.length + i] = row[j] ?? Number.NaN
  })
  return { values, rows: data.length }
}

const wrongWidth = (expected: number, got: number, row?: number) =>
  usageError('the data does not fit the model', {
    ...(row === undefined ? {} : { row }),
    expected: `${expected} columns`,
    got,
  })

/** The same array, its values divided. */
const divided = (values: Float64Array, by: number): Float64Array => {
  for (let i = 0; i < values.length; i++) values[i]! /= by
  return values
}

/** Assembles the answer and checks that base and values add up to the outputs. */
const assemble = (
  phi: Float64Array,
  base: number,
  outputs: Float64Array,
  data: Float64Array[],
  names: readonly string[],
): ShapValues => {
  const rows = outputs.length
  const values = byRow(phi, rows)
  let gap = 0
  let largest = 1
  values.forEach((row, i) => {
    let sum = base
    for (let j = 0; j < row.length; j++) sum += row[j]!
    gap = Math.max(gap, Math.abs(sum - outputs[i]!))
    largest = Math.max(largest, Math.abs(outputs[i]!))
  })
  if (!(gap <= ROUNDING * largest))
    throw new GlasscoreError('internal', 'SHAP values do not add up to the output of the model', {
      expected: `a gap of at most ${ROUNDING * largest}`,
      got: gap,
    })
  return { values, baseValues: new Float64Array(rows).fill(base), data, names: [...names], additivityGap: gap }
}

const namesFor = (columns: number, names?: readonly string[]): readonly string[] => {
  if (names && names.length !== columns)
    throw usageError('names and columns differ in number', {
      option: 'names',
      expected: `${columns} names`,
      got: names.length,
    })
  return names ?? Array.from({ length: columns }, (_, j) => String(j))
}

const fromPlain = (tree: PlainTree): TreeArrays => {
  const sets = setsOf(tree.categories)
  return {
    childrenLeft: Int32Array.from(tree.children_left),
    childrenRight: Int32Array.from(tree.children_right),
    feature: Int32Array.from(tree.feature, (f) => Math.max(-1, f)),
    threshold: Float64Array.from(tree.threshold, (t, i) => ((sets?.categorySet[i] ?? -1) < 0 ? t : 0)),
    defaultLeft: Uint8Array.from(tree.default_left ?? new Uint8Array(tree.children_left.length)),
    value: Float64Array.from(tree.value),
    cover: Float64Array.from(tree.cover),
    ...sets,
  }
}

/** Lists of categories as sets of bits, see kernels/trees/tree.ts. */
const setsOf = (
  categories: PlainTree['categories'],
): Required<Pick<TreeArrays, 'categorySet' | 'sets'>> | undefined => {
  const lists = Array.from(categories ?? [], (list) => Array.from(list))
  if (lists.every((list) => list.length === 0)) return undefined
  const categorySet = new Int32Array(lists.length).fill(-1)
  const sets: number[] = []
  lists.forEach((list, node) => {
    if (list.length === 0) return
    categorySet[node] = sets.length / WORDS_OF_SET
    const words = new Uint32Array(WORDS_OF_SET)
    for (const category of list) {
      if (!isCategory(category))
        throw modelError(`node ${node} has an unknown category`, {
          expected: `whole numbers from 0 to ${MOST_CATEGORIES - 1}`,
          got: category,
        })
      words[category >>> 5]! |= 1 << (category & 31)
    }
    sets.push(...words)
  })
  return { categorySet, sets: Uint32Array.from(sets) }
}

/** What a TreeExplainer explains: a scorer, a tree model, or trees as plain arrays. */
export type TreeSource = Scorer | TreeModel | readonly PlainTree[]

const isScorer = (model: object): model is Scorer => 'encoding' in model && 'model' in model

const treesOf = (
  source: TreeSource,
  names: readonly string[] | undefined,
): { trees: readonly TreeArrays[]; columns: number; model?: TreeModel } => {
  if (isScorer(source)) {
    if (!isTreeModel(source.model))
      throw usageError('TreeExplainer explains trees', { expected: 'a tree or a forest', got: source.model.kind })
    return { ...source.model, model: source.model }
  }
  if ('trees' in source) return { ...source, model: source }
  const trees = source.map(fromPlain)
  const used = trees.reduce((most, tree) => tree.feature.reduce((a, f) => Math.max(a, f + 1), most), 1)
  return { trees, columns: names?.length ?? used }
}

/** What the sum of all trees is divided by. */
const divisorOf = (model: TreeModel | undefined, trees: number, combine: TreeExplainerOptions['combine']): number => {
  if (combine !== undefined && combine !== 'mean' && combine !== 'sum')
    throw usageError('unknown way to combine trees', { option: 'combine', expected: 'mean or sum', got: combine })
  if (!model) return combine === 'sum' ? 1 : trees
  const divisor = treeDivisor(model)
  const own = divisor === 1 ? 'sum' : 'mean'
  if (combine !== undefined && combine !== own && trees > 1)
    throw usageError('the model combines its trees in another way', {
      option: 'combine',
      expected: `${own}, as in a ${model.kind}, or nothing`,
      got: combine,
    })
  return divisor
}

/** Exact path-dependent tree SHAP (Lundberg et al., doi:10.1038/s42256-019-0138-9) for trees and their means or sums. */
export class TreeExplainer {
  /** output when nothing is known of a row */
  readonly expectedValue: number
  readonly #game: Omit<TreeGameOptions, 'rows'>
  #plan: TreeGamePlan
  /** rows that the plan was made for */
  #rows = 1
  readonly #trees: readonly TreeArrays[]
  readonly #columns: number
  readonly #names: readonly string[]
  readonly #divide: number

  /** @throws GlasscoreError for trees whose structure is broken, and for options that do not fit the model */
  constructor(source: TreeSource, options: TreeExplainerOptions = {}) {
    const names = options.names ?? (isScorer(source) ? source.encoding.columns.map((column) => column.name) : undefined)
    const { trees, columns, model } = treesOf(source, names)
    if (trees.length === 0) throw modelError('there is nothing to explain', { expected: 'at least one tree' })
    trees.forEach((tree, k) => {
      const fault = treeFault(tree, columns)
      if (fault) throw modelError(`tree ${k} is broken: ${fault}`)
    })
    if (options.groups && options.groups.length !== columns)
      throw usageError('groups and columns differ in number', {
        option: 'groups',
        expected: `${columns} labels`,
        got: options.groups.length,
      })
    const owners = options.groups ?? namesFor(columns, names).map((_, j) => String(j))
    const players = [...new Set(owners)]
    const position = new Map(players.map((label, player) => [label, player]))
    this.#game = {
      trees,
      playerOfColumn: Int32Array.from(owners, (label) => position.get(label)!),
      players: players.length,
      kernels: canRunCompiled(false) ? 'wasm' : 'typescript',
    }
    this.#plan = planTreeGame({ ...this.#game, rows: this.#rows })
    this.#trees = trees
    this.#columns = columns
    this.#names = options.groups ? players : namesFor(columns, names)
    this.#divide = divisorOf(model, trees.length, options.combine)
    this.expectedValue = this.#plan.expectedValue / this.#divide
  }

  /**
   * SHAP values with base values and data, as shap's `explainer(X)`.
   * @throws GlasscoreError('usage') for rows of another width, ('internal') when values do not add up to the output
   */
  explain(data: ShapData): ShapValues {
    const { values, rows } = columnMajor(data, this.#columns)
    if (rows !== this.#rows) {
      this.#plan = planTreeGame({ ...this.#game, rows })
      this.#rows = rows
    }
    const phi = divided(explainTrees(this.#plan, { values, rows }), this.#divide)
    const outputs = divided(sumLeaves(this.#trees, values, rows), this.#divide)
    return assemble(phi, this.expectedValue, outputs, byRow(values, rows), this.#names)
  }

  /** The values alone, as shap's `explainer.shap_values(X)`. */
  shapValues(data: ShapData): Float64Array[] {
    return this.explain(data).values
  }
}

/** Coefficients with the mean of each column, the background that values are measured from. */
export interface PlainLinear {
  /** one a column */
  coefficients: ArrayLike<number>
  /** output = intercept + sum of coefficient x value */
  intercept: number
  /** one a column */
  means: ArrayLike<number>
}

/**
 * SHAP values of a linear model: coefficient x (value - mean), exact and interventional against the mean row (Strumbelj &
 * Kononenko, doi:10.1007/s10115-013-0679-x). For glasscore models the output is the log-odds of bad.
 */
export class LinearExplainer {
  /** output at the mean row */
  readonly expectedValue: number
  readonly #model: LinearModel
  readonly #names: readonly string[]

  /** @throws GlasscoreError when the model is not linear or its arrays differ in length */
  constructor(model: Scorer | LinearModel | PlainLinear, options: { names?: readonly string[] } = {}) {
    const linear = isScorer(model) ? model.model : model
    if (!('coefficients' in linear))
      throw usageError('LinearExplainer explains linear models', { expected: 'a linear model', got: linear.kind })
    this.#model = {
      kind: 'logistic',
      intercept: linear.intercept,
      coefficients: Float64Array.from(linear.coefficients),
      means: Float64Array.from(linear.means),
    }
    const columns = this.#model.coefficients.length
    if (this.#model.means.length !== columns)
      throw modelError('coefficients and means differ in number', {
        expected: String(columns),
        got: this.#model.means.length,
      })
    this.#names = namesFor(
      columns,
      options.names ?? (isScorer(model) ? model.encoding.columns.map((c) => c.name) : undefined),
    )
    this.expectedValue = linearBase(this.#model)
  }

  /**
   * SHAP values with base values and data.
   * @throws GlasscoreError('usage') for rows of another width, or with a missing value
   */
  explain(data: ShapData): ShapValues {
    const columns = this.#names.length
    const { values, rows } = columnMajor(data, columns)
    if (values.some(Number.isNaN))
      throw usageError('a linear model cannot read missing values', { expected: 'a number in every cell' })
    const phi = linearShap(this.#model, values, rows, 0, rows)
    const outputs = new Float64Array(rows).fill(this.#model.intercept)
    for (let j = 0; j < columns; j++)
      for (let i = 0; i < rows; i++) outputs[i]! += this.#model.coefficients[j]! * values[j * rows + i]!
    return assemble(phi, this.expectedValue, outputs, byRow(values, rows), this.#names)
  }

  /** The values alone, as shap's `explainer.shap_values(X)`. */
  shapValues(data: ShapData): Float64Array[] {
    return this.explain(data).values
  }
}
