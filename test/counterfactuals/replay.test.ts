import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Counterfactual, Counterfactuals } from '../../src/counterfactuals/counterfactual.ts'
import { counterfactualSearch } from '../../src/counterfactuals/counterfactualSearch.ts'
import { changeReference } from '../../src/counterfactuals/reference.ts'
import { HISTORY_TABLES, type History } from '../../src/counterfactuals/replay/history.ts'
import type { HistoryEvent } from '../../src/counterfactuals/replay/historyEvents.ts'
import { NO_RECIPE } from '../../src/counterfactuals/replay/recipes.ts'
import type { Replay } from '../../src/counterfactuals/replay/replay.ts'
import { replayCounterfactuals } from '../../src/counterfactuals/replay/replayCounterfactuals.ts'
import { sameValue } from '../../src/counterfactuals/replay/tolerance.ts'
import { openDuckDB } from '../../src/engines/duckdb.ts'
import type { Engine } from '../../src/engines/engine.ts'
import { loadModel } from '../../src/formats/modelFile.ts'
import { TABLES, type TableName } from '../../src/schema/tables.ts'
import { type Scorer, scoreFrame } from '../../src/scores/scorer.ts'
import { features } from '../../src/stages/features.ts'
import { type LoadedFeatures, loadFeatures } from '../../src/stages/loadFeatures.ts'
import { random } from '../../src/util/random.ts'
import { buildWorld, type Cell, type Row, type World } from '../features/world.ts'
import { openSample, SAMPLE, type Sample, SPECS } from './replaySample.ts'
import { smallScorer } from './smallWorld.ts'

const DATE = '2025-01-01'
const shifted = (iso: string, days: number): string =>
  new Date(Date.parse(`${iso}T00:00:00Z`) + 86_400_000 * days).toISOString().slice(0, 10)

/** A cell of a history as people write it, `later` days later. */
const written = (value: unknown, type: string, later: number): Cell => {
  if (value === null || value === undefined) return null
  if (type === 'date') return shifted('1970-01-01', (value as number) + later)
  if (type === 'timestamp') return new Date((value as number) / 1000 + later * 86_400_000).toISOString().slice(0, 19)
  if (type === 'money') return (value as number) / 100
  return type === 'boolean' ? (value as number) > 0 : (value as Cell)
}

/** The own rows, the whole life so much later, with the events as they stand in the answer: nothing of the code that made them. */
const worldOf = (person: string, history: History, events: readonly HistoryEvent[], later: number): World => {
  const world: World = {}
  for (const table of HISTORY_TABLES) {
    if (table === 'contacts' || table === 'inferred_attributes') continue
    const { columns, key } = TABLES[table as TableName]
    const own = (history[table] as unknown as Record<string, unknown>[]).map(
      (row): Row =>
        Object.fromEntries(Object.entries(columns).map(([name, { type }]) => [name, written(row[name], type, later)])),
    )
    const mine = events.filter((event) => event.table === table)
    // A row that is changed or left out is found by its key as it was.
    const same = (row: Row, event: HistoryEvent): boolean =>
      key.every((name) => name === 'person_id' || row[name] === ((event.was ?? event.row)[name] ?? null))
    const rows = own.flatMap((row) => {
      const event = mine.find((e) => e.action !== 'added' && same(row, e))
      if (!event) return [row]
      return event.action === 'left out' ? [] : [{ ...row, ...event.row }]
    })
    for (const event of mine) if (event.action === 'added') rows.push({ ...event.row })
    const named = (row: Row): Row => ({
      ...row,
      ...('person_id' in columns ? { person_id: person } : {}),
      ...(row['account_id'] ? { account_id: `${person} ${row['account_id']}` } : {}),
    })
    world[table] = rows.map(named)
  }
  return world
}

