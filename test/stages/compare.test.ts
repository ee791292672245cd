/** Comparisons of runs: their numbers again by other means, ties, orders, baselines, messages. */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type CompareReport,
  type CompareStageOptions,
  compare,
  type Engine,
  openDuckDB,
  type PipelineInput,
  run,
  type TrainSummary,
  train,
} from '../../src/index.ts'
import { measureBaseline } from '../../src/stages/compareBaselines.ts'
import { random } from '../../src/util/random.ts'
import { frameOf } from '../matrix/helpers.ts'
import { all, foreignMarkup, loneDigits, numberProblems, parsePage } from '../reports/checkPage.ts'
import { BAD_INPUTS, badInputLine, withPart } from '../sources/badInputsDocument.ts'
import { MAPPING, readJson, workshop, writeMapping, writeTable } from './workshop.ts'

const folder = workshop()
const first = join(folder, 'first')
/** A folder may be called anything. */
const second = join(folder, '<img src=x onerror=alert(1)>&"')

const pipeline = (models: object, more: object = {}, mapping = 'customers'): PipelineInput => ({
  name: 'customers',
  seed: 3,
  source: { kind: 'mapping', mapping: join(folder, `${mapping}.mapping.yaml`) },
  train: { models, replicates: 200, ...more },
})
const compared = (folder: string): CompareReport => readJson(join(folder, 'compare.json'))
const compareTo = async (name: string, options: Omit<CompareStageOptions, 'out'>): Promise<CompareReport> => {
  const { folder: made } = await compare({ threads: 1, ...options, out: join(folder, name) })
  return compared(made)
}

let engine: Engine
beforeAll(async () => {
  writeTable(folder)
  writeMapping(folder)
  engine = await openDuckDB({ threads: 1 })
  await run(pipeline({ logistic: {}, forest: { trees: 20, minLeaf: 10 } }), { out: first, threads: 1 })
  await run(pipeline({ tree: { minLeaf: 20 }, logistic: {} }), { out: second, threads: 1 })
})
afterAll(() => engine.close())

interface Row {
  person_id: string
  target: number
  margin: number
  probability: number
}
const predictions = (file: string, model: string): Promise<Row[]> =>
  engine.rows<Row>(
    `SELECT * FROM read_parquet('${file.replaceAll("'", "''")}') WHERE model = '${model}' ORDER BY person_id`,
  )

/** AUC by comparing every bad row with every good one. */
const aucByPairs = (rows: readonly Row[]): number => {
  const bads = rows.filter((r) => r.target === 1)
  const goods = rows.filter((r) => r.target === 0)
  let won = 0
  for (const b of bads) for (const g of goods) won += b.margin > g.margin ? 1 : b.margin === g.margin ? 0.5 : 0
  return won / (bads.length * goods.length)
}
const scoreOf = (p: number): number =>
  Math.min(950, Math.max(350, Math.floor(410 + (60 / Math.LN2) * Math.log((1 - p) / p) + 0.5)))

describe('one run', () => {
  it('has the figures and intervals of its own training', async () => {
    const { models } = await compareTo('alone', { runs: [first] })
    const metrics = readJson<TrainSummary>(join(first, 'metrics.json'))
    expect(models.map((m) => m.name)).toEqual(['logistic', 'forest'])
    for (const { name, figures, modelHash } of models) {
      const { report: _, modelHash: hash, ...own } = metrics.models[name]!
      expect(figures, name).toEqual(own)
      expect(modelHash).toBe(hash)
    }
  })

  it('is compared inside of its folder unless told otherwise, and not again when nothing has changed', async () => {
    const made = await compare({ runs: [first], threads: 1 })
    expect(made.folder).toBe(join(first, 'compare'))
    expect((await compare({ runs: [first], threads: 2 })).skipped).toBe(true)
    // The run itself is untouched: nothing of it has to be made again.
    const again = await run(pipeline({ logistic: {}, forest: { trees: 20, minLeaf: 10 } }), { out: first, threads: 1 })
    expect(again.stages.every((s) => s.skipped)).toBe(true)
  })
})

