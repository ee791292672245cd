import type { FactorSpec } from './factor.ts'
import type { OutcomeDefinition } from './outcome.ts'
import type { TableName } from './tables.ts'

/** One canonical table of a dataset folder. Dates are ISO days (UTC). */
export interface DatasetTable {
  /** files relative to the dataset folder, in reading order; Parquet */
  files: string[]
  /** in all files together */
  rows: number
  /** first day from which the table is complete */
  coveredFrom: string
  /** first day that is no longer covered (exclusive) */
  coveredTo: string
}

/**
 * A folder with canonical tables: `dataset.json` (this object) beside Parquet files.
 * Tables that a source does not have are absent here, and every factor that needs one is missing with that reason.
 */
export interface Dataset {
  format: 'glasscore.dataset'
  /** of this description; a folder of another version is refused */
  version: 1
  name: string
  /** ISO 4217 code; amounts are DECIMAL(18,2) of it */
  currency: string
  /** the day on which the source was extracted: no event may be at or after it */
  extractDate: string
  /** the dates that the source was made for, ascending ISO days; absent where a source brings its own per person */
  observationDates?: string[]
  tables: Partial<Record<TableName, DatasetTable>>
  /** columns of `people` that are protected attributes: read by audits only */
  protectedColumns: string[]
  outcome: OutcomeDefinition
  /** what a reader must know about this source: traps honored, things left out */
  notes: string[]
}

/**
 * A folder with a feature table: `features.json` (this object), `features.parquet` (person_id, observation_date, one column
 * a factor), `outcomes.parquet` (person_id, observation_date, status), `groups.parquet` (person_id, observation_date, one
 * text column a protected attribute; may be absent) and `missing.parquet` (keys and one UTINYINT a factor, see
 * MISSING_REASONS; absent for ready tables). Rows are ordered by person_id, observation_date.
 */
export interface FeatureTable {
  format: 'glasscore.features'
  /** of this description; a folder of another version is refused */
  version: 1
  /** that of the data set, or of the mapping */
  name: string
  /** observations: persons x dates */
  rows: number
  /** in the order of the columns */
  factors: FactorSpec[]
  /** factors of the catalogue that this source cannot give, each with its reason */
  unavailable: { factor: string; reason: string }[]
  /** counts of missing cells by factor and reason */
  missing: Record<string, Partial<Record<string, number>>>
  /** columns of groups.parquet: never inputs of a score */
  protectedColumns: string[]
  outcome: OutcomeDefinition
  /** people -> covered -> eligible -> good / bad / indeterminate */
  waterfall: { step: string; rows: number }[]
  /** those of the source, and how it was read */
  notes: string[]
  /** what may be wrong: constant factors, ids, factors that alone tell good from bad */
  warnings: string[]
}
