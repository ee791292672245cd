/**
 * Background rows as the leaves of trees see them: for every leaf, how many rows fail the conditions of which of its players. Rows that
 * fail the same ones are one entry, so what an interventional game costs grows with these patterns, not with the rows.
 */
import { sharedBuffer } from '../../memory/share.ts'
import type { TreeArrays } from '../../trees/tree.ts'
import type { MatrixRows } from './decideNode.ts'
import { visitTwigs } from './visitTwigs.ts'

/** Numbers on shared memory. */
export interface BackgroundLeaves {
  readonly rows: number
  /** sum over trees of the mean over background rows of the leaf value */
  readonly expectedValue: number
  /** first leaf of each tree in the list of all leaves */
  readonly leavesFrom: Int32Array
  /** first pattern of each leaf, and at the end the number of patterns */
  readonly patternsFrom: Int32Array
  /** background rows of each pattern */
  readonly rowsOf: Float64Array
  /** where the failed players of each pattern begin in `failed`, and at the end its length */
  readonly failedFrom: Int32Array
  /** positions among the players of the leaf, ascending */
  readonly failed: Int32Array
  /** of each pattern, bit k: the k-th of the first 32 players is failed */
  readonly failedBits: Int32Array
}

/** Numbers that come one by one. */
class Growing<T extends Int32Array | Float64Array> {
  readonly #make: (length: number) => T
  #values: T
  length = 0

  constructor(make: (length: number) => T) {
    this.#make = make
    this.#values = make(1024)
  }

  push(value: number): void {
    if (this.length === this.#values.length) {
      const larger = this.#make(2 * this.length)
      larger.set(this.#values)
      this.#values = larger
    }
    this.#values[this.length++] = value
  }

  done(): T {
    const exact = this.#make(this.length)
    exact.set(this.#values.subarray(0, this.length))
    return exact
  }
}

const integers = (length: number): Int32Array => new Int32Array(sharedBuffer(4 * length))
const floats = (length: number): Float64Array => new Float64Array(sharedBuffer(8 * length))

/** @param background at least one row */
export const backgroundLeaves = (
  trees: readonly TreeArrays[],
  game: { playerOfColumn: Int32Array; players: number },
  background: MatrixRows,
): BackgroundLeaves => {
  const { rows } = background
  const leavesFrom = integers(trees.length)
  const patternsFrom = new Growing(integers)
  const rowsOf = new Growing(floats)
  const failedFrom = new Growing(integers)
  const failed = new Growing(integers)
  const failedBits = new Growing(integers)
  let leaves = 0
  let expectedValue = 0
  trees.forEach((tree, k) => {
    leavesFrom[k] = leaves
    visitTwigs(tree, game, background, { from: 0, to: rows }, ({ players, count, of, leaves: found }) => {
      const counts = new Float64Array(count)
      for (let r = 0; r < rows; r++) counts[of[r]!]!++
      for (const { value, met } of found) {
        leaves++
        patternsFrom.push(rowsOf.length)
        for (let p = 0; p < count; p++) {
          rowsOf.push(counts[p]!)
          failedFrom.push(failed.length)
          const before = failed.length
          let bits = 0
          for (let slot = 0; slot < players.length; slot++) {
            if (met[slot * count + p] === 1) continue
            failed.push(slot)
            if (slot < 32) bits |= 1 << slot
          }
          failedBits.push(bits)
          if (failed.length === before) expectedValue += (value * counts[p]!) / rows
        }
      }
    })
  })
  patternsFrom.push(rowsOf.length)
  failedFrom.push(failed.length)
  return {
    rows,
    expectedValue,
    leavesFrom,
    patternsFrom: patternsFrom.done(),
    rowsOf: rowsOf.done(),
    failedFrom: failedFrom.done(),
    failed: failed.done(),
    failedBits: failedBits.done(),
  }
}
