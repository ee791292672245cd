/** The two forms of dimension points side by side: those of the game whose players are the dimensions, and the sums over their factors. */
import type { Explanation } from '../attributions/explanation.ts'
import { sumByOwner } from '../attributions/players.ts'
import type { Receipts } from '../attributions/receipt.ts'
import type { DimensionForms } from '../reports/explanationReport.ts'

type Explained = Pick<Explanation, 'rows' | 'factors' | 'dimensions' | 'points' | 'dimensionPoints'>

const ownersOf = ({ factors, dimensions }: Pick<Explanation, 'factors' | 'dimensions'>): Int32Array =>
  Int32Array.from(factors, ({ dimension }) => dimensions.indexOf(dimension))

/** Sums of the whole points of the factors of each dimension, dimensions x rows: what a reader gets who adds the receipt up. */
export const memberPoints = (
  explanation: Pick<Explanation, 'factors' | 'dimensions'>,
  { points, rows }: Pick<Receipts, 'points' | 'rows'>,
): Int32Array => {
  const owners = ownersOf(explanation)
  const sums = new Int32Array(explanation.dimensions.length * rows)
  owners.forEach((d, f) => {
    for (let i = 0; i < rows; i++) sums[d * rows + i]! += points[f * rows + i]!
  })
  return sums
}

/** Compares both forms block by block; what it finds does not depend on how rows are cut. */
export class MemberSums {
  readonly #found = new Map<string, DimensionForms>()
  #rows = 0

  add(block: Explained): void {
    const { rows, dimensions, dimensionPoints } = block
    const sums = sumByOwner(block.points, rows, ownersOf(block), dimensions.length)
    dimensions.forEach((name, d) => {
      const found = this.#found.get(name) ?? { game: 0, members: 0, meanDifference: 0, largestDifference: 0 }
      for (let i = 0; i < rows; i++) {
        const [game, members] = [dimensionPoints[d * rows + i]!, sums[d * rows + i]!]
        const difference = Math.abs(game - members)
        found.game += Math.abs(game)
        found.members += Math.abs(members)
        found.meanDifference += difference
        found.largestDifference = Math.max(found.largestDifference, difference)
      }
      this.#found.set(name, found)
    })
    this.#rows += rows
  }

  /** By dimension, to a millionth of a point. */
  forms(): Record<string, DimensionForms> {
    const rows = Math.max(1, this.#rows)
    const rounded = (x: number): number => Math.round(1e6 * x) / 1e6
    return Object.fromEntries(
      [...this.#found].map(([name, f]) => [
        name,
        {
          game: rounded(f.game / rows),
          members: rounded(f.members / rows),
          meanDifference: rounded(f.meanDifference / rows),
          largestDifference: rounded(f.largestDifference),
        },
      ]),
    )
  }
}
