/**
 * How each switch shows in the raw data: one figure a switch, and what it must reach. Used by the tests and by
 * `bench/population/switchPower.ts`, which repeats them over seeds.
 */
import type { Engine } from '../../src/engines/engine.ts'
import { dueSql, paidSql, settledSql } from '../../src/features/arrears.ts'
import { deriveOutcomes, OUTCOMES_TABLE } from '../../src/features/outcomes.ts'
import { LabelBias } from '../../src/population/switches/labelBias.ts'
import { ENCLAVE_DISTRICTS } from '../../src/population/switches/proxy.ts'
import { defaultSwitches, type Switches, type SwitchName } from '../../src/population/switches.ts'
import { DEFAULT_OUTCOME } from '../../src/schema/outcome.ts'
import { makePopulation, type Population } from './populationFixture.ts'

export interface Measure {
  switch: SwitchName
  /** what is looked for */
  what: string
  strength: number
  people: number
  /** the figure; higher where the switch is on */
  figure: (engine: Engine) => Promise<number>
  /** seen if the figure is this or more */
  seen: number
  /** what the figure is */
  unit: 'z' | 'share' | 'AUC'
}

/** A population with the default outcomes, biased if it is to be, as the table `derived_outcomes`. */
export const makeSwitched = async (
  people: number,
  seed: number,
  given: Partial<Switches> = {},
  months = 24,
): Promise<Population> => {
  const switches = { ...defaultSwitches(), ...given }
  const made = await makePopulation({ people, months, seed, switches, threads: 2 })
  await deriveOutcomes(made.engine, { dates: made.dataset.observationDates!, definition: DEFAULT_OUTCOME })
  const { labelBias: strength, group } = switches
  const bias = await LabelBias.open(made.engine, 'people', { people, seed, strength, group })
  if (bias)
    await made.engine.run(
      `CREATE OR REPLACE TABLE ${OUTCOMES_TABLE} AS ${await bias.writeUp(`SELECT * FROM ${OUTCOMES_TABLE}`)}`,
    )
  return made
}

/** Two means of one value a person: how many standard errors the first lies above the second. NaN in `x` is not counted. */
const contrast = async (engine: Engine, people: string): Promise<number> => {
  const [row] = await engine.rows<{ z: number | null }>(
    `SELECT (avg(x) FILTER (side) - avg(x) FILTER (NOT side))
       / sqrt(var_samp(x) FILTER (side) / count(x) FILTER (side) + var_samp(x) FILTER (NOT side) / count(x) FILTER (NOT side)) AS z
     FROM (${people})`,
  )
  const z = row!.z ?? 0
  return Number.isFinite(z) ? z : 0
}

const value = async (engine: Engine, sql: string): Promise<number> => {
  const [row] = await engine.rows<{ x: number | null }>(sql)
  return row!.x ?? 0
}

export const MIGRANT = `household_registration = 'migrant'`
const members = `SELECT person_id, ${MIGRANT} AS side FROM people`
const furniture = `SELECT person_id, count(*) AS n, count(*) FILTER (category = 'furniture') AS hits
  FROM transactions WHERE direction = 'out' GROUP BY person_id`
/** Misconduct on record, by quarter of the dense history. */
const misconduct = `SELECT r.person_id, ${MIGRANT} AS side, date_diff('month', DATE '2023-01-01', recorded_on) // 3 AS round
  FROM public_records AS r JOIN people USING (person_id) WHERE kind IN ('administrative', 'judicial')`
/** Every instalment with the day on which it was settled. */
const settled = `WITH due AS (${dueSql('instalments', 'account_id')}), paid AS (${paidSql('repayments', 'account_id')})
  ${settledSql('due', 'paid', ['account_id'])}`
/** Money that goes out and comes back from the same counterparty within a week, a little less of it. */
export const circles = `SELECT a.person_id, count(DISTINCT a.transaction_id) AS trips FROM transactions AS a JOIN transactions AS b
  ON a.person_id = b.person_id AND a.counterparty_id = b.counterparty_id AND a.direction = 'out' AND b.direction = 'in'
  AND b.scenario <> 'refund' AND b.occurred_at > a.occurred_at AND b.occurred_at < a.occurred_at + INTERVAL 7 DAY
  AND b.amount BETWEEN a.amount * 0.95 AND a.amount GROUP BY a.person_id HAVING count(DISTINCT a.transaction_id) >= 5`

