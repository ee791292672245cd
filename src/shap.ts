/**
 * `glasscore/shap`: exact SHAP values under the names that users of the Python package shap know.
 *
 *     const explainer = new TreeExplainer(forest)            // a glasscore scorer or model, or trees as plain arrays
 *     const { values, baseValues } = explainer.explain(rows) // values[row][column]; baseValues[row] + their sum = output
 *
 * Trees: path-dependent (the training cover is the background), or interventional against rows of yours (`data`), of the model's additive output: log-odds, or probability
 * where leaves hold those. Linear models: against the mean row. No sampling anywhere; sums are checked on every row.
 *
 * @packageDocumentation
 */
import { byRow } from './attributions/byRow.ts'
import { linearBase, linearShap } from './attributions/linear.ts'
import { fromPlain, type PlainTree } from './attributions/plainTree.ts'
import { treeFault } from './formats/checkTree.ts'
import { came, isList, isRecord } from './kernels/checkInput.ts'
import { canRunCompiled } from './kernels/memory/core.ts'
import { explainTrees, planTreeGame, type TreeGameOptions, type TreeGamePlan } from './kernels/shap/explainTrees.ts'
import { interactionPart } from './kernels/shap/interactions/interactionPart.ts'
import { type InteractionPlan, planInteractions } from './kernels/shap/interactions/planInteractions.ts'
import { triangleAt } from './kernels/shap/interactions/triangle.ts'
import { interventionalByRows } from './kernels/shap/interventionalByRows.ts'
import { sumLeaves } from './kernels/trees/sumLeaves.ts'
import type { TreeArrays } from './kernels/trees/tree.ts'
import type { Matrix } from './matrix/matrix.ts'
import { checkMatrix, checkNames, checkValues } from './models/checkOptions.ts'
import { isTreeModel, type LinearModel, type TreeModel, treeDivisor } from './models/model.ts'
import type { Scorer } from './scores/scorer.ts'
import { GlasscoreError, modelError, usageError } from './util/errors.ts'

export type { PlainTree } from './attributions/plainTree.ts'

/** Rows of numbers, NaN, null or undefined for missing; or a matrix of the model's own encoding. */
export type ShapData = readonly ArrayLike<number | null | undefined>[] | Matrix

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
  /**
   * background rows, as shap's `data`: a column that is not known takes its values from them, all of them, whatever the other columns are
   * (interventional values, exact). Absent: the cover of the trees. Where a path has more than 16 distinct players, time grows as rows x these rows
   */
  data?: ShapData
}

const TREE_OPTIONS = { combine: true, names: true, groups: true, data: true } as const
const LINEAR_OPTIONS = { names: true } as const

const mean = (values: Float64Array): number => values.reduce((a, b) => a + b, 0) / values.length

/** Largest gap that is rounding, as a share of the largest output (at least 1). */
const ROUNDING = 1e-9

const isMatrix = (data: ShapData): data is Matrix => 'values' in data && 'columns' in data

