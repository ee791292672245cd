/** reasons.parquet: a row a reason. */
import type { KeptReasons } from '../attributions/keptReasons.ts'
import type { ColumnInput, Engine } from '../engines/engine.ts'
import { identifier } from '../engines/sql.ts'
import { valueAt } from '../matrix/valueAt.ts'
import type { ReasonEvidenceOf } from '../reports/reasonsReport.ts'
import { dateColumn } from './dateColumn.ts'
import type { AskedPeople } from './reasonRows.ts'
import type { ReasonedModel } from './reasonsOfModel.ts'
import type { Repairs } from './repairReasons.ts'

/** Everything that is known of the reasons of people by one model. */
export interface FoundReasons {
  reasoned: ReasonedModel
  kept: ReasonEvidenceOf<KeptReasons>
  repairs: Repairs
}

/** Sources of evidence, in the order of their columns. */
export const EVIDENCE = ['retrained', 'background', 'both'] as const

const textOf = (value: number | string | null): string | null => (value === null ? null : String(value))

/** Words of a reason, as `principalReasons` gives them. */
export const wordsOfReason = ({ groups, reasons }: ReasonedModel, at: number): string => {
  const text = groups.texts[reasons.group[at]!]!
  return reasons.known[at] === 1 ? text : `No value: ${text}`
}

/** Truth values that may be absent: doubles here, cast where they are written. */
const TRUTH = ['below_cutoff', 'repaired_reaches_cutoff', 'all_repaired_reaches_cutoff']

/** Puts the reasons of a model into a table of the engine; people without reasons have no row. */
export const storeReasons = async (
  engine: Engine,
  table: string,
  { reasoned, kept, repairs }: FoundReasons,
  { frame, missingOf }: AskedPeople,
  cutoff: number,
): Promise<void> => {
  const { scorer, hash, reasons, score, head, references } = reasoned
  const { most } = reasons
  const places = Array.from(reasons.group.keys()).filter((at) => reasons.group[at]! >= 0)
  const rowOf = (at: number): number => Math.floor(at / most)
  const factorOf = (at: number) => scorer.encoding.factors[reasons.factor[at]!]!
  const texts = (of: (at: number) => string | null): ColumnInput => ({ type: 'VARCHAR', values: places.map(of) })
  const whole = (of: (at: number) => number): ColumnInput => ({ type: 'INTEGER', values: Int32Array.from(places, of) })
  const numbers = (of: (at: number) => number | undefined): ColumnInput => ({
    type: 'DOUBLE',
    values: Float64Array.from(places, (at) => of(at) ?? Number.NaN),
  })
  const below = (at: number): boolean => score[rowOf(at)]! < cutoff
  const reaches = (at: number, repaired: number): number | undefined =>
    below(at) ? Number(repaired >= cutoff) : undefined
  const evidence = EVIDENCE.flatMap((name): [string, ColumnInput][] => {
    const share = (at: number) => kept[name]?.of(rowOf(at), at % most)?.share
    return [
      [`kept_${name}`, numbers((at) => share(at)?.value)],
      [`kept_${name}_low`, numbers((at) => share(at)?.low)],
      [`kept_${name}_high`, numbers((at) => share(at)?.high)],
    ]
  })
  await engine.createTable(table, {
    person_id: texts((at) => frame.personId[rowOf(at)]!),
    observation_date: dateColumn(places.map((at) => frame.observationDate[rowOf(at)]!)),
    model: texts(() => scorer.name),
    model_hash: texts(() => hash),
    background_id: texts(() => head.backgroundId),
    score: whole((at) => score[rowOf(at)]!),
    below_cutoff: numbers((at) => Number(below(at))),
    rank: whole((at) => (at % most) + 1),
    reason_group: texts((at) => reasoned.groups.names[reasons.group[at]!]!),
    factor: texts((at) => factorOf(at).name),
    text: texts((at) => wordsOfReason(reasoned, at)),
    points: whole((at) => reasons.points[at]!),
    value: texts((at) => textOf(valueAt(frame, factorOf(at).name, rowOf(at)))),
    unit: texts((at) => factorOf(at).unit),
    reference: texts((at) => textOf(references[reasons.factor[at]!]!)),
    missing: texts((at) => {
      const { name } = factorOf(at)
      return valueAt(frame, name, rowOf(at)) === null ? missingOf(name, rowOf(at)) : null
    }),
    ...Object.fromEntries(evidence),
    repaired_score: whole((at) => repairs.one[at]!),
    repaired_reaches_cutoff: numbers((at) => reaches(at, repairs.one[at]!)),
    all_repaired_score: whole((at) => repairs.all[rowOf(at)]!),
    all_repaired_reaches_cutoff: numbers((at) => reaches(at, repairs.all[rowOf(at)]!)),
  })
}

/** Writes the tables of all models to one file, by model, person, date and rank. */
export const writeReasons = (engine: Engine, tables: readonly string[], path: string): Promise<number> => {
  const truth = TRUTH.map((name) => `${identifier(name)}::BOOLEAN AS ${identifier(name)}`).join(', ')
  const all = tables.map((table) => `SELECT * FROM ${identifier(table)}`).join(' UNION ALL ')
  return engine.writeParquet(
    `SELECT * REPLACE (${truth}) FROM (${all}) ORDER BY model, model_hash, person_id, observation_date, rank`,
    path,
  )
}
