/** Figures of a simulated population from its own tables, for summary.json and the page that shows it. */
import { registerDataset } from '../engines/dataset.ts'
import type { Engine } from '../engines/engine.ts'
import { dateLiteral, identifier } from '../engines/sql.ts'
import { wilson } from '../metrics/wilson.ts'
import { datasetRanges } from '../population/fileRanges.ts'
import { SWITCH_NAMES, SWITCHES, type Switches } from '../population/switches.ts'
import type { Estimate } from '../reports/charts/options.ts'
import type { PopulationReport } from '../reports/populationReport.ts'
import type { Dataset } from '../schema/dataset.ts'
import type { OUTCOME_STATUSES } from '../schema/outcome.ts'
import { hyphenated } from '../util/hyphenated.ts'
import { VERSION } from '../util/version.ts'

type Status = (typeof OUTCOME_STATUSES)[number]

/** What is described: the data set with its outcomes, registered as views with the prefix. */
export interface DescribedPopulation {
  /** where the files of the data set are */
  folder: string
  dataset: Dataset
  people: number
  months: number
  seed: number
  switches: Switches
  prefix: string
}

/** Bins of amounts: four to each power of ten. */
const BINS = 4
const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']
/** Whole years at the last date, the first of each band. */
const AGES = [25, 35, 45, 55] as const
const AGE_BANDS = ['under 25', '25–34', '35–44', '45–54', '55 and over']

const share = (hits: number, rows: number): Estimate =>
  rows > 0 ? wilson(hits, rows) : { value: null, low: null, high: null }

const onSwitches = (switches: Switches): PopulationReport['switches'] =>
  SWITCH_NAMES.filter((name) => switches[name] > 0).map((name) => {
    const { most, about, harm } = SWITCHES[name]
    return { name: hyphenated(name), strength: switches[name], most, about, harm }
  })

/** Rhythm and size of payments: two passes over two columns of the largest table, which take less than one that groups by both. */
const describePayments = async (
  engine: Engine,
  transactions: string,
): Promise<Pick<PopulationReport, 'monthly' | 'weekdays' | 'amounts'>> => {
  await engine.run(
    `CREATE OR REPLACE TEMP TABLE described_payments AS
     SELECT occurred_at::DATE AS day, count(*) AS n FROM ${transactions} GROUP BY ALL`,
  )
  const monthly = await engine.rows<{ month: string; transactions: number; per_day: number }>(
    `SELECT strftime(day, '%Y-%m') AS month, sum(n)::DOUBLE AS transactions, sum(n) / count(DISTINCT day) AS per_day
     FROM described_payments GROUP BY month ORDER BY month`,
  )
  const weekly = await engine.rows<{ day: number; transactions: number; per_day: number }>(
    `SELECT isodow(day) AS day, sum(n)::DOUBLE AS transactions, sum(n) / count(DISTINCT day) AS per_day
     FROM described_payments GROUP BY 1 ORDER BY 1`,
  )
  const amounts = await engine.rows<{ bin: number; out: number; in: number }>(
    `SELECT floor(log10(amount::DOUBLE) * ${BINS} + 1e-9)::INTEGER AS bin, (count(*) FILTER (direction = 'out'))::DOUBLE AS out,
       (count(*) FILTER (direction = 'in'))::DOUBLE AS "in"
     FROM ${transactions} GROUP BY bin ORDER BY bin`,
  )
  await engine.run('DROP TABLE described_payments')
  return {
    monthly: monthly.map(({ per_day: perDay, ...m }) => ({ ...m, perDay })),
    weekdays: weekly.map((w) => ({ day: DAYS[w.day - 1]!, transactions: w.transactions, perDay: w.per_day })),
    amounts: amounts.map((a) => ({ from: 10 ** (a.bin / BINS), to: 10 ** ((a.bin + 1) / BINS), out: a.out, in: a.in })),
  }
}

interface GroupRow {
  grouping: string
  place: number
  label: string
  people: number
  labeled: number
  bads: number
  no_bank: number
  misconduct: number
}

const RANGE_PREFIX = 'described_range_'

/** Groups of the people of one range, whose tables are registered. */
const countGroups = (engine: Engine, date: string): Promise<GroupRow[]> => {
  const t = dateLiteral(date)
  const table = (name: string) => identifier(RANGE_PREFIX + name)
  const years = `date_sub('year', p.born_on, ${t})`
  const band = `(${AGES.map((age) => `(${years} >= ${age})::INTEGER`).join(' + ')})`
  return engine.rows<GroupRow>(
    `WITH bank AS (SELECT DISTINCT person_id FROM ${table('credit_accounts')} WHERE product IN ('loan', 'credit_card') AND opened_on < ${t}),
     misconduct AS (SELECT DISTINCT person_id FROM ${table('public_records')} WHERE kind IN ('administrative', 'judicial')),
     seen AS (
       SELECT p.sex, p.household_registration, ${band} AS band, x.status, b.person_id IS NULL AS no_bank, m.person_id IS NOT NULL AS misconduct
       FROM ${table('people')} AS p
       LEFT JOIN ${table('outcomes')} AS x ON x.person_id = p.person_id AND x.observation_date = ${t}
       LEFT JOIN bank AS b ON b.person_id = p.person_id LEFT JOIN misconduct AS m ON m.person_id = p.person_id),
     sided AS (
       SELECT '' AS grouping, 0 AS place, '' AS label, * FROM seen
       UNION ALL SELECT 'sex', 1, sex, * FROM seen
       UNION ALL SELECT 'household_registration', 2, household_registration, * FROM seen
       UNION ALL SELECT 'age', 3 + band, '', * FROM seen)
     SELECT grouping, place, label, count(*) AS people, count(*) FILTER (status IN ('good', 'bad')) AS labeled,
       count(*) FILTER (status = 'bad') AS bads, count(*) FILTER (no_bank) AS no_bank, count(*) FILTER (misconduct) AS misconduct
     FROM sided GROUP BY grouping, place, label ORDER BY place, label`,
  )
}

