/** Who paid and who did not: labels from instalments and repayments in the full world. Factors never read this. */
import type { Engine } from '../engines/engine.ts'
import { dateLiteral, identifier, literal } from '../engines/sql.ts'
import type { OutcomeDefinition } from '../schema/outcome.ts'
import { usageError } from '../util/errors.ts'
import { dueSql, paidSql, settledSql } from './arrears.ts'
import { checkedDates } from './observations.ts'

/** Which observations get a label, and by what rule. */
export interface DeriveOutcomesOptions {
  /** observation dates, ISO days */
  dates: readonly string[]
  definition: OutcomeDefinition
  /** end of the data (exclusive ISO day): every performance window must have ended by then */
  coveredTo?: string
}

/** The table that `deriveOutcomes` makes. */
export const OUTCOMES_TABLE = 'derived_outcomes'

/**
 * Makes the table `derived_outcomes` (person_id, observation_date, status, definition) for everybody whose platform account
 * was opened before each date t.
 *
 * Obligations are the instalments of all credit accounts, those opened after t among them: what falls due by day 275 can
 * still come to 90 days past due within the year. On the morning of day D an unsettled instalment is D - due_on days past
 * due (see `arrears.ts`). Per person and t, the first that holds:
 * - not_eligible: no instalment falls due in [t, t + eligibleWindowDays);
 * - excluded: an instalment is badDaysPastDue or more days past due at t;
 * - bad: one comes to that on some day of [t, t + performanceWindowDays);
 * - indeterminate: one is indeterminateDaysPastDue or more days past due on some such day;
 * - good: otherwise.
 *
 * @param prefix of the views people, credit_accounts, instalments and repayments (see `registerDataset`)
 * @returns SQL of the table, ordered by person_id and observation_date, ready for export
 * @throws GlasscoreError for a bad date, or a performance window that ends after `coveredTo`
 */
export const deriveOutcomes = async (
  engine: Engine,
  { dates, definition, coveredTo }: DeriveOutcomesOptions,
  prefix = '',
): Promise<string> => {
  const days = checkedDates(dates)
  const last = days.at(-1)!
  const first = dateLiteral(days[0]!)
  const ends = new Date(Date.parse(last) + definition.performanceWindowDays * 86_400_000).toISOString().slice(0, 10)
  if (coveredTo !== undefined && ends > coveredTo)
    throw usageError('the performance window has not ended', {
      option: 'dates',
      expected: `dates at least ${definition.performanceWindowDays} days before ${coveredTo}, the end of the data`,
      got: last,
    })
  const table = (name: string): string => identifier(prefix + name)
  const { performanceWindowDays: window, badDaysPastDue: bad, indeterminateDaysPastDue: doubtful } = definition
  // An item is k days past due on some day of [t, t + window) if day due_on + k lies before the end and it is unsettled
  // on the later of that day and t.
  const reaches = (k: number): string =>
    `i.due_on + ${k} < d.t + ${window} AND (i.settled_on IS NULL OR i.settled_on >= greatest(d.t, i.due_on + ${k}))`
  await engine.run(`CREATE OR REPLACE TABLE ${OUTCOMES_TABLE} AS
WITH dates AS (SELECT t FROM (VALUES ${days.map((d) => `(${dateLiteral(d)})`).join(', ')}) AS v (t)),
numbered AS (SELECT account_id, person_id, row_number() OVER () AS account FROM ${table('credit_accounts')}),
all_due AS (SELECT n.account, i.due_on, i.due_amount FROM ${table('instalments')} AS i JOIN numbered AS n USING (account_id) WHERE i.due_amount > 0),
all_paid AS (SELECT n.account, r.paid_on, r.amount FROM ${table('repayments')} AS r JOIN numbered AS n USING (account_id) WHERE r.amount > 0),
owed AS (
  SELECT account, max(due_on) AS last_due_on, sum(due_amount) FILTER (due_on < ${first}) AS amount FROM all_due GROUP BY account
),
covered AS (SELECT account, sum(amount) AS amount FROM all_paid WHERE paid_on < ${first} GROUP BY account),
-- what was all due and paid before the first date can no longer be past due
accounts AS (
  SELECT n.account, n.person_id FROM numbered AS n JOIN owed AS o USING (account) LEFT JOIN covered AS c USING (account)
  WHERE o.last_due_on >= ${first} OR o.amount > coalesce(c.amount, 0)
),
due_items AS (SELECT * FROM all_due SEMI JOIN accounts USING (account)),
payments AS (SELECT * FROM all_paid SEMI JOIN accounts USING (account)),
due AS (${dueSql('due_items', 'account')}),
paid AS (${paidSql('payments', 'account')}),
settled AS (${settledSql('due', 'paid', ['account'])}),
items AS (
  SELECT a.person_id, s.due_on, s.settled_on
  FROM settled AS s JOIN accounts AS a ON a.account = s.account
),
standing AS (
  SELECT i.person_id, d.t,
    bool_or(i.due_on >= d.t AND i.due_on < d.t + ${definition.eligibleWindowDays}) AS eligible,
    bool_or(i.due_on + ${bad} <= d.t AND (i.settled_on IS NULL OR i.settled_on >= d.t)) AS excluded,
    bool_or(${reaches(bad)}) AS bad,
    bool_or(${reaches(doubtful)}) AS doubtful
  FROM items AS i JOIN dates AS d
    ON i.due_on < d.t + ${window} AND (i.due_on >= d.t OR i.settled_on IS NULL OR i.settled_on >= d.t)
  GROUP BY i.person_id, d.t
)
SELECT p.person_id, d.t AS observation_date,
  CASE WHEN NOT coalesce(s.eligible, false) THEN 'not_eligible'
    WHEN s.excluded THEN 'excluded'
    WHEN s.bad THEN 'bad'
    WHEN s.doubtful THEN 'indeterminate'
    ELSE 'good' END AS status,
  ${literal(definition.name)} AS definition
FROM ${table('people')} AS p JOIN dates AS d ON p.account_opened_on < d.t
LEFT JOIN standing AS s ON s.person_id = p.person_id AND s.t = d.t
ORDER BY p.person_id, d.t`)
  return `SELECT person_id, observation_date, status, definition FROM ${OUTCOMES_TABLE} ORDER BY person_id, observation_date`
}