/** Recorded misconduct a head of the group against that of the others, by quarter. */
export const disparityByRound = async (engine: Engine): Promise<number[]> =>
  (
    await engine.rows<{ ratio: number }>(
      `SELECT (count(*) FILTER (side) / (SELECT count(*) FROM people WHERE ${MIGRANT}))
         / (count(*) FILTER (NOT side) / (SELECT count(*) FROM people WHERE NOT ${MIGRANT})) AS ratio
       FROM (${misconduct}) GROUP BY round ORDER BY round`,
    )
  ).map((row) => row.ratio)

/** Growth: records of the second year less those of the first, a person, in the group and out of it. */
export const growth = (engine: Engine): Promise<number> =>
  contrast(
    engine,
    `SELECT side, coalesce(x, 0) AS x FROM (${members}) LEFT JOIN
      (SELECT person_id, sum(CASE WHEN round < 4 THEN -1.0 ELSE 1.0 END) AS x FROM (${misconduct}) GROUP BY person_id) USING (person_id)`,
  )

export const MEASURES: readonly Measure[] = [
  {
    switch: 'labelBias',
    what: 'bad outcomes of migrants among good and bad, against those of others, on the last date',
    strength: 0.2,
    people: 2048,
    unit: 'z',
    seen: 3.3,
    figure: (engine) =>
      contrast(
        engine,
        `SELECT side, (status = 'bad')::DOUBLE AS x FROM ${OUTCOMES_TABLE} JOIN (${members}) USING (person_id)
         WHERE status IN ('good', 'bad') AND observation_date = (SELECT max(observation_date) FROM ${OUTCOMES_TABLE})`,
      ),
  },
  {
    switch: 'proxy',
    what: 'migrants told from others by their district alone',
    strength: 0.5,
    people: 1024,
    unit: 'AUC',
    seen: 0.6,
    figure: (engine) =>
      value(
        engine,
        `SELECT (1 + avg(x::DOUBLE) FILTER (side) - avg(x::DOUBLE) FILTER (NOT side)) / 2 AS x FROM (
           SELECT side, (substr(value, 2)::INTEGER - 1000) % 12 < ${ENCLAVE_DISTRICTS} AS x FROM (${members}) JOIN registrations USING (person_id)
           WHERE kind = 'district' AND valid_to IS NULL)`,
      ),
  },
  {
    switch: 'proxy',
    what: 'migrants told from others by the share of furniture in their purchases alone',
    strength: 0.5,
    people: 1024,
    unit: 'AUC',
    seen: 0.6,
    figure: (engine) =>
      value(
        engine,
        `SELECT (sum(rank) FILTER (side) / count(*) FILTER (side) - (count(*) FILTER (side) + 1) / 2) / count(*) FILTER (NOT side) AS x
         FROM (SELECT side, rank() OVER (ORDER BY share) + (count(*) OVER (PARTITION BY share) - 1) / 2 AS rank
           FROM (SELECT side, hits / n AS share FROM (${furniture}) JOIN (${members}) USING (person_id)))`,
      ),
  },
  {
    switch: 'thinFiles',
    what: 'credit accounts a person, others against migrants',
    strength: 0.5,
    people: 1024,
    unit: 'z',
    seen: 3.3,
    figure: (engine) =>
      contrast(
        engine,
        `SELECT side, -coalesce(n, 0)::DOUBLE AS x FROM (${members}) LEFT JOIN
           (SELECT person_id, count(*) AS n FROM credit_accounts GROUP BY person_id) USING (person_id)`,
      ),
  },
  {
    switch: 'thinFiles',
    what: 'transactions a person, others against migrants',
    strength: 0.5,
    people: 1024,
    unit: 'z',
    seen: 3.3,
    figure: (engine) =>
      contrast(
        engine,
        `SELECT side, -coalesce(n, 0)::DOUBLE AS x FROM (${members}) LEFT JOIN
           (SELECT person_id, count(*) AS n FROM transactions GROUP BY person_id) USING (person_id)`,
      ),
  },
  {
    switch: 'surveillance',
    what: 'misconduct on record a person, migrants against others',
    strength: 1,
    people: 2048,
    unit: 'z',
    seen: 3.3,
    figure: (engine) =>
      contrast(
        engine,
        `SELECT side, coalesce(n, 0)::DOUBLE AS x FROM (${members}) LEFT JOIN
           (SELECT person_id, count(*) AS n FROM (${misconduct}) GROUP BY person_id) USING (person_id)`,
      ),
  },
  {
    switch: 'surveillance',
    what: 'the loop: growth of what is on record from the first year to the second, migrants against others',
    strength: 1,
    people: 2048,
    unit: 'z',
    seen: 3.3,
    figure: growth,
  },
  {
    switch: 'gaming',
    what: 'people with five or more round trips of money',
    strength: 0.5,
    people: 1024,
    unit: 'share',
    seen: 0.03,
    figure: (engine) =>
      value(engine, `SELECT (SELECT count(*) FROM (${circles})) / (SELECT count(*) FROM people) AS x`),
  },
  {
    switch: 'gaming',
    what: 'close lasting ties that began in the last year, those with round trips against others',
    strength: 0.5,
    people: 1024,
    unit: 'z',
    seen: 3.3,
    figure: (engine) =>
      contrast(
        engine,
        `SELECT c.person_id IS NOT NULL AS side, coalesce(n, 0)::DOUBLE AS x FROM people AS p
         LEFT JOIN (${circles}) AS c USING (person_id) LEFT JOIN (SELECT person_id, count(*) AS n FROM contacts
           WHERE since >= DATE '2024-01-01' AND since < DATE '2025-01-01' AND until IS NULL AND closeness >= 0.85 GROUP BY person_id) USING (person_id)`,
      ),
  },
  {
    switch: 'drift',
    what: 'instalments settled 30 days late or not at all, due after the downturn against before',
    strength: 2,
    people: 2048,
    unit: 'z',
    seen: 3.3,
    figure: (engine) =>
      contrast(
        engine,
        `SELECT due_on >= DATE '2024-03-01' AS side, avg((coalesce(settled_on, DATE '9999-01-01') - due_on >= 30)::DOUBLE) AS x
         FROM (${settled}) JOIN credit_accounts USING (account_id)
         WHERE due_on >= DATE '2023-01-01' AND due_on < DATE '2025-05-01' AND (due_on < DATE '2024-01-01' OR due_on >= DATE '2024-03-01')
           AND institution_id < 'I160'
         GROUP BY person_id, side`,
      ),
  },
  {
    switch: 'drift',
    what: 'accounts of lenders that nobody had before',
    strength: 1,
    people: 1024,
    unit: 'share',
    seen: 0.03,
    figure: (engine) =>
      value(
        engine,
        `SELECT avg((institution_id NOT IN (SELECT institution_id FROM credit_accounts WHERE opened_on < DATE '2024-01-01'))::INTEGER) AS x
         FROM credit_accounts WHERE opened_on >= DATE '2024-01-01'`,
      ),
  },
  {
    switch: 'missingAtRandom',
    what: 'people without a phone on file, those over 47 against those under 30',
    strength: 0.3,
    people: 1024,
    unit: 'z',
    seen: 3.3,
    figure: (engine) =>
      contrast(
        engine,
        `SELECT born_on < DATE '1978-01-01' AS side, (n IS NULL)::DOUBLE AS x FROM people LEFT JOIN
           (SELECT person_id, count(*) AS n FROM registrations WHERE kind = 'phone' GROUP BY person_id) USING (person_id)
         WHERE born_on < DATE '1978-01-01' OR born_on >= DATE '1995-01-01'`,
      ),
  },
  {
    switch: 'missingNotAtRandom',
    what: 'reported cash (log) before a month without a report, below that before a month with one',
    strength: 0.5,
    people: 1024,
    unit: 'z',
    seen: 3.3,
    figure: (engine) =>
      contrast(
        engine,
        `SELECT gap AS side, -avg(ln(value::DOUBLE)) AS x FROM (SELECT person_id, value, date_diff('month', valued_on,
             lead(valued_on) OVER (PARTITION BY person_id ORDER BY valued_on)) > 1 AS gap
           FROM balances WHERE asset_type = 'cash' AND value > 0) WHERE gap IS NOT NULL GROUP BY person_id, gap`,
      ),
  },
  {
    switch: 'wrongPerson',
    what: 'accounts with a payment that is neither what falls due nor a sum or half of it',
    strength: 0.05,
    people: 1024,
    unit: 'share',
    seen: 0.05,
    figure: (engine) =>
      value(
        engine,
        `SELECT avg(odd::INTEGER) AS x FROM (SELECT account_id, bool_or(least(amount * 200 % (d * 100), d * 100 - amount * 200 % (d * 100)) > 2) AS odd
           FROM repayments JOIN (SELECT account_id, min(due_amount) AS d FROM instalments GROUP BY 1) USING (account_id) GROUP BY account_id)`,
      ),
  },
  {
    switch: 'staleRecords',
    what: 'instalments settled 30 days late or more, or not at all',
    strength: 0.5,
    people: 2048,
    unit: 'share',
    seen: 0.06,
    figure: (engine) =>
      value(
        engine,
        `SELECT avg((coalesce(settled_on, DATE '9999-01-01') - due_on >= 30)::INTEGER) AS x FROM (${settled}) WHERE due_on < DATE '2025-01-01'`,
      ),
  },
]
