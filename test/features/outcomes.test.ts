import { describe, expect, it } from 'vitest'
import { openDuckDB } from '../../src/engines/duckdb.ts'
import { deriveOutcomes } from '../../src/features/outcomes.ts'
import { DEFAULT_OUTCOME, type OutcomeDefinition } from '../../src/schema/outcome.ts'
import { random } from '../../src/util/random.ts'
import { daysPastDue, settleByQueue } from './bruteForce.ts'
import { dayNumber } from './days.ts'
import { randomWorld } from './randomWorld.ts'
import { rowsSql, type World } from './world.ts'

const TABLES = ['people', 'credit_accounts', 'instalments', 'repayments'] as const

interface Outcome {
  person_id: string
  observation_date: string
  status: string
  definition: string
}

const derive = async (world: World, dates: string[], definition = DEFAULT_OUTCOME): Promise<Outcome[]> => {
  const engine = await openDuckDB({ threads: 1 })
  try {
    for (const t of TABLES) await engine.run(`CREATE TABLE raw_${t} AS ${rowsSql(t, world[t] ?? [])}`)
    return await engine.rows<Outcome>(await deriveOutcomes(engine, { dates, definition }, 'raw_'))
  } finally {
    engine.close()
  }
}

/** The status from the definition, looking at every day of the performance window. */
const bruteStatus = (world: World, person: string, t: string, definition: OutcomeDefinition): string => {
  const day = dayNumber(t)
  const items = (world.credit_accounts ?? [])
    .filter((a) => a['person_id'] === person)
    .flatMap((a) =>
      settleByQueue(
        (world.instalments ?? []).filter((i) => i['account_id'] === a['account_id']),
        (world.repayments ?? []).filter((r) => r['account_id'] === a['account_id']),
      ),
    )
  if (!items.some((i) => i.due >= day && i.due < day + definition.eligibleWindowDays)) return 'not_eligible'
  const worst = (d: number): number => Math.max(...items.map((i) => daysPastDue(i, d)))
  if (worst(day) >= definition.badDaysPastDue) return 'excluded'
  let worstOfAll = 0
  for (let d = day; d < day + definition.performanceWindowDays; d++) worstOfAll = Math.max(worstOfAll, worst(d))
  if (worstOfAll >= definition.badDaysPastDue) return 'bad'
  return worstOfAll >= definition.indeterminateDaysPastDue ? 'indeterminate' : 'good'
}

const one = (instalments: [string, number][], repayments: [string, number][]): World => ({
  people: [{ person_id: 'P', account_opened_on: '2020-01-01' }],
  credit_accounts: [
    {
      account_id: 'A',
      person_id: 'P',
      institution_id: 'I',
      product: 'loan',
      opened_on: '2022-01-01',
      principal_or_limit: 1000,
    },
  ],
  instalments: instalments.map(([due_on, due_amount]) => ({ account_id: 'A', due_on, due_amount })),
  repayments: repayments.map(([paid_on, amount], i) => ({ repayment_id: `R${i}`, account_id: 'A', paid_on, amount })),
})

