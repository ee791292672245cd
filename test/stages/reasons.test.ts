/** Reasons with evidence on a small table: a model trained, its reasons, retrainings, background draws and repairs, each against a recount. */
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { chooseBackground } from '../../src/attributions/backgrounds.ts'
import { explain } from '../../src/attributions/explain.ts'
import { receipts } from '../../src/attributions/receipt.ts'
import { openDuckDB } from '../../src/engines/duckdb.ts'
import { literal } from '../../src/engines/sql.ts'
import { loadModel } from '../../src/formats/modelFile.ts'
import { bootstrapRows } from '../../src/matrix/bootstrapRows.ts'
import { takeRows } from '../../src/matrix/frame.ts'
import { stratifiedFolds } from '../../src/matrix/splits.ts'
import { fitCalibration } from '../../src/models/calibrate.ts'
import { crossFitMargins } from '../../src/models/crossFit.ts'
import { onFrames } from '../../src/models/frameLearner.ts'
import { logistic } from '../../src/models/logistic/learner.ts'
import type { ReasonsReport } from '../../src/reports/reasonsReport.ts'
import { DEFAULT_SCALE } from '../../src/scores/scale.ts'
import { type Scorer, scoreFrame } from '../../src/scores/scorer.ts'
import { ingest } from '../../src/stages/ingest.ts'
import { loadFeatures } from '../../src/stages/loadFeatures.ts'
import type { ReasonsOptions } from '../../src/stages/reasonSettings.ts'
import { reasons } from '../../src/stages/reasons.ts'
import { readTraining, trainingRows } from '../../src/stages/reportTraining.ts'
import { train } from '../../src/stages/train.ts'
import { random } from '../../src/util/random.ts'
import { MAPPING, readJson, workshop, writeMapping, writeTable } from './workshop.ts'

const folder = workshop()
const at = (...path: string[]): string => join(folder, ...path)
const CUTOFF = 560
const shared = { threads: 1, seed: 3, features: at('features'), cutoff: CUTOFF }

const asked = (out: string, more: Partial<ReasonsOptions> = {}): ReasonsOptions => ({
  ...shared,
  models: [at('train')],
  out: at(out),
  ...more,
})

interface Row {
  person_id: string
  model: string
  score: number
  below_cutoff: boolean
  rank: number
  reason_group: string
  factor: string
  text: string
  points: number
  value: string | null
  reference: string | null
  missing: string | null
  kept_retrained: number | null
  kept_background: number | null
  kept_both: number | null
  repaired_score: number
  repaired_reaches_cutoff: boolean | null
  all_repaired_score: number
}

const rowsOf = async (out: string, where = 'true'): Promise<Row[]> => {
  const engine = await openDuckDB({ threads: 1 })
  try {
    const file = literal(at(out, 'reasons.parquet'))
    return await engine.rows<Row>(`SELECT * FROM read_parquet(${file}) WHERE ${where} ORDER BY model, person_id, rank`)
  } finally {
    engine.close()
  }
}

beforeAll(async () => {
  writeTable(folder, { rows: 400 })
  await ingest({ out: at('features'), mapping: writeMapping(folder) })
  await train({
    out: at('train'),
    features: at('features'),
    seed: 5,
    threads: 1,
    train: { models: { logistic: {}, forest: { trees: 12, minLeaf: 15 } }, replicates: 200 },
  })
})

