/** Feature plans as data: named SQL steps over the world as of t, and per factor a value and the reasons for its absence. */
import type { DimensionName } from '../schema/dimensions.ts'
import type { MissingReason } from '../schema/factor.ts'
import type { TableName } from '../schema/tables.ts'
import type { AsOfOptions } from './asOf.ts'

/** All that a step may read. */
export interface Relations {
  /** observers: o (0, 1, …: the row of the feature table), person_id, t */
  readonly observations: string
  /** rows of a table known before t, later cells NULL; with the observer's `o` and `t` */
  asOf(table: TableName, options?: AsOfOptions): string
  /** an earlier step */
  step(name: string): string
}

export interface PlanStep {
  name: string
  about: string
  sql(from: Relations): string
}

export interface MissingCase {
  reason: MissingReason
  /** SQL condition over the plan's joined relations; NULL counts as false */
  when: string
}

export interface FactorPlan {
  factor: string
  /** SQL over `observations` and the joined steps; must not be NULL where no case of `missing` holds */
  value: string
  /** in order of precedence, after absent_table, not_covered and missing_in_source, which the runner adds */
  missing: readonly MissingCase[]
  /** days before t that the source tables must cover; default the window of the catalogue, 0 where it has none */
  coverDays?: number
  /** columns that may be empty, without which the factor means nothing: a source that never fills one cannot give it */
  fills?: readonly { table: TableName; column: string }[]
  /**
   * codes of which a source must use one for the factor to say anything: without them it is 0, as for anybody without rows,
   * and the feature table lists it as unavailable
   */
  codes?: readonly { table: TableName; column: string; value: string }[]
}

export interface FeaturePlan {
  dimension: DimensionName
  /** in order of running; a step of the same name in several plans is the same step and runs once */
  steps: readonly PlanStep[]
  /** steps with at most one row per `o`, joined to the observations for the values */
  joins: readonly string[]
  factors: readonly FactorPlan[]
}

/** A DECIMAL of money as a double: exact up to 2^53 minor units. */
export const money = (sql: string): string => `coalesce(${sql}, 0)::DOUBLE`

/** A count as a double. */
export const count = (sql: string): string => `coalesce(${sql}, 0)::DOUBLE`

/** Money in integer minor units. */
export const minorUnits = (sql: string): string => `(${sql} * 100)::BIGINT`

/** One twelfth of 365 days in microseconds; exact. */
const SLICE_MICROSECONDS = (365 * 86_400_000_000) / 12

/** Which of the equal slices back from t a time lies in: 0 for [t - 365/12 d, t), 1 for the one before, … */
export const monthSlice = (time: string, t = 't'): string =>
  `((epoch_us(${t}::TIMESTAMP) - epoch_us(${time}::TIMESTAMP) - 1) // ${SLICE_MICROSECONDS})`
