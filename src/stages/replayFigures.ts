import type { Counterfactuals } from '../counterfactuals/counterfactual.ts'
import type { Replay, ReplayedCounterfactuals } from '../counterfactuals/replay/replay.ts'
import { type ReplayOptions, replayCounterfactuals } from '../counterfactuals/replay/replayCounterfactuals.ts'
import type { Interval } from '../metrics/bootstrap.ts'
import { personShare } from '../metrics/personShare.ts'

/** A count of options, and its share with the 95 % interval over persons; null where there are no options. */
export interface ReplayShare {
  options: number
  share: Interval | null
}

/** What the replays of a group of options come to. */
export interface ReplayShares {
  /** options replayed: what the shares are of */
  options: number
  /** people whose options they are */
  people: number
  /** a history gives every factor and the score as promised */
  agrees: ReplayShare
  /** the score of the history that was found is the cutoff or more */
  reaches: ReplayShare
  /** all events lie after the observation date */
  ahead: ReplayShare
}

/** Of the first options, of all options, and which factors differ most often. */
export interface ReplayFigures {
  first: ReplayShares
  all: ReplayShares
  /** options in which a factor is not as promised, most often first; at most ten */
  differs: { factor: string; options: number }[]
}

const sharesOf = (people: readonly (readonly Replay[])[]): ReplayShares => {
  const asked = people.filter((replays) => replays.length > 0)
  const rows = asked.map((replays) => replays.length)
  const share = (is: (replay: Replay) => boolean): ReplayShare => {
    const hits = asked.map((replays) => replays.filter(is).length)
    return {
      options: hits.reduce((a, b) => a + b, 0),
      share: asked.length === 0 ? null : personShare(hits, rows),
    }
  }
  return {
    options: rows.reduce((a, b) => a + b, 0),
    people: asked.length,
    agrees: share((r) => r.agrees),
    reaches: share((r) => r.reaches),
    ahead: share((r) => r.before === 0),
  }
}

/** What the replays of many people come to. */
export const replayFigures = (results: readonly ReplayedCounterfactuals[]): ReplayFigures => {
  const all = results.flatMap(({ replays }) => replays)
  const counts = new Map<string, number>()
  for (const { factor } of all.flatMap(({ differs }) => differs)) counts.set(factor, (counts.get(factor) ?? 0) + 1)
  return {
    first: sharesOf(results.map(({ replays }) => replays.slice(0, 1))),
    all: sharesOf(results.map(({ replays }) => replays)),
    differs: [...counts]
      .map(([factor, options]) => ({ factor, options }))
      .sort((a, b) => b.options - a.options || (a.factor < b.factor ? -1 : 1))
      .slice(0, 10),
  }
}

/** Results with their replays. */
export const replayed = async (
  options: ReplayOptions & { results: readonly Counterfactuals[] },
): Promise<ReplayedCounterfactuals[]> => {
  const replays = await replayCounterfactuals(options)
  return options.results.map((result, k) => ({ ...result, replays: replays[k]! }))
}