describe('several runs', () => {
  it('take differences and swap sets from the predictions of both', async () => {
    const report = await compareTo('both', { runs: [first, second], cutoff: 540 })
    const names = report.models.map((m) => m.name)
    expect(names).toEqual([
      'first/logistic',
      'first/forest',
      ...['logistic', 'tree'].map((m) => `<img src=x onerror=alert(1)>&"/${m}`),
    ])
    const of = async (name: string) => {
      const [at, model] = [name.startsWith('first/') ? first : second, name.split('/').at(-1)!]
      return predictions(join(at, 'train/predictions.parquet'), model)
    }
    for (const [k, { a, b, differences }] of report.pairs.entries()) {
      const [of_a, of_b] = [await of(a), await of(b)]
      expect(differences.auc.value, `${a} ${b}`).toBeCloseTo(aucByPairs(of_a) - aucByPairs(of_b), 12)
      const onlyA = of_a.filter((r, i) => scoreOf(r.probability) >= 540 && scoreOf(of_b[i]!.probability) < 540)
      const { sameCutoff } = report.swaps[k]!
      expect([sameCutoff.onlyA.rows, sameCutoff.onlyA.bads], `${a} ${b}`).toEqual([
        onlyA.length,
        onlyA.filter((r) => r.target === 1).length,
      ])
    }
    // The pair that must differ somewhere, or nothing of this was tested.
    expect(report.swaps.some((s) => s.sameCutoff.onlyA.rows > 0 && s.sameCutoff.onlyB.rows > 0)).toBe(true)
  })

  it('call the same model in both a tie with a difference of exactly 0', async () => {
    const { pairs } = await compareTo('both', { runs: [first, second], cutoff: 540 })
    const same = pairs.find((p) => p.a === 'first/logistic' && p.b.endsWith('/logistic'))!
    for (const d of Object.values(same.differences))
      expect(d).toMatchObject({ value: 0, low: 0, high: 0, answer: 'tie', largest: 0 })
    const other = pairs.find((p) => p.a === 'first/logistic' && p.b.endsWith('/tree'))!
    expect(other.differences.auc.value).not.toBe(0)
  })

  it('give the same numbers in either order', async () => {
    const forth = await compareTo('forth', { runs: [first, second] })
    const back = await compareTo('back', { runs: [second, first] })
    const figures = ({ models }: CompareReport) => Object.fromEntries(models.map((m) => [m.name, m]))
    expect(figures(back)).toEqual(figures(forth))
    const pair = (r: CompareReport, a: string, b: string) =>
      r.pairs.find((p) => p.a === a && p.b === b)?.differences.auc.value
    const [a, b] = ['first/forest', '<img src=x onerror=alert(1)>&"/tree']
    expect(pair(back, b, a)).toBe(-pair(forth, a, b)!)
    expect(forth.reference).toBe('first/logistic')
  })

  it('compare the rows that both hold out, and count the others', async () => {
    const other = join(folder, 'other-seed')
    await run({ ...pipeline({ logistic: {} }), seed: 4 }, { out: other, threads: 1 })
    const { runs, rows } = await compareTo('seeds', { runs: [first, other] })
    const held = async (at: string) =>
      new Set((await predictions(join(at, 'train/predictions.parquet'), 'logistic')).map((r) => r.person_id))
    const [one, two] = [await held(first), await held(other)]
    const common = [...one].filter((id) => two.has(id)).length
    expect(rows).toBe(common)
    expect(runs.map((r) => [r.rows, r.used, r.leftOut])).toEqual([
      [one.size, common, one.size - common],
      [two.size, common, two.size - common],
    ])
    expect(common).toBeLessThan(one.size)
  })

  it('are compared where two mappings of other names read one outcome', async () => {
    const renamed = join(folder, 'renamed')
    await remade('renamed', (m) => m.replace('name: customers', 'name: the-same-customers'))()
    const { rows, runs, notes } = await compareTo('names', { runs: [first, renamed] })
    expect(rows).toBe(runs[0]!.rows)
    expect(notes.join(' ')).toContain('name their outcome differently (customers-outcome, the-same-customers-outcome)')
  })

  it('say where one is measured on test rows and the other out of fold', async () => {
    const folds = join(folder, 'folds')
    const split = { by: 'folds', folds: 3, repeats: 2 }
    await run(pipeline({ logistic: {} }, { split }), { out: folds, threads: 1 })
    const { runs, notes, rows } = await compareTo('mixed', { runs: [first, folds] })
    expect(runs.map((r) => r.evaluation)).toEqual(['test', 'out_of_fold'])
    expect(rows).toBe(runs[0]!.rows)
    expect(notes.join(' ')).toMatch(/Some runs are measured on test rows by one model, others out of fold/)
  })
})

