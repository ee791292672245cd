import type { Interval } from '../metrics/bootstrap.ts'
import { wilson } from '../metrics/wilson.ts'
import { usageError } from '../util/errors.ts'
import { MOST_REASONS, principalReasons, type ReasonFactor } from './reasons.ts'

/** The points of the same person from a model trained again, or against another draw of the background. */
export interface ReasonDraw {
  /** one number a factor, in the order of the factors */
  points: ArrayLike<number>
  /** whether each factor was scored there; absent: as in the first explanation */
  scored?: readonly boolean[]
}

/** How often a group of factors is a principal reason. */
export interface ReasonShare {
  group: string
  /** draws in which it is one */
  kept: number
  /** of all draws, with its Wilson interval */
  share: Interval
}

/** How steady the reasons of one person are. */
export interface ReasonStability {
  draws: number
  /** of each reason of the first explanation, in its order */
  reasons: ReasonShare[]
  /** groups that are none there and become one in some draw, most frequent first */
  others: ReasonShare[]
}

/**
 * How often each principal reason of a person stays one when the model is trained again or the background is drawn again. The interval takes
 * draws as independent of each other, as retrainings on bootstrap samples are given the data.
 *
 * @param factors the explanation whose reasons are in question
 * @param draws one or more
 * @param options `most` reasons, default 4; `level` of the intervals, default 0.95
 * @throws GlasscoreError('usage') for no draws, and for points of another number of factors; as `principalReasons`
 */
export const reasonStability = (
  factors: readonly ReasonFactor[],
  draws: readonly ReasonDraw[],
  options: { most?: number; level?: number } = {},
): ReasonStability => {
  const { most = MOST_REASONS, level = 0.95 } = options
  if (draws.length === 0)
    throw usageError('there is nothing to compare the reasons with', {
      option: 'draws',
      expected: 'one or more',
      got: 0,
    })
  const counts = new Map<string, number>()
  draws.forEach(({ points, scored }, b) => {
    for (const [what, list] of [['points', points] as const, ['scored', scored] as const])
      if (list !== undefined && list.length !== factors.length)
        throw usageError('a draw has other factors', {
          option: `draws[${b}].${what}`,
          expected: `${factors.length}, one a factor`,
          got: list.length,
        })
    const drawn = factors.map((factor, f) => ({
      ...factor,
      points: points[f]!,
      ...(scored === undefined ? {} : { scored: scored[f]! }),
    }))
    for (const { group } of principalReasons(drawn, most).reasons) counts.set(group, (counts.get(group) ?? 0) + 1)
  })
  const shareOf = (group: string): ReasonShare => {
    const kept = counts.get(group) ?? 0
    return { group, kept, share: wilson(kept, draws.length, level) }
  }
  const first = principalReasons(factors, most).reasons.map(({ group }) => group)
  const others = [...counts.keys()].filter((group) => !first.includes(group)).map(shareOf)
  return {
    draws: draws.length,
    reasons: first.map(shareOf),
    others: others.sort((a, b) => b.kept - a.kept || (a.group < b.group ? -1 : 1)),
  }
}
