/** What the population is calibrated against: targets as data, and what a data set shows for each. */
import type { Engine } from '../engines/engine.ts'
import { dateLiteral, identifier } from '../engines/sql.ts'
import { addMonths, dayNumber, isoDay } from './clock.ts'

/** Where a target comes from. */
export type Basis = 'published figure' | 'published bands' | 'issue' | 'our choice'

export interface CalibrationTarget {
  name: string
  about: string
  /** what the simulated value should lie in; equal where the target is one number */
  low: number
  high: number
  basis: Basis
  /** SQL with one row and the columns v, and n: how many it is measured on */
  sql: (at: CalibrationInput) => string
}

export interface CalibrationInput {
  /** the observation date, ISO */
  date: string
  /** a quoted relation by name of the canonical table */
  table: (name: string) => string
  /** quoted relation of the factors at that date (person_id, a column a factor) */
  factors: string
}

const year = (date: string): string => dateLiteral(isoDay(addMonths(dayNumber(date, 'date'), -12)))
const PURCHASE = `direction = 'out' AND scenario NOT IN ('transfer', 'investment', 'repayment')`
/** Consumption without bills, whose days are fixed by contracts. */
const SHOPPING = `${PURCHASE} AND category NOT IN ('housing', 'utilities', 'telecom', 'insurance', 'charity', 'travel', 'finance')`
const purchases = (at: CalibrationInput, where = PURCHASE): string =>
  `(SELECT * FROM ${at.table('transactions')} WHERE ${where} AND occurred_at >= ${year(at.date)} AND occurred_at < ${dateLiteral(at.date)})`
const outcome = (at: CalibrationInput, share: string, among: string): string =>
  `SELECT avg((${share})::INTEGER) AS v, count(*) AS n FROM ${at.table('outcomes')} WHERE observation_date = ${dateLiteral(at.date)} AND ${among}`
/** Mean daily purchases of the days that hold, against those of all days. */
const rhythm = (at: CalibrationInput, holds: string): string =>
  `SELECT avg(n) FILTER (${holds}) / avg(n) AS v, sum(n) AS n FROM
   (SELECT occurred_at::DATE AS d, count(*) AS n FROM ${purchases(at, SHOPPING)} GROUP BY 1)`

const EVERYDAY: readonly CalibrationTarget[] = [
  {
    name: 'bank record',
    about:
      'share of people who have had a bank loan or card by the date (350 million of those aged 15–64 at the end of 2014)',
    low: 0.346,
    high: 0.346,
    basis: 'published figure',
    sql: (
      at,
    ) => `SELECT avg((a.person_id IS NOT NULL)::INTEGER) AS v, count(*) AS n FROM ${at.table('people')} AS p LEFT JOIN
      (SELECT DISTINCT person_id FROM ${at.table('credit_accounts')} WHERE product IN ('loan', 'credit_card')
       AND opened_on < ${dateLiteral(at.date)}) AS a USING (person_id)`,
  },
  {
    name: 'default rate',
    about: 'share of bads among goods and bads',
    low: 0.06,
    high: 0.08,
    basis: 'issue',
    sql: (at) => outcome(at, `status = 'bad'`, `status IN ('good', 'bad')`),
  },
  {
    name: 'thin files',
    about: 'share of people without any obligation in the year ahead: the normal case, though not the rule',
    low: 0.3,
    high: 0.5,
    basis: 'our choice',
    sql: (at) => outcome(at, `status = 'not_eligible'`, 'true'),
  },
  {
    name: 'heavy tail of purchases',
    about: 'share of the amount of all purchases that the largest 1 % of them make up',
    low: 0.1,
    high: 0.35,
    basis: 'our choice',
    sql: (at) => `SELECT sum(amount) FILTER (amount > q) / sum(amount) AS v, count(*) AS n FROM ${purchases(at)},
      (SELECT quantile_disc(amount, 0.99) AS q FROM ${purchases(at)})`,
  },
  {
    name: 'heavy tail of wealth',
    about: 'liquid assets: the 99th of a hundred against the 50th',
    low: 8,
    high: 60,
    basis: 'our choice',
    sql: (
      at,
    ) => `SELECT quantile_cont(w, 0.99) / quantile_cont(w, 0.5) AS v, count(*) AS n FROM (SELECT sum(value)::DOUBLE AS w FROM
      ${at.table('balances')} WHERE asset_type IN ('cash', 'deposit', 'money_market_fund') AND valued_on < ${dateLiteral(at.date)}
      AND valued_on >= ${dateLiteral(at.date)} - 35 GROUP BY person_id)`,
  },
  {
    name: 'week',
    about: 'purchases on a Saturday or Sunday against any day',
    low: 1.03,
    high: 1.15,
    basis: 'our choice',
    sql: (at) => rhythm(at, 'isodow(d) > 5'),
  },
  {
    name: 'November',
    about: 'purchases on a day of November, when the great sales are, against any day',
    low: 1.1,
    high: 1.35,
    basis: 'our choice',
    sql: (at) => rhythm(at, 'month(d) = 11'),
  },
  {
    name: 'February',
    about: 'purchases on a day of February, when shops are closed around the new year, against any day',
    low: 0.8,
    high: 0.98,
    basis: 'our choice',
    sql: (at) => rhythm(at, 'month(d) = 2'),
  },
  {
    name: 'night',
    about: 'share of payments from 1 to 6 in the morning in China (a quarter of a day would be 0.21)',
    low: 0.005,
    high: 0.06,
    basis: 'our choice',
    sql: (at) => `SELECT avg((hour(occurred_at) BETWEEN 17 AND 21)::INTEGER) AS v, count(*) AS n FROM ${purchases(at)}`,
  },
]

