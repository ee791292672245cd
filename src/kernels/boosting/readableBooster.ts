/** Boosting in plain steps: the readable twin of compiledBooster.ts, with the same trees. */
import { sigmoid } from '../numbers/elementary.ts'
import { pause } from '../pause.ts'
import { type BoostedTreeOptions, type Booster, type BoosterData, exactUnits } from './grownTree.ts'
import { quantize } from './quantize.ts'
import { goesLeft, readableTree } from './readableTree.ts'

export const readableBooster = (data: BoosterData, options: BoostedTreeOptions): Booster => {
  const { rows, target, weight } = data
  const margins = new Float64Array(rows).fill(data.base)
  const leafOf = new Uint16Array(rows)
  const units = exactUnits(rows, weight ? weight.reduce((a, b) => Math.max(a, b), 0) : 1)
  return {
    async grow(round, lastValues) {
      await pause()
      if (lastValues) {
        for (let i = 0; i < rows; i++) margins[i]! += lastValues[leafOf[i]!]!
      }
      const probabilities = margins.map(sigmoid)
      const { nodes, leaves } = readableTree(data, options, round, quantize(data, probabilities, round.seed))
      const bins = data.bytes()
      for (let i = 0; i < rows; i++) {
        let node = nodes[0]!
        while (node.split)
          node = nodes[goesLeft(bins[node.split.column * rows + i]!, node.split) ? node.left : node.right]!
        leafOf[i] = node.leaf
      }
      return {
        nodes,
        leaves: leaves.map((leaf) => {
          const sums = { gradient: 0, hessian: 0, weight: 0 }
          for (const row of leaf.rows) {
            const p = probabilities[row]!
            const its = weight ? weight[row]! : 1
            sums.gradient += Math.floor((p - target[row]!) * its * units)
            sums.hessian += Math.floor(p * (1 - p) * its * units)
            sums.weight += Math.floor(its * units)
          }
          return {
            gradient: sums.gradient / units,
            hessian: sums.hessian / units,
            weight: sums.weight / units,
            lower: leaf.lower,
            upper: leaf.upper,
          }
        }),
      }
    },
    leafOf: () => leafOf,
    close: () => {},
  }
}
