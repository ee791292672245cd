/** What interactions of one scorer are told in: whose they are, against what, in which unit, and the work behind them. */
import { checkOptionNames, checkPool, checkRun } from '../kernels/checkInput.ts'
import { sigmoid } from '../kernels/numbers/logit.ts'
import type { Pool } from '../kernels/pool.ts'
import { type InteractionPlan, planInteractions } from '../kernels/shap/interactions/planInteractions.ts'
import type { Matrix } from '../matrix/matrix.ts'
import { marginOn } from '../models/margin.ts'
import { isTreeModel, type LinearModel, type TreeModel, treeDivisor } from '../models/model.ts'
import { scaleFactor } from '../scores/scale.ts'
import { encodeFor, rawScoresOfMargins, type Scorer } from '../scores/scorer.ts'
import { usageError } from '../util/errors.ts'
import { nameHint } from '../util/nearestName.ts'
import { checkBackground } from './background.ts'
import type { ExplainOptions } from './explain.ts'
import type { BackgroundId, Semantics } from './explanation.ts'
import { againstRows, linearBase } from './linear.ts'
import { linkOf } from './link.ts'
import { playersOf } from './players.ts'

/** Whose interactions, and against what; a pool, progress and a signal change no byte. */
export interface InteractionOptions extends ExplainOptions {
  /**
   * factors (when absent): as in `explain`, path-dependent each column is a player and what columns of one factor have is added up, and against a
   * background the factors are the players; dimensions: the game whose players are the dimensions
   */
  players?: 'factors' | 'dimensions'
}

/** What holds for all rows of one scorer. */
export interface InteractionFacts {
  /** name of the scorer */
  model: string
  /** path_dependent against the covers of trees; interventional against rows */
  semantics: Semantics
  /** as in `explain` */
  backgroundId: BackgroundId
  /**
   * points where the link is linear: log-odds leaves and Platt calibration; else the additive output of the model: log-odds of bad, or a
   * mean probability of bad
   */
  unit: 'points' | 'log_odds' | 'probability'
  /** false for linear models: they are sums over their factors, so every interaction is 0 by their form */
  interacting: boolean
  /** names of factors, in the order of the encoding, or of dimensions */
  players: readonly string[]
  /** in `unit`: raw score, or output, of the background; base + all values of a row's matrix = that of the row */
  base: number
}

/** Facts, and what the work needs. */
export interface InteractionWork {
  facts: InteractionFacts
  pool: Pool
  /** factor from sums over trees to `unit` */
  perSum: number
  /** absent for linear models */
  plan?: InteractionPlan
  /** of linear models: measured from the background */
  linear?: LinearModel
  /** raw scores or outputs of encoded rows */
  targets(x: Matrix, signal?: AbortSignal): Promise<Float64Array>
}

export const INTERACTION_OPTIONS = {
  pool: true,
  progress: true,
  signal: true,
  players: true,
  background: true,
} as const

/** @throws GlasscoreError('usage') for options that there are not, or that are none of their values */
export const checkInteractionOptions = (options: InteractionOptions, names: Readonly<Record<string, true>>): void => {
  checkOptionNames(options, names, nameHint)
  checkRun(options)
  if (options.pool !== undefined) checkPool(options.pool)
  const { players, background } = options
  if (players !== undefined && players !== 'factors' && players !== 'dimensions')
    throw usageError('no such players', { option: 'players', expected: 'factors or dimensions', got: players })
  if (background !== undefined) checkBackground(background)
}

const unitOf = (scorer: Scorer): InteractionFacts['unit'] => {
  const { model, calibration } = scorer
  if (isTreeModel(model) && model.output === 'probability') return 'probability'
  return calibration.kind === 'platt' ? 'points' : 'log_odds'
}

const treePlan = (model: TreeModel, scorer: Scorer, { players, background }: InteractionOptions): InteractionPlan => {
  const { encoding } = scorer
  const { factorOfColumn, factors, dimensionOfColumn, dimensions } = playersOf(encoding)
  const { trees } = model
  const rows = background ? { background: encodeFor(scorer, background.frame) } : {}
  if (players === 'dimensions')
    return planInteractions({ trees, playerOfColumn: dimensionOfColumn, players: dimensions.length, ...rows })
  // A factor brings all of its columns from one row, so that no row has two levels of a category.
  if (background) return planInteractions({ trees, playerOfColumn: factorOfColumn, players: factors, ...rows })
  const columns = encoding.columns.length
  const playerOfColumn = Int32Array.from({ length: columns }, (_, j) => j)
  return planInteractions({ trees, playerOfColumn, players: columns, ownerOfPlayer: factorOfColumn, owners: factors })
}

const linearAgainst = (model: LinearModel, scorer: Scorer, { background }: InteractionOptions): LinearModel =>
  background ? againstRows(model, encodeFor(scorer, background.frame)) : model

/** Prepares the interactions of a scorer; the rows of a background go down the trees here. */
export const interactionWork = (scorer: Scorer, options: InteractionOptions, pool: Pool): InteractionWork => {
  const { model, encoding, calibration, scale } = scorer
  const unit = unitOf(scorer)
  const plan = isTreeModel(model) ? treePlan(model, scorer, options) : undefined
  const linear = isTreeModel(model) ? undefined : linearAgainst(model, scorer, options)
  const output = isTreeModel(model) ? plan!.expectedValue / treeDivisor(model) : linearBase(linear!)
  const perOutput = unit === 'points' && calibration.kind === 'platt' ? -scaleFactor(scale) * calibration.slope : 1
  return {
    facts: {
      model: scorer.name,
      semantics: plan && !options.background ? 'path_dependent' : 'interventional',
      backgroundId: options.background ? options.background.id : plan ? 'tree_covers' : 'training_mean',
      unit,
      interacting: plan !== undefined,
      players:
        options.players === 'dimensions' ? playersOf(encoding).dimensions : encoding.factors.map(({ name }) => name),
      base: unit === 'points' ? linkOf(scorer, output).base : output,
    },
    pool,
    perSum: perOutput / (isTreeModel(model) ? treeDivisor(model) : 1),
    ...(plan ? { plan } : {}),
    ...(linear ? { linear } : {}),
    async targets(x, signal) {
      const margins = await marginOn(model, x, pool, { ...(signal ? { signal } : {}) })
      if (unit === 'points') return rawScoresOfMargins(scorer, margins)
      return unit === 'probability' ? margins.map(sigmoid) : margins
    },
  }
}