/** Column-major values of rows, checked against the number of columns of the model. */
const columnMajor = (data: ShapData, columns: number): { values: Float64Array; rows: number } => {
  if (isRecord(data) && isMatrix(data)) {
    checkMatrix(data)
    if (data.columns.length !== columns) throw wrongWidth(columns, data.columns.length)
    checkValues(data)
    return { values: data.values, rows: data.rows }
  }
  const expected = 'a list of rows, each a list of numbers, or a matrix'
  if (!Array.isArray(data)) throw usageError('these are no rows', { option: 'data', expected, got: came(data) })
  const list: readonly ArrayLike<unknown>[] = data
  const values = new Float64Array(list.length * columns)
  list.forEach((row, i) => {
    if (!isList(row)) throw usageError('this is no row', { row: i, expected, got: came(row) })
    if (row.length !== columns) throw wrongWidth(columns, row.length, i)
    for (let j = 0; j < columns; j++) {
      const value = row[j] ?? Number.NaN
      if (typeof value !== 'number')
        throw usageError('a cell that is no number', {
          row: i,
          column: String(j),
          expected: 'a number; NaN, null or undefined where it is missing',
          got: came(value),
        })
      values[j * list.length + i] = value
    }
  })
  return { values, rows: list.length }
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

/** @throws GlasscoreError('usage') unless labels are a list of texts, where there are any */
const checkLabels = (option: string, labels: unknown): void => {
  if (labels === undefined) return
  if (!Array.isArray(labels) || !labels.every((label) => typeof label === 'string'))
    throw usageError('these are no labels', { option, expected: 'a list of texts, one a column', got: came(labels) })
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

/** What a TreeExplainer explains: a scorer, a tree model, or trees as plain arrays. */
export type TreeSource = Scorer | TreeModel | readonly PlainTree[]

const isScorer = (model: object): model is Scorer => 'encoding' in model && 'model' in model

/** @throws GlasscoreError('usage') unless it can be looked into */
const checkSource = (source: unknown, expected: string): void => {
  if (!isRecord(source) && !Array.isArray(source))
    throw usageError('there is nothing to explain', { option: 'model', expected, got: came(source) })
}

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
  if (!Array.isArray(source))
    throw usageError('TreeExplainer explains trees', {
      option: 'model',
      expected: 'a tree or a forest',
      got: 'kind' in source ? source.kind : came(source),
    })
  const trees = (source as readonly PlainTree[]).map(fromPlain)
  const used = trees.reduce((most, tree) => tree.feature.reduce((a, f) => Math.max(a, f + 1), most), 1)
  if (names && names.length < used)
    throw usageError('names and columns differ in number', {
      option: 'names',
      expected: `${used} names or more: the trees split on column ${used - 1}`,
      got: names.length,
    })
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
  #interactions: InteractionPlan | undefined
  /** rows that the plan was made for */
  #rows = 1
  readonly #trees: readonly TreeArrays[]
  readonly #columns: number
  readonly #names: readonly string[]
  readonly #divide: number
  readonly #background: { values: Float64Array; rows: number } | undefined

  /** @throws GlasscoreError for trees whose structure is broken, and for options that do not fit the model */
  constructor(source: TreeSource, options: TreeExplainerOptions = {}) {
    checkNames<TreeExplainerOptions>(options, TREE_OPTIONS)
    checkLabels('names', options.names)
    checkLabels('groups', options.groups)
    checkSource(source, 'a scorer, a model of trees, or a list of trees')
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
    this.#background = options.data === undefined ? undefined : columnMajor(options.data, columns)
    if (this.#background?.rows === 0)
      throw usageError('the background has no rows', { option: 'data', expected: 'at least one row', got: 0 })
    this.expectedValue = this.#background
      ? mean(sumLeaves(trees, this.#background.values, this.#background.rows)) / this.#divide
      : this.#plan.expectedValue / this.#divide
  }

  /**
   * SHAP values with base values and data, as shap's `explainer(X)`.
   * @throws GlasscoreError('usage') for rows of another width, ('internal') when values do not add up to the output
   */
  explain(data: ShapData): ShapValues {
    const { values, rows } = columnMajor(data, this.#columns)
    const background = this.#background
    if (!background && rows !== this.#rows) {
      this.#plan = planTreeGame({ ...this.#game, rows })
      this.#rows = rows
    }
    const source = { values, rows }
    const phi = divided(
      background ? interventionalByRows(this.#game, background, source) : explainTrees(this.#plan, source),
      this.#divide,
    )
    const outputs = divided(sumLeaves(this.#trees, values, rows), this.#divide)
    return assemble(phi, this.expectedValue, outputs, byRow(values, rows), this.#names)
  }

  /** The values alone, as shap's `explainer.shap_values(X)`. */
  shapValues(data: ShapData): Float64Array[] {
    return this.explain(data).values
  }

  /**
   * Interaction values, as shap's `explainer.shap_interaction_values(X)`: a symmetric matrix for each row, whose rows add up to the SHAP
   * values; main effects on the diagonal, each pair in two halves.
   * @returns for each row players x players numbers, [i * players + j]
   * @throws GlasscoreError('usage') for rows of another width, and with background rows: `interactions` of glasscore takes these
   */
  shapInteractionValues(data: ShapData): Float64Array[] {
    if (this.#background)
      throw usageError('interaction values of this explainer are against the cover of the trees', {
        option: 'data',
        expected: 'none; `interactions` of glasscore takes background rows',
      })
    const matrix = columnMajor(data, this.#columns)
    this.#interactions ??= planInteractions(this.#game)
    const { used, owners } = this.#interactions
    const job = { plan: this.#interactions, matrix, wanted: 'values', pairs: new Int32Array(0) } as const
    const packed = interactionPart(job, { from: 0, to: matrix.rows })
    return Array.from({ length: matrix.rows }, (_, r) => {
      const out = new Float64Array(owners * owners)
      for (let i = 0; i < used.length; i++)
        for (let j = 0; j < used.length; j++)
          out[used[i]! * owners + used[j]!] = packed[triangleAt(used.length, i, j) * matrix.rows + r]! / this.#divide
      return out
    })
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
    checkNames<{ names?: readonly string[] }>(options, LINEAR_OPTIONS)
    checkLabels('names', options.names)
    checkSource(model, 'a scorer, a linear model, or coefficients with intercept and means')
    const linear = isScorer(model) ? model.model : model
    if (!('coefficients' in linear))
      throw usageError('LinearExplainer explains linear models', { expected: 'a linear model', got: linear.kind })
    if (!isList(linear.coefficients) || !isList(linear.means) || typeof linear.intercept !== 'number')
      throw modelError('this is no linear model', {
        expected: 'coefficients and means, one a column, and an intercept',
      })
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
