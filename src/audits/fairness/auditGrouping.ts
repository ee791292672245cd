import { disaggregate } from '../../metrics/disaggregate.ts'
import { againstReference } from './againstReference.ts'
import type { AuditTable } from './auditRows.ts'
import { chooseReference, isEnough } from './chooseReference.ts'
import { rateRatio } from './compareRates.ts'
import { estimateGroup } from './estimateGroup.ts'
import type { AuditedGrouping } from './findings.ts'
import type { Grouping } from './groupings.ts'
import { parityOf } from './parity.ts'

/** More groups than this are compared with the reference alone, not each with each. */
export const MOST_PAIRWISE = 20

/** Measures every group of a grouping, small ones too, and compares them with the reference and with each other. */
export const auditGrouping = (
  table: AuditTable,
  grouping: Grouping,
  options: { minCell: number; reference?: string | undefined; pairwise: boolean },
): AuditedGrouping => {
  const { minCell } = options
  const { groups } = grouping
  const estimates = disaggregate(grouping.of, groups.length, (rows) => estimateGroup(table, rows, minCell))
  const reference = chooseReference(grouping, estimates, minCell, options.reference)
  const labeled = groups.map(({ label }, k) => ({ label, estimates: estimates[k]! }))
  const audited = groups.map((group, k) => ({
    ...group,
    ...estimates[k]!.figures,
    enough: isEnough(estimates[k]!, minCell),
    againstReference:
      reference && k !== reference.position
        ? againstReference(estimates[k]!, estimates[reference.position]!, table.score, minCell)
        : null,
  }))
  const ratio = (k: number) => audited[k]!.againstReference?.adverseImpactRatio.value ?? Number.POSITIVE_INFINITY
  const compared = [...audited.keys()].filter((k) => audited[k]!.enough && audited[k]!.againstReference)
  return {
    attributes: grouping.attributes,
    banding: grouping.banding,
    reference: reference && { label: groups[reference.position]!.label, because: reference.because },
    groups: audited,
    lowest: compared.length > 0 ? compared.reduce((best, k) => (ratio(k) < ratio(best) ? k : best)) : null,
    parity: {
      all: parityOf(labeled, 1),
      enough: parityOf(
        labeled.filter((_, k) => audited[k]!.enough),
        minCell,
      ),
    },
    pairwise:
      options.pairwise && groups.length > 1 && groups.length <= MOST_PAIRWISE
        ? estimates.map((a) => estimates.map((b) => rateRatio(a.selectionRate, b.selectionRate)))
        : null,
  }
}
