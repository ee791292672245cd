/** What a model says of people once their reasons are repaired: values of the background in the place of their own. */
import { withReferences } from '../attributions/withReferences.ts'
import { sliceRows } from '../matrix/frame.ts'
import { scoreFrameOn } from '../scores/scorer.ts'
import { interruptedError } from '../util/errors.ts'
import { type AskedPeople, scoredFor } from './reasonRows.ts'
import type { ReasonedModel } from './reasonsOfModel.ts'
import type { StageContext } from './stage.ts'

/** Scores after repairs. */
export interface Repairs {
  /** of each reason, rows x most; 0 where there is none */
  one: Int32Array
  /** of each row with all its reasons repaired; its own score where it has none */
  all: Int32Array
}

/** Rows whose repaired copies are in memory together. */
const BLOCK_ROWS = 65_536

/**
 * Replaces the values of all scored factors of a reason's group by the reference values and scores again: each reason by itself, and all
 * reasons of a person together. Factors that were not scored keep what they have.
 */
export const repairReasons = async (
  { pool, signal, progress }: Pick<StageContext, 'pool' | 'signal' | 'progress'>,
  { scorer, reasons, references, groups }: ReasonedModel,
  people: AskedPeople,
): Promise<Repairs> => {
  const { rows, most, group } = reasons
  const { factors } = scorer.encoding
  const { groupOf } = groups
  const scored = scoredFor(scorer, people)
  const one = new Int32Array(rows * most)
  const all = new Int32Array(rows)
  const scores = async (from: number, to: number, repaired: (g: number, row: number) => boolean) => {
    if (signal?.aborted) throw interruptedError()
    const own = sliceRows(people.frame, from, to)
    const replace = (f: number, i: number) => repaired(groupOf[f]!, from + i) && scored(f, from + i)
    return (await scoreFrameOn(scorer, withReferences(own, factors, references, replace), pool, { signal })).score
  }
  for (let from = 0; from < rows; from += BLOCK_ROWS) {
    const to = Math.min(rows, from + BLOCK_ROWS)
    progress(`repair ${scorer.name}`, from, rows)
    for (let rank = 0; rank < most; rank++) {
      const score = await scores(from, to, (g, row) => group[row * most + rank] === g)
      for (let i = from; i < to; i++) if (group[i * most + rank]! >= 0) one[i * most + rank] = score[i - from]!
    }
    const isReason = (g: number, row: number): boolean => {
      for (let at = row * most; at < (row + 1) * most; at++) if (group[at] === g) return true
      return false
    }
    all.set(await scores(from, to, isReason), from)
  }
  return { one, all }
}
