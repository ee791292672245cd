/** Outcomes drawn from the declared function, and what is sealed of it. */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { BackgroundSums, declaredShapley } from '../../src/attributions/declaredShapley.ts'
import { literal } from '../../src/engines/sql.ts'
import {
  type Engine,
  features,
  type LoadedFeatures,
  loadFeatures,
  openDuckDB,
  readDataset,
  simulate,
} from '../../src/index.ts'
import { readTruth } from '../../src/population/readTruth.ts'
import { truthFiles, truthFolder, truthIsWhole } from '../../src/population/truthFolder.ts'
import { curveAt, declaredLogOdds, declaredParts } from '../../src/schema/declaredFunction.ts'
import { DECLARED_FUNCTION } from '../../src/schema/declaredTerms.ts'
import { DIMENSIONS } from '../../src/schema/dimensions.ts'
import { FACTOR_CATALOGUE } from '../../src/schema/factorCatalogue.ts'
import { sha256File } from '../../src/util/hash.ts'
import { workshop } from './workshop.ts'

// Six populations are made, one after the other.
vi.setConfig({ testTimeout: 400_000, hookTimeout: 400_000 })

const folder = workshop()
const data = join(folder, 'data')
const PEOPLE = 2048
const asOf = '2025-01-01'
const months = 13
const declared = { seed: 4, asOf, months, outcome: 'declared' as const }

let engine: Engine
let loaded: LoadedFeatures
beforeAll(async () => {
  engine = await openDuckDB({ threads: 1 })
  await simulate({ ...declared, people: PEOPLE, out: data, threads: 1 })
  await features({ data, out: join(folder, 'features'), threads: 1 })
  loaded = await loadFeatures(engine, join(folder, 'features'))
})
afterAll(() => engine.close())

interface Row {
  person_id: string
  status: string
  definition: string
}
const outcomesOf = async (of: string): Promise<Row[]> => {
  const { files } = (await readDataset(of)).tables.outcomes!
  const paths = files.map((file) => literal(join(of, file))).join(', ')
  return engine.rows<Row>(`SELECT person_id, status, definition FROM read_parquet([${paths}]) ORDER BY ALL`)
}
const parquet = (file: string) => `read_parquet(${literal(file)})`

describe('outcomes from the declared function', () => {
  it('are good or bad for the eligible alone, at 6 to 8 %, and say by which definition', async () => {
    await simulate({ seed: 4, asOf, months, people: PEOPLE, out: join(folder, 'causal') })
    const before = await outcomesOf(join(folder, 'causal'))
    const after = await outcomesOf(data)
    expect(after.map((r) => r.person_id)).toEqual(before.map((r) => r.person_id))
    let [bads, drawn, changed] = [0, 0, 0]
    after.forEach(({ status, definition }, i) => {
      const was = before[i]!.status
      expect(definition).toBe('declared-1')
      if (was === 'excluded' || was === 'not_eligible') expect(status).toBe(was)
      else {
        expect(['good', 'bad']).toContain(status)
        drawn++
        if (status === 'bad') bads++
        if (status !== was) changed++
      }
    })
    expect(drawn).toBeGreaterThan(1000)
    expect(changed).toBeGreaterThan(50)
    // Three standard errors of the rate of some 1,200 rows are 2.2 points.
    expect(bads / drawn).toBeGreaterThan(0.05)
    expect(bads / drawn).toBeLessThan(0.09)
    const { outcome, notes } = await readDataset(data)
    expect(outcome.name).toBe('declared-1')
    expect(notes.at(-1)).toMatch(/drawn from the declared function, version 1/)
    expect(loaded.table.outcome.text).toMatch(/^Bad: drawn with the probability that the declared function/)
    // The factors are not touched.
    await features({ data: join(folder, 'causal'), out: join(folder, 'causal-features') })
    expect(await sha256File(join(folder, 'causal-features', 'features.parquet'))).toBe(
      await sha256File(join(folder, 'features', 'features.parquet')),
    )
  })

  it('come as often as the function says', async () => {
    const truth = (await readTruth(data, 'declared'))!
    const rows = await engine.rows<{ p: number; bad: number }>(
      `SELECT t.p_bad AS p, (o.status = 'bad')::INTEGER AS bad FROM ${parquet(truth.file)} AS t
       JOIN ${parquet(join(data, 'outcomes.parquet'))} AS o USING (person_id, observation_date)
       WHERE o.status IN ('good', 'bad') ORDER BY p`,
    )
    /** Standardized difference between bads and the sum of probabilities. */
    const z = (part: typeof rows, of = (p: number) => p): number =>
      part.reduce((s, r) => s + r.bad - of(r.p), 0) / Math.sqrt(part.reduce((s, r) => s + r.p * (1 - r.p), 0))
    const third = Math.floor(rows.length / 3)
    for (const part of [rows.slice(0, third), rows.slice(third, 2 * third), rows.slice(2 * third)])
      expect(Math.abs(z(part))).toBeLessThan(3.5)
    // Half more than it says would be seen.
    expect(Math.abs(z(rows, (p) => 1.5 * p))).toBeGreaterThan(3.5)
  })

  it('are the same bytes for 1 and 2 threads, and for a person whatever comes after; another seed gives others', async () => {
    const [few, two] = [join(folder, 'few'), join(folder, 'two')]
    await simulate({ ...declared, people: 512, out: few, threads: 1 })
    await simulate({ ...declared, people: 512, out: two, threads: 2 })
    expect(await sha256File(join(two, 'outcomes.parquet'))).toBe(await sha256File(join(few, 'outcomes.parquet')))
    const [a, b] = [truthFiles(few, 'declared'), truthFiles(two, 'declared')]
    for (const file of ['json', 'parquet'] as const) expect(await sha256File(b[file])).toBe(await sha256File(a[file]))
    const first = await outcomesOf(few)
    expect(first.length).toBeGreaterThan(450)
    expect(first).toEqual((await outcomesOf(data)).slice(0, first.length))
    await simulate({ ...declared, seed: 5, people: 512, out: join(folder, 'other') })
    expect(await outcomesOf(join(folder, 'other'))).not.toEqual(first)
  })
})

