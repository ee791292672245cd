/** Reasons in short over everybody, and in full for one person: what reasons.json holds. */

import type { KeptReasons } from '../attributions/keptReasons.ts'
import { valueAt } from '../matrix/valueAt.ts'
import type {
  GroupFrequency,
  ModelReasons,
  OtherReason,
  PersonReasons,
  ReasonCounts,
  ReasonEvidenceOf,
  Repair,
} from '../reports/reasonsReport.ts'
import type { DrawnEvidence } from './reasonEvidence.ts'
import type { AskedPeople } from './reasonRows.ts'
import type { ReasonedModel } from './reasonsOfModel.ts'
import { EVIDENCE, type FoundReasons, wordsOfReason } from './reasonTable.ts'

const each = <T>(kept: ReasonEvidenceOf<KeptReasons>, of: (one: KeptReasons) => T | undefined): ReasonEvidenceOf<T> => {
  const out: ReasonEvidenceOf<T> = {}
  for (const name of EVIDENCE) {
    const one = kept[name]
    const value = one && of(one)
    if (value !== undefined) out[name] = value
  }
  return out
}

const reasonsIn = ({ reasons: { most, group } }: ReasonedModel, row: number): number => {
  let n = 0
  while (n < most && group[row * most + n]! >= 0) n++
  return n
}

const countReasons = (model: ReasonedModel, keep: (row: number) => boolean): ReasonCounts => {
  const counts = new Array<number>(model.reasons.most + 1).fill(0)
  let rows = 0
  for (let i = 0; i < model.reasons.rows; i++)
    if (keep(i)) {
      counts[reasonsIn(model, i)]!++
      rows++
    }
  return { rows, counts, shares: rows > 0 ? counts.map((n) => n / rows) : [] }
}

const frequencies = ({ groups, reasons }: ReasonedModel, below: (row: number) => boolean): GroupFrequency[] => {
  const all = groups.names.map(
    (group, g): GroupFrequency => ({
      group,
      text: groups.texts[g]!,
      rows: 0,
      first: 0,
      belowCutoff: 0,
      firstBelowCutoff: 0,
    }),
  )
  reasons.group.forEach((g, at) => {
    if (g < 0) return
    const entry = all[g]!
    const first = at % reasons.most === 0 ? 1 : 0
    entry.rows++
    entry.first += first
    if (!below(Math.floor(at / reasons.most))) return
    entry.belowCutoff++
    entry.firstBelowCutoff += first
  })
  return all.filter(({ rows }) => rows > 0).sort((a, b) => b.rows - a.rows || (a.group < b.group ? -1 : 1))
}

/** What is said of one model over everybody. */
export const summaryOfReasons = (
  { reasoned, kept, repairs }: FoundReasons,
  { retrainings }: Pick<DrawnEvidence, 'retrainings'>,
  cutoff: number,
): ModelReasons => {
  const { hash, background, reasons, score, head, check } = reasoned
  const below = (row: number): boolean => score[row]! < cutoff
  const repair = { rows: 0, byOne: 0, byAll: 0 }
  for (let i = 0; i < reasons.rows; i++) {
    const n = reasonsIn(reasoned, i)
    if (!below(i) || n === 0) continue
    const from = i * reasons.most
    repair.rows++
    if (repairs.one.subarray(from, from + n).some((s) => s >= cutoff)) repair.byOne++
    if (repairs.all[i]! >= cutoff) repair.byAll++
  }
  const counts = { all: countReasons(reasoned, () => true), belowCutoff: countReasons(reasoned, below) }
  return {
    modelHash: hash,
    ...head,
    background: { sentence: background.sentence, rows: background.rows },
    rows: reasons.rows,
    belowCutoff: counts.belowCutoff.rows,
    counts,
    groups: frequencies(reasoned, below),
    check,
    ...(retrainings ? { retrainings } : {}),
    kept: each(kept, (one) => one.mean()),
    repair,
  }
}

/** The reasons of one row by one model, with everything that is known of them. */
export const reasonsOfPerson = (
  { reasoned, kept, repairs }: FoundReasons,
  { frame, missingOf }: AskedPeople,
  row: number,
  cutoff: number,
): PersonReasons => {
  const { scorer, hash, reasons, score, head, references, groups } = reasoned
  const belowCutoff = score[row]! < cutoff
  const n = reasonsIn(reasoned, row)
  const repaired = (to: number): Repair => ({ score: to, reaches: belowCutoff ? to >= cutoff : null })
  const given = Array.from({ length: n }, (_, k) => {
    const at = row * reasons.most + k
    const factor = scorer.encoding.factors[reasons.factor[at]!]!
    const value = valueAt(frame, factor.name, row)
    return {
      rank: k + 1,
      group: groups.names[reasons.group[at]!]!,
      text: wordsOfReason(reasoned, at),
      factor: factor.name,
      definition: factor.definition,
      points: reasons.points[at]!,
      value,
      unit: factor.unit,
      missing: value === null ? missingOf(factor.name, row) : null,
      reference: references[reasons.factor[at]!]!,
      kept: each(kept, (one) => one.of(row, k)),
      repair: repaired(repairs.one[at]!),
    }
  })
  const named = ({ group, ...share }: ReturnType<KeptReasons['othersOf']>[number]): OtherReason => ({
    group: groups.names[group]!,
    text: groups.texts[group]!,
    ...share,
  })
  return {
    personId: frame.personId[row]!,
    observationDate: frame.observationDate[row]!,
    model: scorer.name,
    modelHash: hash,
    backgroundId: head.backgroundId,
    base: head.base,
    score: score[row]!,
    belowCutoff,
    reasons: given,
    further: reasons.further[row]!,
    repairAll: n > 0 ? repaired(repairs.all[row]!) : null,
    others: each(kept, (one) => one.othersOf(row).map(named)),
  }
}
