import { usageError } from '../../util/errors.ts'
import type { GroupEstimates } from './estimateGroup.ts'
import type { AuditedGrouping } from './findings.ts'
import type { Grouping } from './groupings.ts'

/** Enough persons selected and not selected to answer on a ratio. */
export const isEnough = ({ selectionRate: { persons } }: GroupEstimates, minCell: number): boolean =>
  Math.min(persons.hits, persons.misses) >= minCell

/** Share of all persons below which a group is no reference of its own: the two percent of 29 CFR 1607.15(A)(2)(a). */
export const LEAST_SHARE = 0.02

/**
 * The group that others are compared with: the one given, else the one with the highest selection rate (29 CFR 1607.4(D)) among
 * those with enough persons and at least two percent of all; when there is none, among those with enough, and else among all. Rows
 * whose attribute is missing are no reference unless given.
 *
 * @returns null when there are fewer than two groups
 * @throws GlasscoreError('usage') when the one given does not occur
 */
export const chooseReference = (
  grouping: Grouping,
  estimates: readonly GroupEstimates[],
  minCell: number,
  given: string | undefined,
): { position: number; because: NonNullable<AuditedGrouping['reference']>['because'] } | null => {
  const { groups, attributes } = grouping
  if (given !== undefined) {
    const position = groups.findIndex((g) => g.label === given)
    if (position < 0)
      throw usageError(`no such group of ${attributes.join(' and ')}`, {
        option: 'reference',
        expected: `one of ${groups.map((g) => g.label).join(', ')}`,
        got: given,
      })
    if (groups.length > 1) return { position, because: 'given' }
  }
  if (groups.length < 2) return null
  const all = [...groups.keys()]
  const known = all.filter((k) => !groups[k]!.missing)
  const enough = known.filter((k) => isEnough(estimates[k]!, minCell))
  const persons = (k: number) => estimates[k]!.selectionRate.persons.all
  const everybody = all.reduce((total, k) => total + persons(k), 0)
  const large = enough.filter((k) => persons(k) >= LEAST_SHARE * everybody)
  const among = [large, enough, known].find((some) => some.length > 0) ?? all
  const rate = (k: number) => estimates[k]!.selectionRate.value
  const position = among.reduce((best, k) => (rate(k) > rate(best) ? k : best))
  return { position, because: large.length > 0 ? 'highest rate' : 'highest rate of small groups' }
}
