import { sigmoid } from '../../kernels/numbers/elementary.ts'
import { Generator } from '../../kernels/numbers/generator.ts'
import { leafIndices } from '../../kernels/trees/applyTree.ts'
import { drawBag } from '../../kernels/trees/bag.ts'
import type { BagOptions, RowGroups } from '../../kernels/trees/growthOptions.ts'
import type { TreeArrays } from '../../kernels/trees/tree.ts'
import type { LeafOutput } from '../../kernels/trees/treeBuilder.ts'
import type { Matrix } from '../../matrix/matrix.ts'
import type { Random } from '../../util/random.ts'
import { listening } from '../tree/growListening.ts'

export interface OutOfBagRequest {
  trees: readonly TreeArrays[]
  x: Matrix
  /** 1 = bad */
  target: Uint8Array
  weights: Float64Array | undefined
  groups: RowGroups | undefined
  bag: BagOptions
  /** four key words a tree, with which it was grown */
  keys: Uint32Array
  output: LeafOutput
}

/** One column, over the trees that had rows out of their bag. */
export interface OutOfBagImportance {
  column: string
  /** mean rise of a tree's Brier score on its rows out of bag when the column is shuffled among them; 0 where it does not split on it */
  increase: number
  /** standard error of that mean, trees being drawn */
  error: number
}

/**
 * Permutation importance out of bag (Breiman 2001, doi:10.1023/A:1010933404324, section 10), by the Brier score as for forests of
 * probabilities (Malley et al. 2012, doi:10.3414/ME00-01-0052). Rows that a tree drew none of are told again from its key. Unlike shuffles of
 * test rows it needs none, and it looks at trees one by one, so that columns that say the same thing hide each other less.
 *
 * @param random tree t shuffles column j by `random.fork('tree', t).fork('column', j)`
 * @returns one a column; empty when no tree has rows out of its bag
 * @throws GlasscoreError('interrupted') when the signal is raised
 */
export const outOfBagImportance = async (
  { trees, x, target, weights, groups, bag, keys, output }: OutOfBagRequest,
  random: Random,
  signal?: AbortSignal | undefined,
): Promise<OutOfBagImportance[]> => {
  const { rows } = x
  const listen = listening(signal)
  const work = x.values.slice()
  const sums = new Float64Array(x.columns.length)
  const squares = new Float64Array(x.columns.length)
  let counted = 0
  for (const [t, tree] of trees.entries()) {
    const counts = drawBag(rows, groups, bag, new Generator(keys.subarray(4 * t, 4 * t + 4)))
    const out = Int32Array.from(counts.keys()).filter((i) => counts[i] === 0 && weights?.[i] !== 0)
    if (out.length === 0) continue
    counted++
    const brier = (values: Float64Array): number => {
      let [sum, total] = [0, 0]
      leafIndices(tree, values, rows, out).forEach((leaf, k) => {
        const row = out[k]!
        const weight = weights ? weights[row]! : 1
        const value = tree.value[leaf]!
        sum += weight * ((output === 'probability' ? value : sigmoid(value)) - target[row]!) ** 2
        total += weight
      })
      return sum / total
    }
    const whole = brier(x.values)
    const stream = random.fork('tree', t)
    for (const j of new Set(tree.feature)) {
      const due = listen()
      if (due) await due
      if (j < 0) continue
      const order = stream.fork('column', j).shuffle(out.slice())
      out.forEach((row, k) => {
        work[j * rows + row] = x.values[j * rows + order[k]!]!
      })
      const rise = brier(work) - whole
      for (const row of out) work[j * rows + row] = x.values[j * rows + row]!
      sums[j]! += rise
      squares[j]! += rise * rise
    }
  }
  if (counted === 0) return []
  return x.columns.map(({ name }, j) => {
    const mean = sums[j]! / counted
    const variance = Math.max(0, squares[j]! / counted - mean * mean)
    return { column: name, increase: mean, error: counted > 1 ? Math.sqrt(variance / (counted - 1)) : 0 }
  })
}
