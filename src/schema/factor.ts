/** What a factor is, whatever the source it comes from. */
export type FactorKind = 'number' | 'flag' | 'ordinal' | 'category'
/** The direction in which more of the factor is expected to move the risk of default. */
export type ExpectedRisk = 'up' | 'down' | 'none'

/**
 * One factor of a feature table. `kind` number, flag (0/1) and ordinal are stored as doubles, category as text.
 * `scale` is how linear models read a number: `log` is signed log1p (money and counts), `linear` as it is.
 */
export interface FactorSpec {
  name: string
  /** dimension of the catalogue, or the group that a mapping names; 'other' where none is named */
  dimension: string
  kind: FactorKind
  unit: string
  scale: 'log' | 'linear'
  expectedRisk: ExpectedRisk
  definition: string
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
export type MissingReason = (typeof MISSING_REASONS)[number]