describe('baselines', () => {
  const options = { runs: [first], baselines: true, network: true, baselineRows: 80 } as const

  it('are trained on the training rows and measured on the held-out ones', async () => {
    const report = await compareTo('baselines', { ...options, reference: 'forest' })
    const names = ['ml-random-forest', 'ml-logistic-regression', 'best_factor', 'network']
    expect(report.models.map((m) => m.name)).toEqual(['logistic', 'forest', ...names])
    expect(report.baselines.map((b) => b.name)).toEqual(names)
    expect(report.unavailable).toEqual([])
    expect(report.reference).toBe('forest')
    const file = join(folder, 'baselines/predictions.parquet')
    const own = await predictions(join(first, 'train/predictions.parquet'), 'logistic')
    for (const { name, figures } of report.models.slice(2)) {
      const rows = await predictions(file, name)
      expect(rows.map((r) => [r.person_id, r.target])).toEqual(own.map((r) => [r.person_id, r.target]))
      expect(figures.auc.value, name).toBeCloseTo(aucByPairs(rows), 12)
      expect(figures.auc.value, name).toBeGreaterThan(0.55)
    }
  })

  it('name the features that they were trained on among the inputs', async () => {
    const { inputs } = await compareTo('baselines', { ...options, reference: 'forest' })
    expect(Object.keys(inputs)).toEqual(
      ['features.parquet', 'outcomes.parquet', 'predictions.parquet'].map((name) => `first: ${name}`),
    )
  })

  it('state their rows, settings, faults and choices', async () => {
    const { baselines } = await compareTo('baselines', { ...options, reference: 'forest' })
    const [forest, logistic, factor] = baselines
    expect(forest).toMatchObject({ package: 'ml-random-forest 2.1.0', capped: true, trainings: 1 })
    expect(forest!.rows).toEqual({ least: 80, most: 80, of: 420 })
    expect(forest!.faults.length).toBeGreaterThan(3)
    // One training for the test rows, five on four fifths of the rows for the calibration.
    expect(logistic).toMatchObject({ capped: true, trainings: 6, rows: { least: 80, most: 80, of: 420 } })
    expect(factor).toMatchObject({ capped: false, trainings: 6, package: null, faults: [] })
    expect(factor!.choices.reduce((sum, c) => sum + c.trainings, 0)).toBe(6)
    for (const { factor: name } of factor!.choices) expect(['income', 'debt']).toContain(name)
  })

  it('are the same bytes for 1 and 2 threads and in other folders', async () => {
    const one = await compare({ ...options, out: join(folder, 'bytes1'), threads: 1 })
    const two = await compare({ ...options, out: join(folder, 'bytes2'), threads: 2 })
    expect(two.manifest.outputs).toEqual(one.manifest.outputs)
    expect(Object.keys(one.manifest.outputs)).toEqual([
      'compare.html',
      'compare.json',
      'predictions.parquet',
      'summary.json',
    ])
  })

  it('are measured out of fold where the run is', async () => {
    const folds = join(folder, 'folds')
    const { models, baselines } = await compareTo('folds-baselines', { runs: [folds], baselines: ['best_factor'] })
    expect(models.map((m) => [m.name, m.figures.rows])).toEqual([
      ['logistic', 600],
      ['best_factor', 600],
    ])
    expect(baselines[0]).toMatchObject({ trainings: 6, rows: { of: 400 } })
  })

  it('of a training by itself need its features', async () => {
    const alone = join(folder, 'alone-train')
    await train({
      features: join(first, 'features'),
      out: alone,
      threads: 1,
      seed: 3,
      train: { models: { logistic: {} }, replicates: 200 },
    })
    const asked = { runs: [alone], baselines: ['best_factor'] } as const
    await expect(compare({ ...asked, threads: 1 })).rejects.toThrow(/baselines need the factors/)
    const made = await compare({ ...asked, features: join(first, 'features'), threads: 1 })
    expect(made.folder).toBe(`${alone}.compare`)
    expect(made.summary.models.map((m) => m.name)).toEqual(['logistic', 'best_factor'])
  })

  it('that cannot be calibrated are left out, with the reason', async () => {
    const stream = random(2)
    const rows = 240
    const frame = frameOf({ a: Array.from({ length: rows }, () => stream.normal()) })
    // Every other row is bad within each half of the factor: nothing that is learned holds for other rows.
    const target = Uint8Array.from({ length: rows }, () => stream.integer(2))
    const half = Int32Array.from({ length: rows / 2 }, (_, i) => i)
    const labeled = { frame, target, counts: {} }
    const result = (seed: number) =>
      measureBaseline(
        { progress: () => {}, signal: undefined },
        'best_factor',
        { labeled, train: half, test: half.map((i) => i + rows / 2) },
        { seed, options: { calibration: 'platt', split: { by: 'person', testShare: 0.5 } } },
      )
    const results = await Promise.all([1, 2, 3, 4, 5, 6].map(result))
    const left = results.flatMap((r) => ('reason' in r ? [r] : []))
    expect(left.length).toBeGreaterThan(0)
    for (const { name, reason } of left) {
      expect(name).toBe('best_factor')
      expect(reason).toMatch(/^margins cannot be calibrated: on rows it did not see, a greater margin does not mean/)
    }
  })
})

