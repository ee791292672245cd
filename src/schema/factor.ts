import type { FactorBands } from './bands.ts'

/** What a factor is, whatever the source it comes from: a quantity, 0 or 1, ordered levels as 1, 2, …, or unordered text. */
export type FactorKind = 'number' | 'flag' | 'ordinal' | 'category'
/** The direction in which more of the factor is expected to move the risk of default. */
export type ExpectedRisk = 'up' | 'down' | 'none'

/**
 * One factor of a feature table. `kind` number, flag (0/1) and ordinal are stored as doubles, category as text.
 * `scale` is how linear models read a number: `log` is signed log1p (money and counts), `linear` as it is.
 */
export interface FactorSpec {
  /** column of features.parquet, and of receipts.parquet unless another column has the name; unique in its table */
  name: string
  /** dimension of the catalogue, or the group that a mapping names; 'other' where none is named */
  dimension: string
  kind: FactorKind
  /** as in the catalogue or the mapping: a count of things, days, a currency, 'share 0..1', …; '' where none is stated */
  unit: string
  scale: 'log' | 'linear'
  expectedRisk: ExpectedRisk
  /** one sentence, or the label of a mapping */
  definition: string
  /** the values are numbers of these bands, 1 for the lowest; absent: they are as they were measured */
  bands?: FactorBands
}

/** Why a value is missing. Stored per cell in `missing.parquet` as the position in this list; 0 means present. */
export const MISSING_REASONS = [
  'present',
  'absent_table',
  'not_covered',
  'no_exposure',
  'zero_denominator',
  'no_rows',
  'missing_in_source',
] as const
/** One of `MISSING_REASONS`; when each applies stands in docs/factors.md. */
export type MissingReason = (typeof MISSING_REASONS)[number]