describe('what is sealed', () => {
  it('lies beside the data and not in them', async () => {
    expect(truthFolder(`${data}/`)).toBe(`${data}.truth`)
    expect(readdirSync(truthFolder(data)).sort()).toEqual(['declared.json', 'declared.parquet'])
    for (const name of readdirSync(data, { recursive: true }) as string[]) {
      expect(name).not.toMatch(/truth|declared/)
      if (!name.endsWith('.parquet')) continue
      const columns = await engine.rows<{ column_name: string }>(`DESCRIBE FROM ${parquet(join(data, name))}`)
      for (const { column_name } of columns) expect(column_name).not.toMatch(/p_bad|log_odds|probability/)
    }
    expect(readFileSync(join(data, 'dataset.json'), 'utf8')).not.toMatch(/knots|p_bad/)
  })

  it('is the function, its probability and its Shapley values for every row, against the stated background', async () => {
    const truth = (await readTruth(data, 'declared'))!
    const { frame, status } = loaded
    const fn = DECLARED_FUNCTION
    expect(truth.head.rows).toBe(frame.rows)
    expect(truth.head.outcomesSha256).toBe(await sha256File(join(data, 'outcomes.parquet')))
    const details = truth.head.details as {
      function: unknown
      factors: string[]
      dimensions: string[]
      background: { text: string; rows: number; base: number }
    }
    expect(details.function).toEqual(JSON.parse(JSON.stringify(fn)))
    const names = [...details.factors, ...details.dimensions]
    const { numbers } = await engine.columns(
      `SELECT * FROM ${parquet(truth.file)} ORDER BY person_id, observation_date`,
      ['log_odds', 'p_bad', ...names],
    )
    // By the definition of a term, value by value.
    const value = (factor: string, i: number) => frame.numbers[factor]?.[i] ?? frame.categories[factor]?.[i] ?? null
    for (let i = 0; i < frame.rows; i++) {
      const f =
        fn.intercept +
        fn.terms.reduce((s, t) => s + curveAt(t.curve, value(t.factor, i)), 0) +
        fn.pairs.reduce(
          (s, { factors: [j, k], weight, curves: [a, b] }) =>
            s + weight * curveAt(a, value(j, i)) * curveAt(b, value(k, i)),
          0,
        )
      expect(numbers['log_odds']![i]!).toBeCloseTo(f, 12)
      expect(numbers['p_bad']![i]!).toBeCloseTo(1 / (1 + Math.exp(-f)), 12)
      for (const players of [details.factors, details.dimensions]) {
        const sum = players.reduce((s, name) => s + numbers[name]![i]!, details.background.base)
        expect(Math.abs(sum - f)).toBeLessThan(1e-12)
      }
    }
    const parts = declaredParts(fn, frame)
    expect([...declaredLogOdds(fn, parts, frame.rows)]).toEqual([...numbers['log_odds']!])
    const sums = new BackgroundSums(fn)
    const labeled = [...status.keys()].filter((i) => status[i] === 'good' || status[i] === 'bad')
    sums.add(parts, labeled)
    expect(details.background).toMatchObject({ text: expect.stringMatching(/good or bad/), ...sums.means() })
    const at = (f: string) =>
      DIMENSIONS.findIndex((d) => d.name === FACTOR_CATALOGUE.find((c) => c.name === f)!.dimension)
    const grouped = declaredShapley(fn, parts, frame.rows, sums.means(), at, 5)
    details.dimensions.forEach((name, d) => {
      expect([...numbers[name]!]).toEqual([...grouped.subarray(d * frame.rows, (d + 1) * frame.rows)])
    })
    // A factor that the function does not look at has no part in anything.
    expect(numbers['games_share_1y']!.every((v) => v === 0)).toBe(true)
    expect(numbers['donations_1y']!.some((v) => v !== 0)).toBe(true)
  })

  it('is made again when it is gone, and goes when payments decide again', async () => {
    const out = join(folder, 'few')
    const again = () => simulate({ ...declared, people: 512, out })
    expect((await again()).skipped).toBe(true)
    const { parquet: file, json } = truthFiles(out, 'declared')
    const hash = await sha256File(file)
    rmSync(file)
    expect(await truthIsWhole(out, 'declared')).toBe(false)
    expect((await again()).skipped).toBe(false)
    expect(await sha256File(file)).toBe(hash)
    writeFileSync(json, readFileSync(json, 'utf8').replace('"glasscore.truth"', '"glasscore.tale"'))
    await expect(readTruth(out, 'declared')).rejects.toThrow(
      /declared.json, column format: this is not the truth of a simulation/,
    )
    writeFileSync(json, '{')
    await expect(readTruth(out, 'declared')).rejects.toThrow(/not valid JSON/)
    await again()
    writeFileSync(file, 'x')
    await expect(readTruth(out, 'declared')).rejects.toThrow(/the truth was changed after it was written/)
    rmSync(file)
    await expect(readTruth(out, 'declared')).rejects.toThrow(/a file of the truth is gone/)
    await simulate({ seed: 4, asOf, months, people: 512, out })
    expect(existsSync(json)).toBe(false)
    expect(await readTruth(out, 'declared')).toBeUndefined()
    expect((await readTruth(out, 'causal'))?.head.kind).toBe('causal')
  })
})