describe('reasons of everybody', () => {
  it('are those of the receipts against the background, found again from them', async () => {
    const { summary } = await reasons(asked('all'))
    const found = await rowsOf('all')
    const engine = await openDuckDB({ threads: 1 })
    const { frame } = await loadFeatures(engine, at('features'))
    engine.close()
    for (const name of ['logistic', 'forest']) {
      const { scorer } = await loadModel(at('train', 'models', name))
      const { score } = scoreFrame(scorer, frame)
      const within = (points: number) =>
        [...score.keys()].filter((i) => score[i]! >= CUTOFF && score[i]! < CUTOFF + points)
      const width = [25, 50, 75, 100, 125].find((points) => within(points).length >= 100)!
      const near = within(width)
      const background = { id: `near_cutoff_${CUTOFF}_${width}`, frame: takeRows(frame, near) }
      const receipt = receipts(await explain(scorer, frame, { background }))
      const model = summary.models[name]!
      expect(model).toMatchObject({ backgroundId: background.id, base: receipt.base, check: { rows: 400, failing: 0 } })
      expect(model.background.rows).toBe(near.length)
      for (let i = 0; i < 400; i++) {
        const own = receipt.factors
          .map((factor, f) => ({ factor, points: receipt.points[f * 400 + i]! }))
          .filter(({ points }) => points < 0)
          .sort((a, b) => a.points - b.points)
        const given = found.filter((r) => r.model === name && r.person_id === frame.personId[i])
        expect(given.map((r) => r.points)).toEqual(own.map((o) => o.points))
        for (const r of given) {
          expect(own).toContainEqual({ factor: r.factor, points: r.points })
          expect([r.score, r.below_cutoff]).toEqual([score[i], score[i]! < CUTOFF])
          const value = r.factor === 'region' ? frame.categories['region']![i] : frame.numbers[r.factor]![i]!
          expect(r.value).toBe(value === null || Number.isNaN(value) ? null : String(value))
          expect(r.text.startsWith('No value: ')).toBe(r.value === null)
          expect(r.kept_retrained).toBeNull()
        }
      }
      const counts = [0, 1, 2, 3, 4].map(
        (n) =>
          frame.personId.filter((id) => found.filter((r) => r.model === name && r.person_id === id).length === n)
            .length,
      )
      expect(model.counts.all).toEqual({ rows: 400, counts, shares: counts.map((n) => n / 400) })
      const debt = found.filter((r) => r.model === name && r.reason_group === 'debt')
      expect(model.groups.find(({ group }) => group === 'debt')).toMatchObject({
        rows: debt.length,
        first: debt.filter((r) => r.rank === 1).length,
        belowCutoff: debt.filter((r) => r.below_cutoff).length,
      })
    }
    expect(existsSync(at('all', 'reasons.html'))).toBe(false)
  })

  it('repairs by the values of the background and scores again', async () => {
    const found = await rowsOf('all')
    const engine = await openDuckDB({ threads: 1 })
    const { frame } = await loadFeatures(engine, at('features'))
    engine.close()
    const { models } = readJson<ReasonsReport>(at('all', 'reasons.json'))
    for (const name of ['logistic', 'forest']) {
      const { scorer } = await loadModel(at('train', 'models', name))
      const own = found.filter((r) => r.model === name)
      const repaired = (given: readonly Row[]) => {
        const row = takeRows(frame, [frame.personId.indexOf(given[0]!.person_id)])
        for (const { factor, reference } of given)
          if (factor === 'region') row.categories['region'] = [reference]
          else row.numbers[factor] = Float64Array.of(reference === null ? Number.NaN : Number(reference))
        return scoreFrame(scorer, row).score[0]!
      }
      for (const r of own) {
        expect(r.repaired_score).toBe(repaired([r]))
        expect(r.repaired_reaches_cutoff).toBe(r.below_cutoff ? r.repaired_score >= CUTOFF : null)
        expect(r.all_repaired_score).toBe(repaired(own.filter((o) => o.person_id === r.person_id)))
      }
      const below = new Set(own.filter((r) => r.below_cutoff).map((r) => r.person_id))
      const byOne = new Set(own.filter((r) => r.repaired_reaches_cutoff === true).map((r) => r.person_id))
      expect(models[name]!.repair).toMatchObject({ rows: below.size, byOne: byOne.size })
    }
  })
})

/** Shares of the logistic model's reasons over retrainings, by hand: fit, choose the background, explain, sort, count. */
const recount = async (found: readonly Row[], retrainings: number): Promise<number[]> => {
  const engine = await openDuckDB({ threads: 1 })
  const loaded = await loadFeatures(engine, at('features'))
  engine.close()
  const { frame } = loaded
  const training = await readTraining(at('train'))
  const { labeled, train: rows } = trainingRows(loaded, training, at('train'))
  const trained = takeRows(labeled.frame, rows!)
  const target = Uint8Array.from(rows!, (i) => labeled.target[i]!)
  const own = found.filter((r) => r.model === 'logistic')
  const kept = own.map(() => 0)
  for (let b = 0; b < retrainings; b++) {
    const stream = random(3).fork('reasons').fork('retraining', b)
    const drawn = bootstrapRows(trained.personId, stream.fork('persons'), target)
    const sample = { frame: takeRows(trained, drawn), target: Uint8Array.from(drawn, (i) => target[i]!) }
    const learner = onFrames(logistic({ factors: frame.factors, l2: 1 }))
    const fits = stream.fork('fit').fork('logistic')
    const fitted = await learner.fit(sample.frame, sample.target, fits.fork('fit'))
    const folds = stratifiedFolds(sample.frame.personId, sample.target, 5, fits.fork('calibration'))
    const unseen = await crossFitMargins(learner, sample.frame, sample.target, folds, fits.fork('calibration'))
    const scorer: Scorer = {
      name: 'again',
      encoding: fitted.encoding,
      model: fitted.model,
      calibration: fitCalibration('platt', unseen, sample.target),
      scale: DEFAULT_SCALE,
      training: {},
    }
    const { rows: near } = chooseBackground(
      { kind: 'near_cutoff', cutoff: CUTOFF },
      { frame, scores: scoreFrame(scorer, frame).score },
    )
    const receipt = receipts(await explain(scorer, frame, { background: { id: 'near', frame: takeRows(frame, near) } }))
    // Three factors, three groups: each is a reason where it took points.
    own.forEach((r, k) => {
      const points = receipt.points[receipt.factors.indexOf(r.factor) * 400 + frame.personId.indexOf(r.person_id)]!
      if (points < 0) kept[k]!++
    })
  }
  return kept.map((n) => n / retrainings)
}

