/** (a) of an audit: declared against effective weights, of everybody and by band and group. */
import { scoreFrameOn } from '../../scores/scorer.ts'
import { type DimensionWeights, weighDimensions } from './dimensionWeights.ts'
import type { LeftOut } from './findings.ts'
import { groupParts } from './groupParts.ts'
import type { OpacityView } from './opacityView.ts'
import type { AuditWork } from './refit.ts'
import { type GroupWeights, weightsOfGroups } from './weightsOfGroups.ts'

/** Weights of everybody and of parts of the people; null and none for a table of one dimension. */
export const weightsPart = async (
  { input, quiet, table, semantics, backgroundId, persons }: OpacityView,
  work: AuditWork,
): Promise<{ weights: DimensionWeights | null; groups: GroupWeights[]; leftOut: LeftOut[] }> => {
  const { scorer, recipe, dimensions, declared, train, held, looked, groups, settings, random } = input
  const leftOut: LeftOut[] =
    groups.length > 0
      ? []
      : [{ part: 'groups', reason: 'the table names no protected column, so there are bands and no groups' }]
  if (dimensions.length < 2) {
    leftOut.unshift({
      part: 'weights',
      reason: 'the factors of this table are of one dimension, so there is nothing to weigh',
    })
    return { weights: null, groups: [], leftOut }
  }
  const explained = { table, semantics, backgroundId, persons, rows: looked }
  const { score } = await scoreFrameOn(scorer, held.frame, work.pool, { signal: work.signal })
  const parts = groupParts(score, groups, looked)
  const { permutations, repeats } = settings
  const weighed = await weighDimensions(
    {
      scorer,
      recipe,
      dimensions,
      declared,
      train,
      held,
      explained,
      permutations,
      repeats,
      random: random.fork('weights'),
    },
    parts,
    work,
  )
  return {
    weights: weighed.weights,
    groups: await weightsOfGroups(
      { scorer, dimensions, held, parts, weighed, explained, repeats, random: random.fork('groups') },
      quiet,
    ),
    leftOut,
  }
}
