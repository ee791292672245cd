/**
 * Who is selected at a cutoff, whom that harms, and whether scores mean the same in every group of every protected attribute and of
 * every pair of them.
 *
 * Selected is the favorable outcome, and the positive class of all rates is the good one: TPR = P(selected | good),
 * FPR = P(selected | bad), PPV = P(good | selected). Fairlearn called with y = good and prediction = selected gives the same.
 * Every figure has a 95 % interval in closed form with persons as clusters. The intervals are those of sampling people: not of
 * training the model again, and not of choosing among groups.
 */
import { dataError, usageError } from '../../util/errors.ts'
import { auditGrouping } from './auditGrouping.ts'
import { type AuditedRows, auditTable } from './auditRows.ts'
import { estimateGroup } from './estimateGroup.ts'
import type { ModelFairness } from './findings.ts'
import { cross, groupByAttribute, mergeSmallest } from './groupings.ts'

/** How an audit is done. */
export interface FairnessOptions {
  /** selected are the rows on the safe side of it, the cutoff included */
  cutoff: number
  /** fewest persons selected, and not selected, in a group and in the reference for an answer on a ratio; default 10 */
  minCell?: number | undefined
  /** attribute -> label of the group that the others are compared with; default: that of the highest selection rate */
  references?: ReadonlyMap<string, string> | undefined
  /** attribute of numbers -> where its bands begin; see `chooseBanding` for the others */
  bands?: ReadonlyMap<string, readonly number[]> | undefined
}

/** Fewest persons in a cell unless stated otherwise. */
export const MIN_CELL = 10

/**
 * The audit of one model, or of one column of scores.
 * @throws GlasscoreError on rows that cannot be audited, on references or bands for attributes that are not there, and when no
 *   attribute has more than one group
 */
export const fairnessOf = (model: string, audited: AuditedRows, options: FairnessOptions): ModelFairness => {
  const { minCell = MIN_CELL, references, bands } = options
  const table = auditTable(audited, options.cutoff)
  const names = table.groups.map((g) => g.name)
  for (const [option, keys] of [['reference', references] as const, ['bands', bands] as const])
    for (const key of keys?.keys() ?? [])
      if (!names.includes(key))
        throw usageError('no such protected attribute', { option, expected: `one of ${names.join(', ')}`, got: key })
  const groupings = table.groups.map((column) => groupByAttribute(column, bands?.get(column.name)))
  if (groupings.every((g) => g.groups.length < 2))
    throw dataError('there is one group only, and nothing to compare it with', {
      expected: 'a protected attribute with at least two groups',
      got: groupings.map((g) => `${g.attributes[0]}: ${g.groups[0]!.label}`).join(', '),
    })
  const crossed = groupings.filter((g) => g.groups.length > 1).map(mergeSmallest)
  return {
    model,
    overall: estimateGroup(
      table,
      Int32Array.from({ length: table.rows }, (_, row) => row),
      minCell,
    ).figures,
    attributes: groupings.map((grouping) => {
      const reference = references?.get(grouping.attributes[0]!)
      return auditGrouping(table, grouping, { minCell, reference, pairwise: true })
    }),
    intersections: crossed.flatMap((first, i) =>
      crossed.slice(i + 1).map((second) => auditGrouping(table, cross(first, second), { minCell, pairwise: false })),
    ),
  }
}