/** Worlds side by side, and somebody who fills the columns that a person may never fill. */
const together = (worlds: readonly World[]): World => {
  const world = Object.fromEntries(
    Object.keys(worlds[0]!).map((table) => [table, worlds.flatMap((one) => one[table as TableName] ?? [])]),
  ) as Required<World>
  const other = { person_id: 'other', occurred_at: '2012-01-02', direction: 'out', scenario: 'groceries' }
  const goods = { category: 'games', counterparty_id: 'm', district_id: 'd' }
  world.transactions.push({ ...other, ...goods, transaction_id: 'x', amount: 1 })
  const flight = { person_id: 'other', booking_id: 'x', booked_at: '2012-01-02', kind: 'flight', cabin: 'economy' }
  world.bookings.push({ ...flight, international: false, fare: 1, full_fare: 1 })
  const fund = { person_id: 'other', asset_type: 'bond_fund', valued_on: '2012-01-02', value: 1, return_amount: 1 }
  world.balances.push(fund)
  return world
}

let folder: string
let sample: Sample
let engine: Engine
let loaded: LoadedFeatures
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'replay-'))
  const table = await features({ data: SAMPLE, out: join(folder, 'features'), threads: 1, dates: [DATE] })
  sample = await openSample()
  engine = await openDuckDB({ threads: 1 })
  loaded = await loadFeatures(engine, table.folder)
}, 60_000)
afterAll(async () => {
  sample.close()
  engine.close()
  await rm(folder, { recursive: true, force: true })
})

/** Options of some people below the cutoff, and their replays. */
const replayed = async (
  scorer: Scorer,
  people: number,
): Promise<{ results: Counterfactuals[]; replays: Replay[][] }> => {
  const { frame } = loaded
  const { score } = scoreFrame(scorer, frame)
  const cutoff = score.slice().sort()[30]!
  const below = Array.from(score.keys()).filter((row) => score[row]! < cutoff)
  const find = counterfactualSearch(scorer, changeReference(frame), { cutoff, options: 1, nodes: 5 })
  const results = below.slice(0, people).map((row) => find(frame, row))
  return { results, replays: await replayCounterfactuals({ engine, data: SAMPLE, scorer, results, frame }) }
}

const READ = [
  'institutions_visited_3m',
  'repayment_months_total',
  'transactions_1y',
  'payment_scenarios_1y',
  'flights_1y',
  'mean_liquid_assets_1m',
  'consumption_1m',
  'phone_tenure_days',
  'delivery_districts_1y',
]

/** A linear model with random weights of some factors. */
const linear = (): Scorer => {
  const made = smallScorer('linear', loaded.frame, random(5))
  const { encoding, model } = made
  if (model.kind !== 'logistic') throw new Error('a linear model is needed')
  const reads = (column: number): boolean => READ.includes(encoding.factors[encoding.columns[column]!.factor]!.name)
  return { ...made, model: { ...model, coefficients: model.coefficients.map((x, j) => (reads(j) ? x / 2 : 0)) } }
}

const forest = async (): Promise<Scorer> =>
  (await loadModel(fileURLToPath(new URL('../../models/reference', import.meta.url)))).scorer

