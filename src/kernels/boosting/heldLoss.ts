import { softplus } from '../numbers/elementary.ts'
import { positions } from './bags.ts'
import type { BoostingRows } from './boostingRows.ts'

/** Follows the margins of held-out rows: takes a tree's leaves, answers the weighted mean log loss after it; undefined: none are held out. */
export const heldOutLoss = (
  { target, weight, held }: BoostingRows,
  base: number,
): ((leafOf: Uint16Array | Int32Array, values: Float64Array) => number) | undefined => {
  if (!held) return undefined
  const rows = positions(held)
  const margins = new Float64Array(rows.length).fill(base)
  return (leafOf, values) => {
    let sum = 0
    let weights = 0
    for (let k = 0; k < rows.length; k++) {
      const row = rows[k]!
      margins[k]! += values[leafOf[row]!]!
      const w = weight ? weight[row]! : 1
      sum += w * softplus(target[row] ? -margins[k]! : margins[k]!)
      weights += w
    }
    return sum / weights
  }
}
