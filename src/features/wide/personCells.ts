/** Cells of bookings, balances, claims of other models, registrations, contacts and the platform account. */
import { literal, literalList } from '../../engines/sql.ts'
import { EMPLOYER_TYPES, FINANCIAL_PRODUCTS, OCCUPATIONS } from '../../schema/vocabulary.ts'
import type { PlanStep } from '../plan.ts'
import { DAYS, keyOf } from './cellKeys.ts'
import {
  ageSql,
  levelCells,
  millionthsSql,
  minorSql,
  named,
  seenCells,
  sliceSql,
  sumCells,
  unionAll,
} from './cellSql.ts'

/** Columns of a row of cells that happened at a time. */
const at = (time: string, minor = '0::BIGINT'): string =>
  `${sliceSql(time)} AS slice, ${minor} AS minor, ${ageSql(time)} AS age`

const bookings: PlanStep = {
  name: 'booking_cells',
  about: 'bookings by kind, border, cabin and month, and fares of domestic flights with a full fare',
  sql: (from) => {
    const known = from.asOf('bookings', { days: DAYS })
    const border = "CASE WHEN international THEN 'international' ELSE 'domestic' END"
    const fares = `${known} WHERE kind = 'flight' AND NOT international AND full_fare > 0`
    return sumCells(
      named(
        unionAll(
          `SELECT o, kind || ':' || ${border} || CASE WHEN kind = 'flight' THEN ':' || coalesce(cabin, 'none') ELSE '' END AS name, ${at('booked_at', minorSql('fare'))} FROM ${known}`,
          `SELECT o, 'fare:paid' AS name, ${at('booked_at', minorSql('fare'))} FROM ${fares}`,
          `SELECT o, 'fare:full' AS name, ${at('booked_at', minorSql('full_fare'))} FROM ${fares}`,
        ),
      ),
    )
  },
}

const balances: PlanStep = {
  name: 'balance_cells',
  about: 'values of assets at the end of each month with a valuation, returns, and levels that other models claim',
  sql: (from) => {
    const known = from.asOf('balances')
    const products = literalList(FINANCIAL_PRODUCTS)
    return unionAll(
      levelCells(
        named(
          `SELECT o, 'level:' || asset_type AS name, ${at('valued_on', minorSql('value'))}, valued_on AS moment FROM ${known}`,
        ),
      ),
      sumCells(
        named(
          `SELECT o, 'return:' || asset_type AS name, ${at('valued_on', minorSql('return_amount'))} FROM ${from.asOf('balances', { days: DAYS })} WHERE return_amount IS NOT NULL AND asset_type IN ${products}`,
        ),
      ),
      levelCells(
        named(
          `SELECT o, 'claim:' || attribute AS name, ${at('known_at', millionthsSql('value'))}, known_at AS moment FROM ${from.asOf('inferred_attributes')}`,
        ),
      ),
    )
  },
}

/** The class of the latest present registration of a kind; a class outside of the list reads as `rest`. */
const presentClass = (kind: string, classes: readonly string[], rest: string, known: string): string => `
SELECT o, ${literal(`${kind}:`)} || CASE WHEN value IN ${literalList(classes)} THEN value ELSE ${literal(rest)} END AS name, ${at('valid_from')}
FROM (SELECT o, t, arg_max(value, valid_from) AS value, max(valid_from) AS valid_from FROM ${known} WHERE kind = ${literal(kind)} AND valid_to IS NULL GROUP BY o, t) AS latest`

const registrations: PlanStep = {
  name: 'registration_cells',
  about:
    'registrations that began, ended and are present, by kind and month; different values; present classes of work',
  sql: (from) => {
    const known = from.asOf('registrations')
    return unionAll(
      sumCells(
        named(
          unionAll(
            `SELECT o, 'registered:' || kind AS name, ${at('valid_from')} FROM ${known}`,
            `SELECT o, 'ended:' || kind AS name, ${at('valid_to')} FROM ${known} WHERE valid_to IS NOT NULL`,
            `SELECT o, 'present:' || kind AS name, ${at('valid_from')} FROM ${known} WHERE valid_to IS NULL`,
            presentClass('employer', EMPLOYER_TYPES, 'unknown', known),
            presentClass('occupation', OCCUPATIONS, 'other', known),
            `SELECT o, 'account' AS name, ${at('account_opened_on')} FROM ${from.asOf('people')}`,
          ),
        ),
      ),
      seenCells(
        named(`SELECT o, 'value:' || kind AS name, value AS item, ${sliceSql('valid_from')} AS slice FROM ${known}`),
      ),
    )
  },
}

const contacts: PlanStep = {
  name: 'contact_cells',
  about: 'contacts that began, ended and are present, with their closeness, by month',
  sql: (from) => {
    const known = from.asOf('contacts')
    const closeness = millionthsSql('closeness')
    const of = (name: string, time: string, where: string): string =>
      `SELECT o, ${keyOf(`contact:${name}`)}::SMALLINT AS key, ${at(time, closeness)} FROM ${known}${where}`
    return sumCells(
      unionAll(
        of('new', 'since', ''),
        of('ended', 'until', ' WHERE until IS NOT NULL'),
        of('present', 'since', ' WHERE until IS NULL'),
        of('close', 'since', ' WHERE until IS NULL AND closeness >= 0.5'),
      ),
    )
  },
}

export const PERSON_CELLS = {
  steps: [bookings, balances, registrations, contacts],
  cells: ['booking_cells', 'balance_cells', 'registration_cells', 'contact_cells'],
} as const
