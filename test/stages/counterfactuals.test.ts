import { readFileSync, rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Counterfactuals } from '../../src/counterfactuals/counterfactual.ts'
import type { ReplayedCounterfactuals } from '../../src/counterfactuals/replay/replay.ts'
import { openDuckDB } from '../../src/engines/duckdb.ts'
import { loadModel } from '../../src/formats/modelFile.ts'
import { scoreFrame } from '../../src/scores/scorer.ts'
import { counterfactuals, counterfactualsOf } from '../../src/stages/counterfactuals.ts'
import { features } from '../../src/stages/features.ts'
import { loadFeatures } from '../../src/stages/loadFeatures.ts'

const at = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url))
const MODEL = at('models/reference')

describe('the stage of counterfactuals, on the sample and the reference forest', () => {
  let folder: string
  let table: string
  let scores: Int32Array
  let cutoff: number
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'counterfactuals-'))
    table = (await features({ data: at('data/sample/population'), out: join(folder, 'features'), threads: 1 })).folder
    const engine = await openDuckDB({ threads: 1 })
    const { frame } = await loadFeatures(engine, table)
    engine.close()
    scores = scoreFrame((await loadModel(MODEL)).scorer, frame).score
    // A few people lie below.
    cutoff = scores.slice().sort()[4]!
  }, 120_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('writes a row a change, all of them as JSON, and figures that follow from them; the same again', async () => {
    const options = { models: [MODEL], features: table, nodes: 5, options: 1, cutoff, threads: 1 }
    const done = await counterfactuals({ ...options, out: join(folder, 'a') })
    const all = JSON.parse(readFileSync(join(done.folder, 'counterfactuals.json'), 'utf8')) as Counterfactuals[]
    const [figures] = Object.values(done.summary.models)
    const engine = await openDuckDB({ threads: 1 })
    try {
      const below = scores.filter((score) => score < cutoff).length
      expect(figures).toMatchObject({ people: below, reached: 0 })
      expect(all).toHaveLength(below)
      expect(figures!.found + figures!.none + figures!.open).toBe(below)
      const proved = all.filter(({ answer, options: [first] }) => answer === 'none' || first?.proved).length
      expect(figures!.shareProved).toBe(proved / below)
      const rows = await engine.rows<{ n: number; options: number }>(
        `SELECT count(*)::INTEGER AS n, count(DISTINCT (person_id, observation_date, option))::INTEGER AS options FROM read_parquet('${join(done.folder, 'counterfactuals.parquet')}')`,
      )
      expect(rows[0]).toEqual({
        n: all.reduce((n, r) => n + (r.options.reduce((m, o) => m + o.changes.length, 0) || 1), 0),
        options: all.reduce((n, r) => n + (r.options.length || 1), 0),
      })
      for (const { options: found } of all) for (const { score } of found) expect(score).toBeGreaterThanOrEqual(cutoff)
    } finally {
      engine.close()
    }
    const again = await counterfactuals({ ...options, out: join(folder, 'b') })
    expect(again.manifest.outputs).toEqual(done.manifest.outputs)
    expect((await counterfactuals({ ...options, out: join(folder, 'a') })).skipped).toBe(true)
  }, 120_000)

  it('replays every option as events: columns beside the others, figures in the summary, the same again', async () => {
    const options = { models: [MODEL], features: table, nodes: 5, options: 1, cutoff, threads: 1, replay: true }
    await expect(counterfactuals({ ...options, out: join(folder, 'c') })).rejects.toThrow('a replay needs the events')
    const done = await counterfactuals({ ...options, events: at('data/sample/population'), out: join(folder, 'r') })
    const all = JSON.parse(readFileSync(join(done.folder, 'counterfactuals.json'), 'utf8')) as ReplayedCounterfactuals[]
    const plain = JSON.parse(readFileSync(join(folder, 'a', 'counterfactuals.json'), 'utf8'))
    expect(all.map(({ replays: _, ...result }) => result)).toEqual(plain)
    const replays = all.flatMap((result) => result.replays)
    const [{ replay } = {}] = Object.values(done.summary.models)
    const agrees = replays.filter((r) => r.agrees).length
    expect(replay!.all).toMatchObject({ options: replays.length, agrees: { options: agrees } })
    expect(replay!.all.reaches.options).toBe(replays.filter((r) => r.reaches).length)
    expect(replay!.all.ahead.options).toBe(replays.filter((r) => r.before === 0).length)
    const engine = await openDuckDB({ threads: 1 })
    try {
      const rows = await engine.rows<{ person_id: string; score: number; agrees: string; n: number }>(
        `SELECT person_id, any_value(replayed_score)::INTEGER AS score, any_value(replayed_agrees) AS agrees,
           any_value(replayed_differs)::INTEGER AS n
         FROM read_parquet('${join(done.folder, 'counterfactuals.parquet')}') WHERE option > 0 GROUP BY person_id, option ORDER BY 1`,
      )
      expect(rows).toEqual(
        all.flatMap(({ personId, replays: own }) =>
          own.map(({ score, agrees: yes, differs }) => ({
            person_id: personId,
            score,
            agrees: yes ? 'yes' : 'no',
            n: differs.length,
          })),
        ),
      )
    } finally {
      engine.close()
    }
    const again = await counterfactuals({ ...options, events: at('data/sample/population'), out: join(folder, 's') })
    expect(again.manifest.outputs).toEqual(done.manifest.outputs)
  }, 120_000)

  it('answers for one person without a folder, and refuses persons and factors that there are not', async () => {
    const all = JSON.parse(readFileSync(join(folder, 'a', 'counterfactuals.json'), 'utf8')) as Counterfactuals[]
    const { personId } = all[0]!
    const asked = { models: [MODEL], features: table, nodes: 5, options: 1, cutoff }
    const one = await counterfactualsOf({ ...asked, persons: [personId] })
    expect(JSON.parse(JSON.stringify(one))).toEqual(all.filter((r) => r.personId === personId))
    await expect(counterfactualsOf({ ...asked, persons: ['nobody'] })).rejects.toThrow(
      'column person_id: no such person among the people; got "nobody"',
    )
    await expect(counterfactuals({ ...asked, fix: ['luck'], out: join(folder, 'c'), threads: 1 })).rejects.toThrow(
      'option fix',
    )
  })
})
