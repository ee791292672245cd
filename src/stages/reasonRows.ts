/** Principal reasons of rows by one model against one background, block by block, and the points that they are made from. */

import type { Background } from '../attributions/background.ts'
import { explainBlocks } from '../attributions/explain.ts'
import { principalGroups, type ReasonGroups, type ReasonsOfRows } from '../attributions/principalGroups.ts'
import { MOST_REASONS } from '../attributions/reasons.ts'
import { type Receipts, receipts } from '../attributions/receipt.ts'
import { usedFactors } from '../attributions/usedFactors.ts'
import { heldIn } from '../matrix/factorValues.ts'
import type { FactorFrame } from '../matrix/frame.ts'
import type { FactorSpec, MissingReason } from '../schema/factor.ts'
import type { Scorer } from '../scores/scorer.ts'
import { GlasscoreError } from '../util/errors.ts'
import type { Progress } from '../util/progress.ts'
import type { StageContext } from './stage.ts'

/** The people whose reasons are asked for. */
export interface AskedPeople {
  frame: FactorFrame
  /** why a value of a row is missing; null where it is there or nothing is known */
  missingOf: (factor: string, row: number) => MissingReason | null
}

/** A block of receipts with the reasons in it. */
export interface ReasonBlock {
  /** position of its first row among the people */
  from: number
  receipts: Receipts
  reasons: ReasonsOfRows
}

/** The data could not have shown it: nothing that the person did or left undone. */
const byDesign = (why: MissingReason | null): boolean => why === 'absent_table' || why === 'not_covered'

const presenceOf = (frame: FactorFrame, { name }: FactorSpec): ((row: number) => boolean) => {
  const held = heldIn(frame, name)
  if (held === null) return () => false
  if (held === 'text') return (row) => frame.categories[name]![row] !== null
  return (row) => !Number.isNaN(frame.numbers[name]![row]!)
}

/**
 * Whether a factor of the scorer counts for a person, by its position and the person's row: the model reads it, and the person's value is not
 * missing because the source lacks the table or the window is not covered.
 */
export const scoredFor = (
  scorer: Scorer,
  { frame, missingOf }: AskedPeople,
): ((factor: number, row: number) => boolean) => {
  const { factors } = scorer.encoding
  const used = usedFactors(scorer)
  const present = factors.map((factor) => presenceOf(frame, factor))
  return (f, row) => used[f]! && (present[f]!(row) || !byDesign(missingOf(factors[f]!.name, row)))
}

/**
 * The reasons of all people, in whole points of their receipts.
 * @param groups of the factors that the reasons are told apart by
 * @param factors in the order of `groups.groupOf`; the encoding of the scorer must have the same
 * @throws GlasscoreError('internal') when a scorer that was trained again has other factors; as `explainBlocks`
 */
export async function* reasonBlocks(
  scorer: Scorer,
  people: AskedPeople,
  background: Background,
  { groups, factors }: { groups: ReasonGroups; factors: readonly FactorSpec[] },
  { pool, signal }: Pick<StageContext, 'pool' | 'signal'>,
  progress: Progress,
): AsyncGenerator<ReasonBlock> {
  const own = scorer.encoding.factors
  if (own.length !== factors.length || own.some(({ name }, f) => name !== factors[f]!.name))
    throw new GlasscoreError('internal', `model ${scorer.name} has other factors after another training`)
  const { frame } = people
  const scored = scoredFor(scorer, people)
  const present = factors.map((factor) => presenceOf(frame, factor))
  const options = { pool, background, progress, ...(signal ? { signal } : {}) }
  for await (const block of explainBlocks(scorer, frame, options)) {
    const { from } = block
    const made = receipts(block)
    const reasons = principalGroups(
      {
        rows: made.rows,
        points: made.points,
        groupOf: groups.groupOf,
        scored: (f, i) => scored(f, from + i),
        present: (f, i) => present[f]!(from + i),
      },
      MOST_REASONS,
    )
    yield { from, receipts: made, reasons }
  }
}

/** Room for the reasons of so many rows. */
export const noReasons = (rows: number): ReasonsOfRows => ({
  rows,
  most: MOST_REASONS,
  group: new Int32Array(rows * MOST_REASONS).fill(-1),
  factor: new Int32Array(rows * MOST_REASONS).fill(-1),
  points: new Float64Array(rows * MOST_REASONS),
  known: new Uint8Array(rows * MOST_REASONS),
  further: new Int32Array(rows),
})

/** Puts the reasons of a block where its rows are. */
export const placeReasons = (all: ReasonsOfRows, part: ReasonsOfRows, from: number): void => {
  all.group.set(part.group, from * all.most)
  all.factor.set(part.factor, from * all.most)
  all.points.set(part.points, from * all.most)
  all.known.set(part.known, from * all.most)
  all.further.set(part.further, from)
}