describe.each(['reference forest', 'random linear model'])('replay of counterfactuals, %s', (name) => {
  let results: Counterfactuals[]
  let replays: Replay[][]
  let scorer: Scorer
  const each = (): { result: Counterfactuals; option: Counterfactual; replay: Replay }[] =>
    results.flatMap((result, k) => result.options.map((option, n) => ({ result, option, replay: replays[k]![n]! })))
  beforeAll(async () => {
    scorer = name === 'reference forest' ? await forest() : linear()
    const done = await replayed(scorer, 10)
    results = done.results
    replays = done.replays
  }, 60_000)

  it('gives every option its replay: agreement means no factor differs and the score is the promised one', () => {
    expect(replays.map((all) => all.length)).toEqual(results.map(({ options }) => options.length))
    expect(each().length).toBeGreaterThan(4)
    for (const { result, option, replay } of each()) {
      expect(replay.agrees).toBe(replay.differs.length === 0 && replay.score === option.score)
      expect(replay.reaches).toBe(replay.score >= result.cutoff)
      for (const { factor } of option.changes)
        if (factor in NO_RECIPE) expect(replay.notExpressible.map((n) => n.factor)).toContain(factor)
      expect(replay.monthsAhead).toBeGreaterThanOrEqual(option.months)
    }
    expect(each().some(({ replay }) => replay.agrees)).toBe(true)
  })

  it('says in its events all that is needed: applied to the own rows they give the factors, promised or as they differ', async () => {
    const some = each()
      .slice(0, 12)
      .map((one, n) => ({ ...one, person: `P${n}`, later: Math.floor((365 / 12) * one.option.months) }))
    const historyOf = (id: string): number => sample.observed.findIndex(({ personId }) => personId === id)
    const worlds = some.map(({ person, later, result, replay }) =>
      worldOf(person, sample.histories[historyOf(result.personId)]!, replay.events, later),
    )
    const { rows } = await buildWorld(
      together(worlds),
      some.map(({ later }) => shifted(DATE, later)),
    )
    for (const { result, option, replay, person, later } of some) {
      const date = shifted(DATE, later)
      const made = rows.find((row) => row['person_id'] === person && row['observation_date'] === date)!
      const own = sample.values[historyOf(result.personId)]!
      for (const spec of scorer.encoding.factors) {
        if (spec.name in NO_RECIPE) continue
        const differs = replay.differs.find(({ factor }) => factor === spec.name)
        const change = option.changes.find(({ factor }) => factor === spec.name)
        const wanted = differs ? differs.replayed : change ? change.to : own[spec.name]!
        const raw = made[spec.name] ?? null
        expect(sameValue(spec, wanted, raw), `${result.personId} ${spec.name}: ${wanted} is ${raw}`).toBe(true)
      }
    }
  }, 60_000)

  it('scores the replayed factors: promised values and differences together give the replayed score', () => {
    const { frame } = loaded
    for (const { result, option, replay } of each()) {
      const row = frame.personId.indexOf(result.personId)
      const values = new Map<string, number | string | null>()
      for (const { factor, to } of option.changes) if (!(factor in NO_RECIPE)) values.set(factor, to)
      for (const { factor, replayed: to } of replay.differs) values.set(factor, to)
      const numbers: Record<string, Float64Array> = {}
      const categories: Record<string, (string | null)[]> = {}
      for (const { name: factor, kind } of SPECS) {
        const own = kind === 'category' ? frame.categories[factor]![row]! : frame.numbers[factor]![row]!
        const value = values.has(factor) ? values.get(factor)! : own
        if (kind === 'category') categories[factor] = [value as string | null]
        else numbers[factor] = Float64Array.of(typeof value === 'number' ? value : Number.NaN)
      }
      const one = { ...frame, rows: 1, personId: ['P'], observationDate: [DATE], numbers, categories }
      // Cents and parts of a share that are within the tolerance may be worth a point.
      expect(Math.abs(scoreFrame(scorer, one).score[0]! - replay.score)).toBeLessThanOrEqual(1)
    }
  })
})

describe('what a replay refuses', () => {
  it('data that are not those of the feature table, folders that hold no data, and factors of other tables', async () => {
    const scorer = linear()
    const { results } = await replayed(scorer, 2)
    const other = {
      ...loaded.frame,
      numbers: { ...loaded.frame.numbers, transactions_1y: new Float64Array(loaded.frame.rows) },
    }
    const asked = { engine, data: SAMPLE, scorer, results, frame: other }
    await expect(replayCounterfactuals(asked)).rejects.toThrow('these data do not give the factors of the people')
    await expect(replayCounterfactuals({ ...asked, data: folder })).rejects.toThrow('this is not a dataset folder')
    const [spec, ...rest] = scorer.encoding.factors
    const strange = { ...scorer, encoding: { ...scorer.encoding, factors: [{ ...spec!, name: 'luck' }, ...rest] } }
    await expect(replayCounterfactuals({ ...asked, scorer: strange })).rejects.toThrow(
      `model ${scorer.name} has a factor that no event makes`,
    )
  }, 60_000)
})