describe('outcomes', () => {
  const t = '2023-01-01'
  // 2023-02-01 + 90 days = 2023-05-02; 2022-10-03 + 90 days = 2023-01-01 = t; 2023-10-03 is t + 275
  it.each<[string, string, [string, number][], [string, number][]]>([
    ['paid in time', 'good', [['2023-02-01', 100]], [['2023-02-01', 100]]],
    [
      'paid by two payments',
      'good',
      [['2023-02-01', 100]],
      [
        ['2023-01-20', 40],
        ['2023-02-01', 60],
      ],
    ],
    ['one cent short for ever', 'bad', [['2023-02-01', 100]], [['2023-02-01', 99.99]]],
    ['29 days late', 'good', [['2023-02-01', 100]], [['2023-03-02', 100]]],
    ['30 days late', 'indeterminate', [['2023-02-01', 100]], [['2023-03-03', 100]]],
    ['89 days late', 'indeterminate', [['2023-02-01', 100]], [['2023-05-01', 100]]],
    ['90 days late', 'bad', [['2023-02-01', 100]], [['2023-05-02', 100]]],
    [
      '90 days past due at t',
      'excluded',
      [
        ['2022-10-03', 100],
        ['2023-02-01', 100],
      ],
      [],
    ],
    [
      '89 days past due at t, then paid',
      'indeterminate',
      [
        ['2022-10-04', 100],
        ['2023-02-01', 100],
      ],
      [
        ['2023-01-01', 100],
        ['2023-02-01', 100],
      ],
    ],
    [
      '90 days past due before t, cured',
      'good',
      [
        ['2022-06-01', 100],
        ['2023-02-01', 100],
      ],
      [
        ['2022-12-31', 100],
        ['2023-02-01', 100],
      ],
    ],
    [
      'a payment meant for the new one settles the old one',
      'bad',
      [
        ['2022-12-15', 100],
        ['2023-02-01', 100],
      ],
      [['2023-02-01', 100]],
    ],
    ['due on the last eligible day', 'good', [['2023-10-02', 100]], [['2023-10-02', 100]]],
    ['due one day after it', 'not_eligible', [['2023-10-03', 100]], []],
    ['nothing due', 'not_eligible', [['2023-02-01', 0]], []],
    ['due the day before t only', 'not_eligible', [['2022-12-31', 100]], []],
    [
      '90 days reached on the last day of the window',
      'bad',
      [
        ['2023-02-01', 1],
        ['2023-10-02', 100],
      ],
      [['2023-02-01', 1]],
    ],
  ])('%s: %s', async (_, status, instalments, repayments) => {
    const [row] = await derive(one(instalments, repayments), [t])
    expect(row).toEqual({ person_id: 'P', observation_date: t, status, definition: 'dpd90-365' })
  })

  it('counts accounts opened after t too, and only people known before t', async () => {
    // The account was opened on 2022-01-01, its one instalment falls due on 2023-02-01.
    const world = one([['2023-02-01', 100]], [])
    expect(await derive(world, ['2019-12-31', '2020-01-01'])).toEqual([])
    expect(await derive(world, ['2021-12-31'])).toMatchObject([{ status: 'not_eligible' }])
    const early = one([['2022-02-01', 100]], [])
    expect(await derive(early, ['2021-06-01'])).toMatchObject([{ status: 'bad' }])
    expect(await derive(early, ['2021-04-01'])).toMatchObject([{ status: 'not_eligible' }])
  })

  it.each([21, 22, 23])('random world %i against the day-by-day twin', async (seed) => {
    const world = randomWorld(random(seed), '2024-03-01', 40)
    const dates = ['2022-09-01', '2023-03-01', '2023-09-15']
    const found = await derive(world, dates)
    const wrong = found.filter((o) => o.status !== bruteStatus(world, o.person_id, o.observation_date, DEFAULT_OUTCOME))
    expect(wrong).toEqual([])
    expect(new Set(found.map((o) => o.status)).size).toBeGreaterThanOrEqual(4)
  })

  it('catches a twin that lets payments settle the newest instalment', async () => {
    const world = randomWorld(random(21), '2024-03-01', 40)
    const newestFirst: World = {
      ...world,
      instalments: world.instalments!.map((i) => ({ ...i, due_on: String(i['due_on']) })).reverse(),
      repayments: [],
    }
    const found = await derive(newestFirst, ['2023-03-01'])
    expect(found.some((o) => o.status !== bruteStatus(world, o.person_id, o.observation_date, DEFAULT_OUTCOME))).toBe(
      true,
    )
  })

  it('refuses bad dates and windows that have not ended', async () => {
    await expect(derive({}, ['2023-02-30'])).rejects.toThrow(/not a date/)
    await expect(derive({}, [])).rejects.toThrow(/no observation date/)
    const engine = await openDuckDB({ threads: 1 })
    try {
      const options = { dates: ['2023-01-01'], definition: DEFAULT_OUTCOME, coveredTo: '2023-12-31' }
      await expect(deriveOutcomes(engine, options)).rejects.toThrow(/performance window has not ended/)
    } finally {
      engine.close()
    }
  })
})
