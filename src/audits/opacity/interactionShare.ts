/** How much of a model's attribution is in no factor alone. */
import { type InteractionBlocksOptions, interactions } from '../../attributions/interactions.ts'
import type { FactorFrame } from '../../matrix/frame.ts'
import type { Scorer } from '../../scores/scorer.ts'
import type { Bounds } from '../fairness/intervals.ts'
import { overPersons, type Persons } from './overPersons.ts'

/** Two players and what they have together. */
export interface StrongPair {
  first: string
  second: string
  /** mean over rows of |phi_ij + phi_ji|, as a share of all absolute interaction values, main effects among them */
  share: number
}

/** Interactions of a model on some people. */
export interface InteractionShare {
  players: 'factors' | 'dimensions'
  semantics: string
  backgroundId: string
  /** sum of |phi_ij| over i != j divided by the sum over all i, j, over all rows: 0 for a sum of functions of one factor each */
  share: Bounds
  /** strongest first, at most ten */
  pairs: StrongPair[]
}

/** Absolute main effects and interactions of each row. */
export interface AbsoluteEffects {
  main: Float64Array
  together: Float64Array
}

/** The share of interactions in absolute effects of weighted rows; NaN where there is no effect at all. */
export const shareOfInteractions = ({ main, together }: AbsoluteEffects, weights?: Float64Array): number => {
  let [alone, both] = [0, 0]
  for (let i = 0; i < main.length; i++) {
    const w = weights ? weights[i]! : 1
    alone += w * main[i]!
    both += w * together[i]!
  }
  return both / (alone + both)
}

/**
 * Exact interaction values (see `interactions`), summed up: their absolute share. Absolute and not of the variance, since absolute values of a
 * row add up to what there is on it, and variances of correlated effects do not.
 * @returns the figures, and the share of every row
 */
export const interactionShare = async (
  scorer: Scorer,
  frame: FactorFrame,
  persons: Persons,
  options: InteractionBlocksOptions = {},
): Promise<{ figures: InteractionShare; byRow: Float64Array }> => {
  const { players: kind = 'factors' } = options
  const main = new Float64Array(frame.rows)
  const together = new Float64Array(frame.rows)
  let names: readonly string[] = []
  let sums = new Float64Array(0)
  let facts = { semantics: '', backgroundId: '' }
  for await (const { players, values, from, rows, semantics, backgroundId } of interactions(scorer, frame, options)) {
    const n = players.length
    if (sums.length === 0) sums = new Float64Array(n * n)
    names = players
    facts = { semantics, backgroundId }
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) {
        const at = (i * n + j) * rows
        const to = i === j ? main : together
        for (let r = 0; r < rows; r++) {
          const size = Math.abs(values[at + r]!)
          to[from + r]! += size
          sums[i * n + j]! += size
        }
      }
  }
  const [share] = overPersons((w) => [shareOfInteractions({ main, together }, w)], persons)
  const all = sums.reduce((a, b) => a + b, 0)
  const n = names.length
  const pairs = names
    .flatMap((first, i) =>
      names.slice(i + 1).map((second, k) => ({ first, second, share: (2 * sums[i * n + i + 1 + k]!) / all })),
    )
    .filter((pair) => pair.share > 0)
    .sort((a, b) => b.share - a.share)
    .slice(0, 10)
  return {
    figures: { players: kind, ...facts, share: share!, pairs },
    byRow: main.map((m, i) => together[i]! / (m + together[i]!)),
  }
}
