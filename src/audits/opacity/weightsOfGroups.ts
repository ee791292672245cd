/** Effective weights among people of one score band, or of one protected group. */
import type { Pool } from '../../kernels/pool.ts'
import { takeRows } from '../../matrix/frame.ts'
import type { Scorer } from '../../scores/scorer.ts'
import type { Random } from '../../util/random.ts'
import type { PointTable } from '../recovery/attributionAgreement.ts'
import { type AgainstChance, against } from './againstChance.ts'
import { aucLost } from './aucLost.ts'
import type { WeighedDimensions } from './dimensionWeights.ts'
import { effectiveWeights, takePoints } from './effectiveWeights.ts'
import { enoughOutcomes, enoughPersons, type GroupPart } from './groupParts.ts'
import { maskedDimensions } from './maskedDimensions.ts'
import { type Persons, personsOf } from './overPersons.ts'
import type { LabeledRows } from './refit.ts'

/** Weights of the dimensions among some people, each beside its null among the same people; in the order of the dimensions, null where there is not enough evidence. */
export interface GroupWeights {
  /** `score band`, or the name of a protected column */
  by: string
  group: string
  /** of the rows that points are of */
  rows: number
  persons: number
  bads: number
  share: AgainstChance[] | null
  covariance: AgainstChance[] | null
  /** on all held-out rows of the group: their number, bads, and AUC lost by dimension */
  heldRows: number
  heldBads: number
  masked: (AgainstChance | null)[] | null
  /** AUC lost by the model that was trained again without the dimension; null where none could be trained */
  without: (AgainstChance | null)[] | null
}

/** Rows whose weights are asked for, in and out of bands and groups. */
export interface GroupsInput {
  scorer: Scorer
  dimensions: readonly string[]
  held: LabeledRows
  parts: readonly GroupPart[]
  /** of the same parts */
  weighed: WeighedDimensions
  /** points of some of the held-out rows */
  explained: { table: PointTable; persons: Persons }
  repeats: number
  random: Random
}

const badsOf = (target: Uint8Array): number => target.reduce((sum, bad) => sum + bad, 0)

/** Weights in every score band and in every group of every protected column. */
export const weightsOfGroups = async (
  { scorer, dimensions, held, parts, weighed, explained, repeats, random }: GroupsInput,
  work: { pool: Pool; signal?: AbortSignal | undefined },
): Promise<GroupWeights[]> => {
  const found: GroupWeights[] = []
  for (const [k, { by, group, rows, heldRows }] of parts.entries()) {
    const persons = personsOf(explained.persons, rows)
    const weights = enoughPersons(explained.persons.personId, rows)
      ? effectiveWeights(takePoints(explained.table, rows), persons)
      : null
    const theirs: LabeledRows = {
      frame: takeRows(held.frame, Int32Array.from(heldRows)),
      target: Uint8Array.from(heldRows, (i) => held.target[i]!),
    }
    const outcomes = enoughOutcomes(theirs.target)
    const masked = outcomes
      ? await maskedDimensions(scorer, theirs.frame, theirs.target, dimensions, {
          repeats,
          random: random.fork('mask', k),
          ...work,
        })
      : null
    const chance = weighed.parts[k]!
    const margins = (values: Float64Array) => Float64Array.from(heldRows, (i) => values[i]!)
    const again = outcomes ? margins(weighed.again) : null
    found.push({
      by,
      group,
      rows: rows.length,
      persons: new Set(persons.personId).size,
      bads: badsOf(persons.target),
      share: weights?.share.map((b, d) => against(b, chance[d]!.share)) ?? null,
      covariance: weights?.covariance.map((b, d) => against(b, chance[d]!.covariance)) ?? null,
      heldRows: heldRows.length,
      heldBads: badsOf(theirs.target),
      masked: masked?.lost.map((b, d) => b && against(b, chance[d]!.masked)) ?? null,
      without:
        again &&
        weighed.without.map((blind, d) => blind && against(aucLost(again, margins(blind), theirs), chance[d]!.without)),
    })
  }
  return found
}