describe('the page', () => {
  it('shows that an interval misses 0, and says nobody where nobody is approved', async () => {
    const json = structuredClone(compared(join(folder, 'both')))
    const { auc } = json.againstReference[0]!.differences
    Object.assign(auc, { value: -0.003, low: -0.0065, high: -0.00003, answer: 'b better' })
    json.swapsAgainstReference[0]!.sameApproval.cutoffA = 951
    const { renderComparison } = await import('../../src/reports/comparePage.ts')
    const shown = parsePage(renderComparison(json))
    expect(numberProblems(shown, json)).toEqual([])
    expect(all(shown, '[data-path="/againstReference/0/differences/auc/high"]').map((e) => e.textContent)).toEqual([
      '−0.00003',
      '−0.00003',
    ])
    expect(shown.textContent).not.toMatch(/951|±/)
    expect(all(shown, 'td').filter((cell) => cell.textContent === 'nobody')).toHaveLength(1)
  })

  it.each(['both', 'baselines'])('%s: shows the numbers of its JSON and no markup from data', async (name) => {
    if (name === 'both') await compareTo('both', { runs: [first, second], cutoff: 540 })
    const html = readFileSync(join(folder, name, 'compare.html'), 'utf8')
    const json = compared(join(folder, name))
    const shown = parsePage(html)
    expect(numberProblems(shown, json)).toEqual([])
    expect(foreignMarkup(shown)).toEqual([])
    expect(loneDigits(shown)).toEqual([])
    expect(all(shown, '[data-path]').length).toBeGreaterThan(150)
    expect(all(shown, 'figure').length).toBeGreaterThan(6)
    expect(readFileSync(join(folder, name, 'compare.json'), 'utf8')).not.toMatch(/NaN|Infinity/)
  })

  it('is caught when it says another number: the twin', () => {
    const html = readFileSync(join(folder, 'both', 'compare.html'), 'utf8')
    const json = compared(join(folder, 'both'))
    json.pairs[0]!.differences.auc.value += 0.01
    expect(numberProblems(parsePage(html), json)).not.toEqual([])
  })

  it('states the faults of the baselines and the cap on rows', () => {
    const text = parsePage(readFileSync(join(folder, 'baselines', 'compare.html'), 'utf8')).textContent
    expect(text).toContain('five votes of five give 0.8')
    expect(text).toContain('It has no intercept.')
    expect(text).toMatch(/80 of 420 rows/)
  })
})

/** What is asked for, and how the runs were spoiled: the messages of docs/bad-inputs.md. */
const CASES: [name: string, work: () => Promise<unknown>][] = []
const unlike = (name: string, change: (copy: string) => void | Promise<void>, options: object = {}): void => {
  CASES.push([
    name,
    async () => {
      const copy = join(folder, 'runs')
      rmSync(copy, { recursive: true, force: true })
      cpSync(first, copy, { recursive: true })
      rmSync(join(copy, 'compare'), { recursive: true, force: true })
      await change(copy)
      await compare({ runs: [copy], threads: 1, ...options })
    },
  ])
}
const nothing = (): void => {}
const remade =
  (name: string, edit: (mapping: string) => string, more: object = {}) =>
  async (): Promise<void> => {
    writeFileSync(join(folder, `${name}.mapping.yaml`), edit(MAPPING))
    await run(pipeline({ logistic: {} }, more, name), { out: join(folder, name), threads: 1 })
  }

