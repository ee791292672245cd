/** Single trees on binned columns, for the decision tree. */
import { keyWords } from '../../kernels/numbers/generator.ts'
import { growForest } from '../../kernels/trees/growForest.ts'
import type { GrowthOptions } from '../../kernels/trees/growthOptions.ts'
import type { Matrix } from '../../matrix/matrix.ts'
import { thisThread } from '../../threads/openPool.ts'
import type { Random } from '../../util/random.ts'
import type { FitOptions } from '../model.ts'
import { binForTrees } from '../trees/binForTrees.ts'
import { type CheckedGrowth, growthOf } from '../trees/treeOptions.ts'
import type { Grower } from './growListening.ts'

/**
 * Bins the columns once. Close it, or the memory of the bins is kept.
 * @param rest `features` absent: every column is tried at every node
 */
export const openBinnedGrower = async (
  x: Matrix,
  target: Uint8Array,
  growth: CheckedGrowth,
  rest: Pick<GrowthOptions, 'smoothing' | 'monotone'> & {
    weights?: Float64Array | undefined
    features?: number | undefined
  },
  random: Random,
  { pool = thisThread(), signal }: FitOptions,
): Promise<{ grow: Grower; close: () => void }> => {
  const { weights, smoothing, monotone } = rest
  const columns = x.columns.length
  const features = Math.min(columns, rest.features ?? columns)
  const matrix = await binForTrees(x, pool, signal)
  const key = keyWords(random.fork('tree').key)
  const grow: Grower = async (keep) => {
    const kept = keep?.some((k) => k === 0)
      ? Float64Array.from(keep, (k, i) => (k ? (weights ? weights[i]! : 1) : 0))
      : weights
    const request = {
      matrix,
      target,
      weights: kept,
      growth: growthOf(growth, { features, smoothing, output: 'logOdds', monotone }),
      bag: { sampleRatio: 1, replace: false },
      outOfBag: false,
    }
    const { trees } = await growForest(pool, request, key, { signal })
    return trees[0]!
  }
  return { grow, close: () => matrix.close() }
}
