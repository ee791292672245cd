/** The reasons of people by one model, each row checked, with what is usual in the background. */
import { checkReasons } from '../attributions/checkReasons.ts'
import { type ReasonGroups, type ReasonsOfRows, reasonGroups } from '../attributions/principalGroups.ts'
import type { Receipts } from '../attributions/receipt.ts'
import { referenceValues } from '../attributions/referenceValues.ts'
import { usedFactors } from '../attributions/usedFactors.ts'
import type { Scorer } from '../scores/scorer.ts'
import { GlasscoreError } from '../util/errors.ts'
import type { LoadedModel } from './findModels.ts'
import { type AskedPeople, noReasons, placeReasons, type ReasonBlock, reasonBlocks } from './reasonRows.ts'
import type { StageContext } from './stage.ts'
import type { StageBackground } from './stageBackground.ts'

/** A model with the reasons that it gives. */
export interface ReasonedModel {
  scorer: Scorer
  hash: string
  background: StageBackground
  groups: ReasonGroups
  /** usual in the background, one a factor of the scorer */
  references: (number | string | null)[]
  reasons: ReasonsOfRows
  /** of each row */
  score: Int32Array
  head: Pick<Receipts, 'semantics' | 'backgroundId' | 'link' | 'base'>
  check: { rows: number; failing: number }
}

/**
 * Checks every row of a block on the plain route.
 * @throws GlasscoreError('internal') for reasons that do not follow from the points
 */
const checkBlock = (
  { receipts, reasons, from }: ReasonBlock,
  scorer: Scorer,
  groups: ReasonGroups,
  { frame, missingOf }: AskedPeople,
): number => {
  const { factors } = scorer.encoding
  const read = usedFactors(scorer)
  for (let i = 0; i < receipts.rows; i++) {
    const evidence = factors.map((factor, f) => ({
      factor,
      points: receipts.points[f * receipts.rows + i]!,
      read: read[f]!,
      missing: isThere(frame, factor.name, from + i) ? null : missingOf(factor.name, from + i),
    }))
    const given = []
    for (let at = i * reasons.most; at < (i + 1) * reasons.most && reasons.group[at]! >= 0; at++)
      given.push({
        group: groups.names[reasons.group[at]!]!,
        factor: factors[reasons.factor[at]!]!.name,
        points: reasons.points[at]!,
      })
    const [fault] = checkReasons(evidence, given, reasons.most)
    if (fault !== undefined)
      throw new GlasscoreError('internal', `reasons do not follow from the points: ${fault}`, {
        row: frame.personId[from + i]!,
      })
  }
  return receipts.rows
}

const isThere = ({ numbers, categories }: AskedPeople['frame'], name: string, row: number): boolean => {
  const value = Object.hasOwn(categories, name) ? categories[name]![row] : numbers[name]?.[row]
  return value !== null && value !== undefined && !Number.isNaN(value)
}

/**
 * The reasons of everybody by one model.
 * @throws GlasscoreError('internal') when a row fails the check; as `explainBlocks`
 */
export const reasonsOfModel = async (
  context: StageContext,
  { scorer, hash }: Pick<LoadedModel, 'scorer' | 'hash'>,
  people: AskedPeople,
  background: StageBackground,
): Promise<ReasonedModel> => {
  const { factors } = scorer.encoding
  const groups = reasonGroups(factors)
  const { frame } = background
  const everyRow = Int32Array.from({ length: frame.rows }, (_, i) => i)
  const reasons = noReasons(people.frame.rows)
  const score = new Int32Array(people.frame.rows)
  let checked = 0
  let head: ReasonedModel['head'] | undefined
  const blocks = reasonBlocks(scorer, people, background, { groups, factors }, context, (_step, done, total) =>
    context.progress(`explain ${scorer.name}`, done, total),
  )
  for await (const block of blocks) {
    checked += checkBlock(block, scorer, groups, people)
    placeReasons(reasons, block.reasons, block.from)
    score.set(block.receipts.score, block.from)
    const { semantics, backgroundId, link, base } = block.receipts
    head = { semantics, backgroundId, link, base }
  }
  return {
    scorer,
    hash,
    background,
    groups,
    references: referenceValues(frame, factors, everyRow),
    reasons,
    score,
    head: head!,
    // More than 0 is an error above.
    check: { rows: checked, failing: 0 },
  }
}