/**
 * Factors whose published bands look like ninths of a population: eight uneven edges that grow like quantiles (those with thirteen go on
 * in round numbers). By factor: the fourth and the eighth edge, below which four and eight ninths should lie.
 */
export const NINTHS: Readonly<Record<string, readonly [fourth: number, eighth: number]>> = {
  payments_total_1m: [3500, 33_000],
  payments_total_3m: [13_000, 96_000],
  payments_total_6m: [27_000, 190_000],
  consumption_1m: [900, 5300],
  consumption_3m: [3400, 15_000],
  consumption_6m: [7500, 30_000],
  mean_liquid_assets_3m: [400, 18_000],
  repaid_amount_3m: [27_000, 90_000],
  consumption_variability_1y: [0.73, 1.32],
  contact_stability_1y: [42, 100],
  phone_topups_1y: [16, 50],
  phone_topup_amount_1y: [1000, 3600],
}
/** How far a share may lie from the ninths. */
const NINTHS_TOLERANCE = 0.15

const bands = Object.entries(NINTHS).flatMap(([factor, edges]) =>
  edges.map((edge, k): CalibrationTarget => {
    const share = (k === 0 ? 4 : 8) / 9
    return {
      name: `${factor} up to ${edge}`,
      about: `share of people with the factor who are at or below the ${k === 0 ? 'fourth' : 'eighth'} published edge`,
      low: Math.max(0, share - NINTHS_TOLERANCE),
      high: Math.min(1, share + NINTHS_TOLERANCE),
      basis: 'published bands',
      sql: (at) =>
        `SELECT avg((${identifier(factor)} <= ${edge})::INTEGER) AS v, count(*) AS n FROM ${at.factors} WHERE ${identifier(factor)} IS NOT NULL`,
    }
  }),
)

export const CALIBRATION_TARGETS: readonly CalibrationTarget[] = [...EVERYDAY, ...bands]

/** A target with what was found. */
export interface CalibrationRow extends Omit<CalibrationTarget, 'sql'> {
  simulated: number
  n: number
  /** how far the simulated value lies outside, with its sign; 0 within */
  off: number
}

/** A share given as one number is met within this. */
const POINT_TOLERANCE = 0.015

/** Measures every target on the tables and factors of a data set. */
export const measureCalibration = async (engine: Engine, input: CalibrationInput): Promise<CalibrationRow[]> => {
  const rows: CalibrationRow[] = []
  for (const { sql, ...target } of CALIBRATION_TARGETS) {
    const [row] = await engine.rows<{ v: number; n: number }>(
      `SELECT v::DOUBLE AS v, n::DOUBLE AS n FROM (${sql(input)})`,
    )
    const slack = target.low === target.high ? POINT_TOLERANCE : 0
    const simulated = row!.v
    const off = Math.max(0, simulated - target.high - slack) + Math.min(0, simulated - target.low + slack)
    rows.push({ ...target, simulated, n: row!.n, off })
  }
  return rows
}
