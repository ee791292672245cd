/** Effective weights among people of one score band, or of one protected group. */
import type { Pool } from '../../kernels/pool.ts'
import { takeRows } from '../../matrix/frame.ts'
import { BANDS, bandOf } from '../../schema/score.ts'
import type { Scorer } from '../../scores/scorer.ts'
import type { Random } from '../../util/random.ts'
import type { ProtectedColumn } from '../fairness/auditRows.ts'
import { groupByAttribute, mergeSmallest } from '../fairness/groupings.ts'
import type { Bounds } from '../fairness/intervals.ts'
import type { PointTable } from '../recovery/attributionAgreement.ts'
import { effectiveWeights, takePoints } from './effectiveWeights.ts'
import { maskedDimensions } from './maskedDimensions.ts'
import { type Persons, personsOf } from './overPersons.ts'
import type { LabeledRows } from './refit.ts'

/** Fewer persons are too few for weights of their own, and fewer good or bad ones for a fall of AUC. */
export const LEAST_PERSONS = 50
export const LEAST_OUTCOMES = 20

/** Weights of the dimensions among some people; in the order of the dimensions, null where there is not enough evidence. */
export interface GroupWeights {
  /** `score band`, or the name of a protected column */
  by: string
  group: string
  /** of the rows that points are of */
  rows: number
  persons: number
  bads: number
  share: Bounds[] | null
  covariance: Bounds[] | null
  /** on all held-out rows of the group: their number, bads, and AUC lost by dimension */
  heldRows: number
  heldBads: number
  masked: (Bounds | null)[] | null
}

/** Rows whose weights are asked for, in and out of bands and groups. */
export interface GroupsInput {
  scorer: Scorer
  dimensions: readonly string[]
  held: LabeledRows
  /** score of every held-out row */
  score: ArrayLike<number>
  /** protected columns of the held-out rows; empty: there are none */
  groups: readonly ProtectedColumn[]
  /** points of some of the held-out rows, at `rows` */
  explained: { table: PointTable; persons: Persons; rows: Int32Array }
  repeats: number
  random: Random
}

/** Everybody in one of several groups. */
interface Parts {
  by: string
  labels: readonly string[]
  /** position in `labels` of each held-out row */
  of: ArrayLike<number>
}

const partsOf = ({ score, groups }: GroupsInput): Parts[] => {
  const bands = BANDS.map((band) => band.name)
  const position = new Map<string, number>(bands.map((name, k) => [name, k]))
  const bandParts = { by: 'score band', labels: bands, of: Array.from(score, (s) => position.get(bandOf(s))!) }
  const attributes = groups.map((column): Parts => {
    const grouping = mergeSmallest(groupByAttribute(column, undefined))
    return { by: column.name, labels: grouping.groups.map((g) => g.label), of: grouping.of }
  })
  return [bandParts, ...attributes]
}

const positions = (of: ArrayLike<number>, wanted: number, among?: ArrayLike<number>): number[] => {
  const found: number[] = []
  const n = among ? among.length : of.length
  for (let k = 0; k < n; k++) if (of[among ? among[k]! : k] === wanted) found.push(k)
  return found
}

const badsOf = (target: Uint8Array, rows: readonly number[]): number => rows.reduce((sum, i) => sum + target[i]!, 0)

/** Weights in every score band and in every group of every protected column. */
export const weightsOfGroups = async (
  input: GroupsInput,
  work: { pool: Pool; signal?: AbortSignal | undefined },
): Promise<GroupWeights[]> => {
  const { scorer, dimensions, held, explained, repeats, random } = input
  const found: GroupWeights[] = []
  for (const [a, { by, labels, of }] of partsOf(input).entries())
    for (const [g, group] of labels.entries()) {
      const rows = positions(of, g, explained.rows)
      const heldRows = positions(of, g)
      if (heldRows.length === 0) continue
      const persons = personsOf(explained.persons, rows)
      const count = new Set(persons.personId).size
      const bads = badsOf(held.target, heldRows)
      const enough = count >= LEAST_PERSONS
      const weights = enough ? effectiveWeights(takePoints(explained.table, rows), persons) : null
      const outcomes = Math.min(bads, heldRows.length - bads)
      const masked =
        outcomes >= LEAST_OUTCOMES
          ? await maskedDimensions(
              scorer,
              takeRows(held.frame, heldRows),
              Uint8Array.from(heldRows, (i) => held.target[i]!),
              dimensions,
              { repeats, random: random.fork('mask', a).fork('group', g), ...work },
            )
          : null
      found.push({
        by,
        group,
        rows: rows.length,
        persons: count,
        bads: badsOf(persons.target, [...persons.target.keys()]),
        share: weights?.share ?? null,
        covariance: weights?.covariance ?? null,
        heldRows: heldRows.length,
        heldBads: bads,
        masked: masked?.lost ?? null,
      })
    }
  return found
}