describe('evidence', () => {
  it('is counted over retrainings and background draws, the same for any number of threads, the same for one person', async () => {
    const draws = { retrainings: 4, backgroundDraws: 3 }
    const { summary } = await reasons(asked('drawn', draws))
    await reasons(asked('drawn-2', { ...draws, threads: 2 }))
    for (const file of ['reasons.parquet', 'reasons.json'])
      expect(readFileSync(at('drawn-2', file)).equals(readFileSync(at('drawn', file)))).toBe(true)
    const found = await rowsOf('drawn')
    for (const [name, m] of Object.entries(summary.models)) {
      expect(m.retrainings).toEqual({ asked: 4, done: 4 })
      const own = found.filter((r) => r.model === name)
      for (const [source, n] of [
        ['retrained', 4],
        ['background', 3],
        ['both', 3],
      ] as const) {
        const shares = own.map((r) => r[`kept_${source}`]!)
        for (const share of shares) expect(Number.isInteger(Math.round(share * n * 1e9) / 1e9)).toBe(true)
        const mean = shares.reduce((a, b) => a + b, 0) / shares.length
        expect(m.kept[source]).toMatchObject({ draws: n, reasons: own.length })
        expect(m.kept[source]!.share.value).toBeCloseTo(mean, 12)
      }
    }
    expect(found.filter((r) => r.model === 'logistic').map((r) => r.kept_retrained)).toEqual(await recount(found, 4))
    const person = found.find((r) => r.below_cutoff)!.person_id
    await reasons(asked('one', { ...draws, person }))
    expect(await rowsOf('one')).toEqual(await rowsOf('drawn', `person_id = ${literal(person)}`))
    const { people } = readJson<ReasonsReport>(at('one', 'reasons.json'))
    expect(people.map((p) => p.model)).toEqual(['forest', 'logistic'])
  })
})

describe('a reason that is certain and one that is a toss', () => {
  it('stay in all draws, and in some of them', async () => {
    // A strong factor, and one that says nothing: its coefficient has another sign in other samples.
    const stream = random('toss')
    const lines = ['id,strong,noise,sex,outcome', 'x0000,4,3,f,1']
    for (let i = 0; i < 500; i++) {
      const strong = stream.normal()
      const bad = stream.next() < 1 / (1 + Math.exp(1 - 2 * strong)) ? 1 : 0
      lines.push(`c${1000 + i},${strong.toFixed(4)},${stream.normal().toFixed(4)},${i % 2 ? 'f' : 'm'},${bad}`)
    }
    mkdirSync(at('toss'))
    writeFileSync(at('toss', 'customers.csv'), `${lines.join('\n')}\n`)
    const mapping = MAPPING.replace(
      /^columns:[\s\S]*/m,
      'columns:\n  strong: { kind: number }\n  noise: { kind: number }\n',
    )
    await ingest({ out: at('toss', 'features'), mapping: writeMapping(at('toss'), mapping) })
    const features = at('toss', 'features')
    await train({
      out: at('toss', 'train'),
      features,
      threads: 1,
      train: { models: { logistic: {} }, replicates: 200 },
    })
    await reasons({
      ...asked('toss/reasons', {
        models: [at('toss', 'train')],
        features,
        person: 'x0000',
        background: { kind: 'all' },
      }),
      retrainings: 40,
      backgroundDraws: 10,
    })
    const { people, models } = readJson<ReasonsReport>(at('toss', 'reasons', 'reasons.json'))
    const [strong, ...rest] = people[0]!.reasons
    expect(strong).toMatchObject({ factor: 'strong', kept: { retrained: { kept: 40, share: { value: 1, high: 1 } } } })
    expect(strong!.kept.background).toMatchObject({ kept: 10 })
    const noise = rest[0]?.kept.retrained?.kept ?? people[0]!.others.retrained![0]!.kept
    expect(noise).toBeGreaterThan(4)
    expect(noise).toBeLessThan(36)
    expect(models['logistic']!.retrainings).toEqual({ asked: 40, done: 40 })
    expect(JSON.stringify(people)).not.toMatch(/"sex"/)
  })
})

