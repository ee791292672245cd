/** Attributions of a wide table at three levels that add up: variables, their factors, the dimensions of those. */
import type { BinnedMatrix } from '../kernels/binning/binnedMatrix.ts'
import type { TreeModel } from '../models/model.ts'
import { attributeBins, type BinnedAttributions } from './binned.ts'
import type { ExplainBlocksOptions } from './explain.ts'
import { sumByOwner } from './players.ts'

/** Whose each variable is, and of which dimension each factor. */
export interface Levels {
  factorOfVariable: Int32Array
  factors: readonly string[]
  dimensionOfFactor: Int32Array
  dimensions: readonly string[]
}

/** Some rows: base + the values of a row = its output, at every level. */
export interface LevelAttributions extends Omit<BinnedAttributions, 'values'> {
  /** variables x rows: Shapley values of the game whose players are the variables */
  variables: Float64Array
  /** factors x rows: sums of those of their variables */
  factors: Float64Array
  /** dimensions x rows: sums of those of their factors */
  dimensions: Float64Array
}

/**
 * Path-dependent Shapley values of the variables, block by block (see `attributeBins`), added up by factor and by dimension. Sums of Shapley
 * values are not those of the game whose players are factors, which share out what variables of different factors do together in another way:
 * that one is `attributeBins` with factors as owners.
 * @throws as attributeBins
 */
export async function* attributeLevels(
  model: TreeModel,
  matrix: BinnedMatrix,
  levels: Levels,
  options: Omit<ExplainBlocksOptions, 'background'> = {},
): AsyncGenerator<LevelAttributions> {
  const count = matrix.columns.length
  const each = { ofColumn: Int32Array.from({ length: count }, (_, j) => j), count }
  for await (const { values, ...block } of attributeBins(model, matrix, each, options)) {
    const factors = sumByOwner(values, block.rows, levels.factorOfVariable, levels.factors.length)
    const dimensions = sumByOwner(factors, block.rows, levels.dimensionOfFactor, levels.dimensions.length)
    yield { ...block, variables: values, factors, dimensions }
  }
}