const COUNTS = ['people', 'labeled', 'bads', 'no_bank', 'misconduct'] as const

/** Groups at one date, counted a range of people after the other: memory does not grow with their number. */
const describeGroups = async (
  engine: Engine,
  { folder, dataset, months }: DescribedPopulation,
  date: string,
): Promise<{ groups: PopulationReport['groups']; withoutBank: Estimate }> => {
  const ranges = datasetRanges(dataset, months)
  const outcomes = dataset.tables.outcomes!
  const sums = new Map<string, GroupRow>()
  for (const [k, range] of ranges.entries()) {
    // redrawn outcomes are in one file
    const files = outcomes.files.length === ranges.length ? [outcomes.files[k]!] : outcomes.files
    const tables = { ...range.tables, outcomes: { ...outcomes, files } }
    await registerDataset(engine, folder, { ...range, tables }, RANGE_PREFIX)
    for (const row of await countGroups(engine, date)) {
      const key = `${row.place} ${row.label}`
      const sum = sums.get(key)
      if (sum) for (const name of COUNTS) sum[name] += row[name]
      else sums.set(key, row)
    }
  }
  const rows = [...sums.values()].sort((a, b) => a.place - b.place || (a.label < b.label ? -1 : 1))
  return {
    withoutBank: share(rows[0]!.no_bank, rows[0]!.people),
    groups: rows.slice(1).map((row) => ({
      grouping: row.grouping,
      group: row.grouping === 'age' ? AGE_BANDS[row.place - 3]! : row.label,
      people: row.people,
      labeled: row.labeled,
      bads: row.bads,
      badRate: share(row.bads, row.labeled),
      withoutBank: share(row.no_bank, row.people),
      misconduct: share(row.misconduct, row.people),
    })),
  }
}

/** From everybody to those whose outcome is known, on one date. */
const waterfallOf = (people: number, of: (status: Status) => number, known: number): PopulationReport['waterfall'] => [
  { step: 'people', rows: people, kind: 'keeps' },
  { step: 'known by then', rows: known, kind: 'keeps' },
  { step: 'not eligible', rows: of('not_eligible'), kind: 'leaves' },
  { step: 'excluded', rows: of('excluded'), kind: 'leaves' },
  { step: 'indeterminate', rows: of('indeterminate'), kind: 'leaves' },
  { step: 'good', rows: of('good'), kind: 'end' },
  { step: 'bad', rows: of('bad'), kind: 'end' },
]

/** Everything that the summary shows, from the tables as they were written. */
export const describePopulation = async (engine: Engine, described: DescribedPopulation): Promise<PopulationReport> => {
  const { dataset, people, months, seed, switches, prefix } = described
  const counts = await engine.rows<{ date: string; status: Status; n: number }>(
    `SELECT observation_date AS date, status, count(*) AS n FROM ${identifier(`${prefix}outcomes`)} GROUP BY ALL ORDER BY date, status`,
  )
  const dates = dataset.observationDates!
  const countOf = (date: string) => (status: Status) =>
    counts.find((c) => c.date === date && c.status === status)?.n ?? 0
  const lastDate = dates.at(-1)!
  const knownBy = counts.filter((c) => c.date === lastDate).reduce((sum, c) => sum + c.n, 0)
  const totals: Record<string, number> = {}
  for (const { status, n } of [...counts].sort((a, b) => (a.status < b.status ? -1 : 1)))
    totals[status] = (totals[status] ?? 0) + n
  const tables = Object.entries(dataset.tables).map(([table, t]) => ({
    table,
    rows: t.rows,
    perPerson: t.rows / people,
    coveredFrom: t.coveredFrom,
    coveredTo: t.coveredTo,
  }))
  const events = tables
    .filter(({ table }) => table !== 'people' && table !== 'outcomes')
    .reduce((n, t) => n + t.rows, 0)
  return {
    format: 'glasscore.population',
    version: 1,
    glasscore: VERSION,
    name: dataset.name,
    people,
    months,
    seed,
    currency: dataset.currency,
    tables,
    events,
    eventsPerPerson: events / people,
    switches: onSwitches(switches),
    interactionForm: switches.interactionForm,
    group: switches.group,
    outcome: { name: dataset.outcome.name, text: dataset.outcome.text },
    outcomes: totals,
    waterfall: waterfallOf(people, countOf(lastDate), knownBy),
    dates: dates.map((date) => {
      const of = countOf(date)
      return {
        date,
        good: of('good'),
        bad: of('bad'),
        indeterminate: of('indeterminate'),
        excluded: of('excluded'),
        badRate: share(of('bad'), of('good') + of('bad')),
      }
    }),
    ...(await describeGroups(engine, described, lastDate)),
    ...(await describePayments(engine, identifier(`${prefix}transactions`))),
    notes: dataset.notes,
  }
}