unlike('no such run', (copy) => rmSync(copy, { recursive: true }))
unlike('a folder that is no run', (copy) => {
  rmSync(join(copy, 'run.json'))
})
unlike('a run.json of something else', (copy) => writeFileSync(join(copy, 'run.json'), '{"format":"other"}'))
unlike('a run that was killed or still works', (copy) =>
  writeFileSync(join(copy, 'run.json'), '{"format":"glasscore.run","state":"unfinished"}'),
)
unlike('a run without a training', (copy) => rmSync(join(copy, 'train'), { recursive: true }))
unlike('predictions that were changed after the run', (copy) =>
  writeFileSync(join(copy, 'train/predictions.parquet'), 'x'),
)
unlike('the training of another run', (copy) => {
  const file = join(copy, 'train/manifest.json')
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>
  writeFileSync(file, JSON.stringify({ ...manifest, key: 'that of another training' }))
})
unlike(
  'a run whose labels were shuffled',
  remade('shuffled', (m) => m, { permuteLabels: 2 }),
  {
    runs: [join(folder, 'shuffled')],
  },
)
unlike('one run twice', nothing, { runs: [first, `${first}/`] })
unlike(
  'runs with other outcomes',
  remade('flipped', (m) => m.replace('bad: [1], good: [0]', 'bad: [0], good: [1]')),
  { runs: [first, join(folder, 'flipped')] },
)
unlike(
  'runs that define their outcome differently',
  remade('redefined', (m) => m.replace('within a year', 'within a month')),
  { runs: [first, join(folder, 'redefined')] },
)
unlike(
  'runs with other performance windows',
  remade('window', (m) => m.replace("a year.' }", "a year.', performanceWindowDays: 180 }")),
  { runs: [first, join(folder, 'window')] },
)
unlike(
  'runs with long texts that part at their end',
  async () => {
    const long = (end: string) => (m: string) =>
      m.replace('within a year.', `within a year of the day on which the score was taken, as the bank says, or ${end}.`)
    await remade('long', long('died'))()
    await remade('longer', long('moved away'))()
  },
  { runs: [join(folder, 'long'), join(folder, 'longer')] },
)
unlike(
  'runs on other dates',
  remade('dated', (m) => m.replace('2024-06-30', '2023-06-30')),
  { runs: [first, join(folder, 'dated')] },
)
unlike('baselines on features that the run was not trained on', nothing, {
  baselines: true,
  features: join(folder, 'dated/features'),
})
unlike('baselines whose features were changed', (copy) => writeFileSync(join(copy, 'features/features.parquet'), 'x'), {
  baselines: true,
})
unlike('a baseline that there is not', nothing, { baselines: ['xgboost'] })
unlike('a reference that there is not', nothing, { reference: 'oracle' })
unlike('a cutoff that no score can reach', nothing, { cutoff: 1000 })
unlike('too few bootstrap samples', nothing, { replicates: 20 })
unlike('a baseline on a handful of rows', nothing, { baselines: true, baselineRows: 5 })
unlike('no run at all', nothing, { runs: [] })
unlike(
  'an output folder that holds something else',
  (copy) => {
    mkdirSync(join(copy, 'mine'))
    writeFileSync(join(copy, 'mine/thesis.txt'), 'years of work')
  },
  { out: join(folder, 'runs/mine') },
)

describe('what cannot be compared', () => {
  it('gets one clear message each, and leaves nothing half-written', async () => {
    const lines: string[] = []
    for (const [name, work] of CASES) {
      const error = await work().then(
        () => undefined,
        (e: unknown) => e as Error,
      )
      expect(error, name).toMatchObject({ name: 'GlasscoreError' })
      const message = error!.message.replaceAll(`${folder}/`, '').replaceAll(/[0-9a-f]{12}\.\.\./g, '9f86d0818842...')
      expect(message, name).not.toMatch(/\n|undefined|\[object/)
      lines.push(badInputLine(name, message))
      const left = existsSync(join(folder, 'runs')) ? (readdirSync(folder) as string[]) : []
      expect(left.filter((file) => file.includes('.tmp-'))).toEqual([])
    }
    const text = [
      'What `glasscore compare` says of runs that it cannot compare; made by `test/stages/compare.test.ts`.',
      '',
      '| input | message |',
      '|---|---|',
      ...lines,
    ].join('\n')
    await expect(withPart('Comparisons', text)).toMatchFileSnapshot(BAD_INPUTS)
  })
})
