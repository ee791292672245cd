/** The wide mode from canonical tables to attributions, on a small synthetic population. */
import { appendFileSync, cpSync, existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { literal } from '../../src/engines/sql.ts'
import {
  attributeLevels,
  binnedMargins,
  explainWide,
  features,
  isWideFolder,
  loadModel,
  loadWideBins,
  openDuckDB,
  openPool,
  readDataset,
  readWideTable,
  rollUpOf,
  score,
  simulate,
  type TreeModel,
  train,
  type WideTable,
  wideCatalogue,
  wideFeatures,
} from '../../src/index.ts'
import { withWideSource } from '../../src/stages/wide/buildWide.ts'
import { TopVariables } from '../../src/stages/wide/topVariables.ts'
import { wideChunks } from '../../src/stages/wide/wideChunks.ts'
import { readJson, workshop } from './workshop.ts'

const folder = workshop()
const at = (name: string): string => join(folder, name)
const PEOPLE = 1024

beforeAll(async () => {
  await simulate({ people: PEOPLE, asOf: '2025-01-01', seed: 5, out: at('data'), threads: 2 })
  await wideFeatures({ data: at('data'), out: at('wide'), threads: 1 })
}, 480_000)

/** A copy of the wide folder to break. */
let copies = 0
const copy = (): string => {
  const name = at(`copy-${copies++}`)
  cpSync(at('wide'), name, { recursive: true })
  return name
}
const edit = (path: string, change: (table: WideTable) => void): void => {
  const table = readJson<WideTable>(join(path, 'wide.json'))
  change(table)
  writeFileSync(join(path, 'wide.json'), JSON.stringify(table))
}

describe('the folder of a wide table', () => {
  it('has the same bytes for 1 and 3 threads', async () => {
    const one = readJson<{ outputs: Record<string, string> }>(join(at('wide'), 'manifest.json'))
    const three = await wideFeatures({ data: at('data'), out: at('wide3'), threads: 3 })
    expect(three.manifest.outputs).toEqual(one.outputs)
    expect(Object.keys(one.outputs).sort()).toEqual([
      'bins.bin',
      'edges.bin',
      'groups.parquet',
      'outcomes.parquet',
      'summary.json',
      'wide.json',
    ])
    const again = await wideFeatures({ data: at('data'), out: at('wide3'), threads: 2 })
    expect(again.skipped).toBe(true)
  }, 480_000)

  it('holds every number of every row between its edges, and every gap', async () => {
    const table = await readWideTable(at('wide'))
    expect(table.rows).toBe(PEOPLE)
    expect(table.variables.map((v) => v.name)).toEqual(wideCatalogue().map((v) => v.name))
    const pool = openPool(1)
    const engine = await openDuckDB({ threads: 2 })
    const matrix = await loadWideBins(at('wide'), table, pool)
    try {
      const bytes = matrix.bytes()
      let wrong = 0
      let first = 0
      const options = { folder: at('data'), dataset: await readDataset(at('data')), dates: 'outcomes' as const }
      await withWideSource(engine, options, async (source) => {
        for await (const chunk of wideChunks(engine, source, pool)) {
          matrix.columns.forEach(({ edges }, j) => {
            for (let i = 0; i < chunk.rows; i++) {
              const x = chunk.columns[j]![i]!
              const bin = bytes[j * PEOPLE + first + i]!
              const inside =
                bin === 255 ? Number.isNaN(x) : !(x <= (edges[bin - 1] ?? -Infinity)) && x <= (edges[bin] ?? Infinity)
              if (!inside) wrong++
            }
          })
          first += chunk.rows
        }
      })
      expect(first).toBe(PEOPLE)
      expect(wrong).toBe(0)
    } finally {
      matrix.close()
      engine.close()
      await pool.close()
    }
  }, 480_000)

  it('has the rows of the table of factors, in their order, and gives some of them', async () => {
    await features({ data: at('data'), out: at('features'), threads: 2 })
    const engine = await openDuckDB({ threads: 1 })
    const pool = openPool(1)
    try {
      const rows = (name: string) =>
        engine.rows(`SELECT * FROM read_parquet(${literal(join(at(name), 'outcomes.parquet'))})`)
      expect(await rows('wide')).toEqual(await rows('features'))
      const table = await readWideTable(at('wide'))
      const whole = await loadWideBins(at('wide'), table, pool)
      const some = Int32Array.of(700, 3, 3, 1023)
      const part = await loadWideBins(at('wide'), table, pool, { rows: some })
      const [all, few] = [whole.bytes(), part.bytes()]
      for (let j = 0; j < table.variables.length; j++)
        some.forEach((row, i) => {
          if (few[j * 4 + i] !== all[j * PEOPLE + row]) throw new Error(`variable ${j} of row ${row}`)
        })
      await expect(loadWideBins(at('wide'), table, pool, { rows: Int32Array.of(1024) })).rejects.toThrow('no such row')
    } finally {
      engine.close()
      await pool.close()
    }
  }, 240_000)

  it('is refused when it was changed, cut short, or is of another version', async () => {
    const pool = openPool(1)
    const load = async (path: string) => loadWideBins(path, await readWideTable(path), pool)
    const flipped = copy()
    const bytes = readFileSync(join(flipped, 'bins.bin'))
    const at0 = bytes.indexOf(1)
    bytes[at0] = 0
    writeFileSync(join(flipped, 'bins.bin'), bytes)
    await expect(load(flipped)).rejects.toThrow(/damaged/)
    const strange = copy()
    const table = await readWideTable(strange)
    bytes[at0] = table.variables[Math.floor(at0 / PEOPLE)]!.bins
    writeFileSync(join(strange, 'bins.bin'), bytes)
    await expect(load(strange)).rejects.toThrow(/of no bin/)
    const short = copy()
    truncateSync(join(short, 'bins.bin'), 1000)
    await expect(load(short)).rejects.toThrow(/wrong size/)
    const long = copy()
    appendFileSync(join(long, 'edges.bin'), 'x')
    await expect(load(long)).rejects.toThrow(/wrong size/)
    const later = copy()
    edit(later, (t) => Object.assign(t, { version: 2 }))
    await expect(load(later)).rejects.toThrow(/version/)
    const moved = copy()
    edit(moved, (t) => {
      t.variables[5]!.factor = 'account_age_days'
    })
    await expect(load(moved)).rejects.toThrow(/not of the dimension of its factor/)
    const twice = copy()
    edit(twice, (t) => {
      t.variables[5]!.name = t.variables[6]!.name
    })
    await expect(load(twice)).rejects.toThrow(/same name/)
    await expect(readWideTable(at('features'))).rejects.toThrow(/not a folder of a wide table/)
    await pool.close()
  }, 240_000)

  it('appears whole or not at all', async () => {
    const stop = new AbortController()
    const progress = (step: string) => {
      if (step === 'cells') stop.abort()
    }
    const made = wideFeatures({ data: at('data'), out: at('stopped'), progress, signal: stop.signal, threads: 1 })
    await expect(made).rejects.toThrow(/stopped|interrupted/i)
    expect(existsSync(at('stopped'))).toBe(false)
    expect(readdirSync(folder).filter((name) => name.includes('.tmp-'))).toEqual([])
  }, 240_000)
})

describe('models of a wide table', () => {
  const models = {
    forest: { trees: 20, minLeaf: 5 },
    boosting: { rounds: 4, maxLeaves: 4, minLeaf: 10, columnsATree: 0.1 },
  }
  const options = { models, replicates: 200 }

  it('are trained on its bytes, and are the same for 1 and 2 threads', async () => {
    const two = await train({ features: at('wide'), out: at('train'), train: options, threads: 2 })
    const { summary } = two
    expect(Object.keys(summary.models)).toEqual(['forest', 'boosting'])
    expect(summary.train.rows + summary.test.rows).toBe(summary.outcomes['good']! + summary.outcomes['bad']!)
    // Some 20 bads among the test rows: chance would be far below.
    expect(summary.models['forest']!.auc.value).toBeGreaterThan(0.65)
    const one = await train({ features: at('wide'), out: at('train1'), train: options, threads: 1 })
    expect(one.manifest.outputs).toEqual(two.manifest.outputs)
    const { scorer } = await loadModel(join(at('train'), 'models', 'forest'))
    const rollUp = scorer.training['rollUp'] as { factors: string[]; factorOfVariable: number[] }
    expect(rollUp.factorOfVariable.map((f) => rollUp.factors[f])).toEqual(wideCatalogue().map((v) => v.factor))
  }, 480_000)

  it.each([
    ['a model that needs numbers', { models: { logistic: {} } }, /option models/],
    ['folds', { models, split: { by: 'folds' as const } }, /option split/],
    ['shuffled labels', { models, permuteLabels: 5 }, /option permute-labels/],
  ])('refuse %s', (_, wrong, message) => {
    expect(() => train({ features: at('wide'), out: at('none'), train: wrong })).toThrow(message)
  })

  it('score no table of factors', async () => {
    const scored = score({ models: [at('train')], features: at('features'), out: at('scores') })
    await expect(scored).rejects.toThrow(/lacks factors/)
  }, 240_000)

  it('have attributions that add up at three levels, in every row', async () => {
    const result = await explainWide({ features: at('wide'), models: [at('train')], out: at('explained'), threads: 2 })
    const engine = await openDuckDB({ threads: 1 })
    try {
      const rollUp = rollUpOf(await readWideTable(at('wide')))
      for (const [model, found] of Object.entries(result.summary.models)) {
        expect(found.additivityGap).toBeLessThan(1e-9)
        const file = literal(join(at('explained'), 'attributions.parquet'))
        const rows = await engine.rows<Record<string, number>>(
          `SELECT * FROM read_parquet(${file}) WHERE model = ${literal(model)}`,
        )
        expect(rows.length).toBe(PEOPLE)
        let factorsGap = 0
        let dimensionsGap = 0
        for (const row of rows) {
          const sums = new Map(rollUp.dimensions.map((d) => [d, 0]))
          rollUp.factors.forEach((name, f) => {
            const own = rollUp.dimensions[rollUp.dimensionOfFactor[f]!]!
            sums.set(own, sums.get(own)! + row[name]!)
          })
          let margin = row['base']!
          for (const [dimension, sum] of sums) {
            dimensionsGap = Math.max(dimensionsGap, Math.abs(sum - row[`dimension ${dimension}`]!))
            margin += sum
          }
          factorsGap = Math.max(factorsGap, Math.abs(margin - row['margin']!))
        }
        // Some thousand values are added in another order.
        expect(factorsGap).toBeLessThan(1e-9)
        expect(dimensionsGap).toBeLessThan(1e-9)
      }
      const top = await engine.rows<{ n: number; least: number; most: number }>(
        `SELECT count(*) AS n, min(rank) AS least, max(rank) AS most FROM read_parquet(${literal(join(at('explained'), 'top_variables.parquet'))})`,
      )
      expect(top).toEqual([{ n: 2 * PEOPLE * 5, least: 1, most: 5 }])
    } finally {
      engine.close()
    }
  }, 480_000)

  it('a variable that is put under another factor is noticed in the sums', async () => {
    const pool = openPool(1)
    const table = await readWideTable(at('wide'))
    const bins = await loadWideBins(at('wide'), table, pool, { rows: Int32Array.from({ length: 60 }, (_, i) => 7 * i) })
    const { scorer } = await loadModel(join(at('train'), 'models', 'forest'))
    const model = scorer.model as TreeModel
    const rollUp = rollUpOf(table)
    const margins = await binnedMargins(model, bins, pool)
    /** Largest gap between the sums of variables, by the true factor, and what stands for the factor; and to the margin. */
    const gaps = async (levels: typeof rollUp): Promise<{ factor: number; margin: number }> => {
      let [factor, margin] = [0, 0]
      for await (const block of attributeLevels(model, bins, levels, { pool, blockRows: 25 })) {
        for (let i = 0; i < block.rows; i++) {
          const sums = new Float64Array(rollUp.factors.length)
          let whole = block.base
          for (let j = 0; j < table.variables.length; j++) {
            const value = block.variables[j * block.rows + i]!
            sums[rollUp.factorOfVariable[j]!]! += value
            whole += value
          }
          margin = Math.max(margin, Math.abs(whole - margins[block.from + i]!))
          sums.forEach((sum, f) => {
            factor = Math.max(factor, Math.abs(sum - block.factors[f * block.rows + i]!))
          })
        }
      }
      return { factor, margin }
    }
    const sound = await gaps(rollUp)
    expect(sound.factor).toBeLessThan(1e-12)
    expect(sound.margin).toBeLessThan(1e-9)
    const used = model.trees[0]!.feature.find((feature) => feature >= 0)!
    const factorOfVariable = rollUp.factorOfVariable.slice()
    factorOfVariable[used] = (factorOfVariable[used]! + 1) % rollUp.factors.length
    expect((await gaps({ ...rollUp, factorOfVariable })).factor).toBeGreaterThan(1e-6)
    await pool.close()
  }, 240_000)

  it('are refused for a table of other variables', async () => {
    const other = copy()
    edit(other, (t) => {
      t.variables[0]!.name = 'something_else'
    })
    const explained = explainWide({ features: other, models: [at('train')], out: at('none') })
    await expect(explained).rejects.toThrow(/not trained on the variables/)
    expect(isWideFolder(other)).toBe(true)
  }, 240_000)
})

describe('the variables that matter most in a row', () => {
  it('are those with the largest attributions, the first of equal ones, and none of 0', () => {
    const top = new TopVariables(2, 3)
    // variables x rows
    top.take(Float64Array.of(1, 0, -3, 0, 1, 0, 0, 0.5, 2, 0))
    const frame = { personId: ['a', 'b'], observationDate: ['2024-01-01', '2024-01-01'] }
    const variables = [...'vwxyz'].map((name) => ({ name, factor: `f${name}` }))
    const columns = top.columns(frame as never, variables as never)
    expect(columns['variable']!.values).toEqual(['w', 'z', 'v', 'y', null, null])
    expect([...(columns['value']!.values as Float64Array)]).toEqual([-3, 2, 1, 0.5, 0, 0])
    expect([...(columns['rank']!.values as Int32Array)]).toEqual([1, 2, 3, 1, 2, 3])
    expect(columns['person_id']!.values).toEqual(['a', 'a', 'a', 'b', 'b', 'b'])
  })
})