describe('what cannot be had', () => {
  it('is said and not invented: a model away from its training', async () => {
    const away = at('away', 'logistic')
    cpSync(at('train', 'models', 'logistic'), away, { recursive: true })
    const { summary } = await reasons(asked('away-out', { models: [away], retrainings: 2, backgroundDraws: 2 }))
    expect(summary.notes).toContainEqual(
      expect.stringMatching(/^logistic: no training table: not assessed .*lies in no training folder/),
    )
    expect(summary.models['logistic']!.kept).not.toHaveProperty('retrained')
    expect(summary.models['logistic']!.kept.background!.draws).toBe(2)
    expect((await rowsOf('away-out')).every((r) => r.kept_retrained === null && r.kept_background !== null)).toBe(true)
  })

  it('is said and not invented: a table that the model was not trained on', async () => {
    mkdirSync(at('other'))
    writeTable(at('other'), { rows: 200, seed: 9 })
    await ingest({ out: at('other', 'people'), mapping: writeMapping(at('other')) })
    cpSync(at('train'), at('moved', 'train'), { recursive: true })
    const there = { models: [at('moved', 'train')], features: at('other', 'people'), retrainings: 1 }
    const { summary } = await reasons(asked('other-out', there))
    expect(summary.notes.filter((n) => /that it was trained on is not there/.test(n))).toHaveLength(2)
    // Named, it is found, and the people stay those of the other table.
    const named = await reasons(asked('other-named', { ...there, trainedOn: at('features') }))
    expect(named.summary.models['forest']).toMatchObject({ rows: 200, retrainings: { asked: 1, done: 1 } })
  })

  it('is an error with one clear line, and nothing is written', async () => {
    const refused: [Partial<ReasonsOptions>, RegExp][] = [
      [{ person: 'nobody' }, /column person_id: no such person; expected a person of the table; got "nobody"/],
      [{ background: { kind: 'own' } }, /option background: reasons are measured from rows/],
      [{ background: { kind: 'period', from: '1999-01-01', to: '1999-12-31' } }, /the background has no rows/],
      [{ cutoff: 1000 }, /option cutoff/],
      [{ retrainings: -1 }, /option retrainings/],
      [
        { backgroundDraws: 1.5 },
        /option background-draws: out of range; expected a whole number from 0 to 1000; got 1.5/,
      ],
      [{ background: { kind: 'reference_group', column: 'income', level: 'x' } }, /protected|input of/],
    ]
    for (const [more, message] of refused) {
      await expect(reasons(asked('refused', more))).rejects.toThrow(message)
      expect(existsSync(at('refused'))).toBe(false)
    }
  })

  it('stops when it is asked to, with nothing half-written', async () => {
    const stop = new AbortController()
    const progress = (step: string) => {
      if (step.startsWith('train again')) stop.abort()
    }
    const work = reasons(asked('stopped', { retrainings: 5, signal: stop.signal, progress }))
    await expect(work).rejects.toThrow(/stopped by the user/)
    expect(existsSync(at('stopped'))).toBe(false)
  })
})

describe('the page of one person', () => {
  it('shows the reasons with their evidence, every number with its place in the JSON', () => {
    const html = readFileSync(at('one', 'reasons.html'), 'utf8')
    const report = readJson<ReasonsReport>(at('one', 'reasons.json'))
    for (const reason of report.people.flatMap((p) => p.reasons)) expect(html).toContain(reason.definition)
    for (const [, value, path] of html.matchAll(/<data value="([^"]*)" data-path="([^"]*)"/g)) {
      const keys = path!.split('/').slice(1)
      const found = keys.reduce((json: unknown, key) => (json as Record<string, unknown>)[key], report)
      expect(value, path).toBe(found === null ? '' : String(found))
    }
    expect(html).toContain('Model trained again')
    expect(html).toContain('below the cut-off')
    expect(html).not.toMatch(/\bsex\b/)
  })
})
