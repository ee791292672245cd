/** The truth of a causal simulation, and of none: what is read, and what is refused. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { hasTruth, openTruth, type Predictions, rowsWithTruth } from '../../../src/audits/recovery/openTruth.ts'
import { openDuckDB } from '../../../src/engines/duckdb.ts'
import type { Engine } from '../../../src/engines/engine.ts'
import { writeDataset } from '../../../src/engines/folders.ts'
import { outcomesHash, removeTruth, truthFiles, writeTruth } from '../../../src/population/truthFolder.ts'
import { datasetOf } from '../../features/world.ts'
import { workshop } from '../../stages/workshop.ts'

const folder = workshop()
const data = join(folder, 'data')
const predictions = join(folder, 'predictions.parquet')

let engine: Engine
beforeAll(async () => {
  engine = await openDuckDB({ threads: 1 })
})
afterAll(() => engine.close())

const TRUTH = `SELECT * FROM (VALUES ('a', DATE '2024-01-01', 0.1, 0.2, 0.01), ('b', DATE '2024-01-01', 0.3, 0.4, 0.03),
  ('b', DATE '2024-04-01', 0.5, 0.0, 0.02), ('c', DATE '2024-01-01', NULL, NULL, NULL)) AS v (person_id, observation_date, p_bad, p_indeterminate, standard_error)
ORDER BY person_id, observation_date`

const predict = (rows: string) =>
  engine.writeParquet(
    `SELECT * FROM (VALUES ${rows}) AS v (person_id, observation_date, model, part, target, margin, probability) ORDER BY ALL`,
    predictions,
  )
const row = (person: string, day: string, model: string, target = 0) =>
  `('${person}', DATE '${day}', '${model}', 'test', ${target}, -1.5, 0.2)`
const of = (models: string[], indeterminate: Predictions['indeterminate'] = 'exclude'): Predictions => ({
  file: predictions,
  models,
  indeterminate,
})

beforeEach(async () => {
  mkdirSync(data, { recursive: true })
  await engine.writeParquet("SELECT 'a' AS person_id ORDER BY 1", join(data, 'outcomes.parquet'))
  await writeDataset(data, datasetOf(['outcomes']))
  await writeTruth(engine, data, 'causal', TRUTH, {
    seed: 3,
    outcomesSha256: await outcomesHash(data, ['outcomes.parquet']),
    text: 'P(bad | latent state)',
    details: {},
  })
  await predict([row('b', '2024-04-01', 'tree', 1), row('a', '2024-01-01', 'tree')].join(', '))
})

describe('truth', () => {
  it('is read for the rows of the models, in their order, as the training counted the indeterminate', async () => {
    const truth = await openTruth(data)
    expect(truth.head).toMatchObject({ kind: 'causal', seed: 3, rows: 4 })
    const found = await rowsWithTruth(engine, truth, of(['tree']))
    expect([...found.truth]).toEqual([0.1 / 0.8, 0.5])
    expect(found).toMatchObject({ personId: ['a', 'b'], part: 'test', observationDate: ['2024-01-01', '2024-04-01'] })
    expect([...found.target]).toEqual([0, 1])
    expect(found.meanStandardError).toBeCloseTo(0.015, 12)
    expect(found.models[0]).toMatchObject({ model: 'tree', probability: Float64Array.of(0.2, 0.2) })
    expect([...(await rowsWithTruth(engine, truth, of(['tree'], 'good'))).truth]).toEqual([0.1, 0.5])
    const bad = await rowsWithTruth(engine, truth, of(['tree'], 'bad'))
    expect(bad.truth[0]).toBeCloseTo(0.3, 12)
    expect(bad.text).toMatch(/bad or indeterminate/)
  })

  it('leaves out, and counts, labeled rows of people who are excluded in truth', async () => {
    const truth = await openTruth(data)
    const models = ['tree', 'forest']
    await predict(models.flatMap((m) => [row('a', '2024-01-01', m), row('c', '2024-01-01', m)]).join(', '))
    const found = await rowsWithTruth(engine, truth, of(models))
    expect(found).toMatchObject({ personId: ['a'], withoutProbability: 1 })
    expect(found.models.map((m) => m.margin.length)).toEqual([1, 1])
  })

  it('is refused where rows, outcomes or models do not fit it', async () => {
    const truth = await openTruth(data)
    await predict([row('a', '2024-01-01', 'tree'), row('d', '2024-01-01', 'tree')].join(', '))
    await expect(rowsWithTruth(engine, truth, of(['tree']))).rejects.toThrow(
      /row d on 2024-01-01: a row of the run has no truth/,
    )
    await predict(row('c', '2024-01-01', 'tree'))
    await expect(rowsWithTruth(engine, truth, of(['tree']))).rejects.toThrow(/no row of the run has a probability/)
    await predict([row('a', '2024-01-01', 'tree'), row('b', '2024-01-01', 'forest')].join(', '))
    await expect(rowsWithTruth(engine, truth, of(['tree', 'forest']))).rejects.toThrow(
      /models were not measured on the same rows; got "forest"/,
    )
    await engine.writeParquet("SELECT 'b' AS person_id ORDER BY 1", join(data, 'outcomes.parquet'))
    await expect(openTruth(data)).rejects.toThrow(/the truth is of other outcomes/)
  })

  it('is there or not: nobody looks for it elsewhere', async () => {
    expect(await hasTruth(data)).toBe(true)
    rmSync(truthFiles(data, 'causal').parquet)
    await expect(openTruth(data)).rejects.toThrow(/a file of the truth is gone/)
    await removeTruth(data, 'causal')
    expect(await hasTruth(data)).toBe(false)
    await expect(openTruth(data)).rejects.toThrow(
      /there is no truth beside the data; expected data that glasscore simulate/,
    )
    writeFileSync(truthFiles(data, 'causal').parquet, 'x')
    await expect(openTruth(data)).rejects.toThrow(/the truth is not whole/)
    expect(await hasTruth(join(folder, 'nothing'))).toBe(false)
  })

  it('of several files of outcomes is that of all of them', async () => {
    await engine.writeParquet("SELECT 'c' AS person_id ORDER BY 1", join(data, 'more.parquet'))
    const both = await outcomesHash(data, ['outcomes.parquet', 'more.parquet'])
    expect(both).not.toBe(await outcomesHash(data, ['more.parquet', 'outcomes.parquet']))
    expect(both).toMatch(/^[0-9a-f]{64}$/)
  })
})
