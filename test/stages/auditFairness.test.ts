/** The audit of fairness as a command does it: its numbers again by other means, its messages, its bytes. */
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type AuditFairnessOptions,
  auditFairness,
  type Engine,
  type FairnessFileColumns,
  openDuckDB,
  type PipelineInput,
  run,
} from '../../src/index.ts'
import type { FairnessReport } from '../../src/reports/fairnessReport.ts'
import type { RunReport } from '../../src/reports/runReport.ts'
import { random } from '../../src/util/random.ts'
import { all, numberProblems, parsePage } from '../reports/checkPage.ts'
import { BAD_INPUTS, badInputLine, withPart } from '../sources/badInputsDocument.ts'
import { MAPPING, readJson, workshop, writeMapping, writeTable } from './workshop.ts'

const folder = workshop()
const out = join(folder, 'run')
const pipeline: PipelineInput = {
  name: 'customers',
  seed: 3,
  source: { kind: 'mapping', mapping: join(folder, 'customers.mapping.yaml') },
  train: { models: { logistic: {}, forest: { trees: 20, minLeaf: 10 } }, replicates: 200 },
}
const CUTOFF = 520
const reportIn = (path: string): FairnessReport => readJson(join(path, 'fairness.json'))

/** Scores, outcomes and groups in a CSV; b is selected less often than a. */
const CSV = join(folder, 'scores.csv')
const csvText = (): string => {
  const stream = random(11)
  const lines = ['id,score,pd,paid,grp,age']
  for (let i = 0; i < 400; i++) {
    const b = i % 3 === 0
    const risk = stream.normal() + (b ? 0.5 : 0)
    const bad = stream.next() < 1 / (1 + Math.exp(1.5 - risk))
    const pd = 1 / (1 + Math.exp(1.5 - risk))
    lines.push(
      `p${i % 350},${Math.round(650 - 60 * risk)},${pd.toFixed(4)},${i % 20 === 7 ? '' : bad ? 'no' : 'yes'},${b ? 'b' : 'a'},${i % 25 === 3 ? '' : 20 + stream.integer(50)}`,
    )
  }
  return `${lines.join('\n')}\n`
}
const COLUMNS: FairnessFileColumns = {
  score: 'score',
  probability: 'pd',
  outcome: 'paid',
  bad: 'no',
  groups: ['grp', 'age'],
  person: 'id',
}

let engine: Engine
beforeAll(async () => {
  writeTable(folder)
  writeMapping(folder)
  writeFileSync(CSV, csvText())
  engine = await openDuckDB({ threads: 1 })
  await run(pipeline, { out, threads: 1 })
})
afterAll(() => engine.close())

/** Rows, selected and selected goods of each group, by SQL over the files of a run. */
const countsBySql = async (of: string) => {
  const parquet = (file: string) => `read_parquet('${join(of, file)}')`
  // The scale of every trained model: 410 points at even odds, 60 to double them, whole points from 350 to 950.
  return engine.rows<{ sex: string; rows: number; goods: number; selected: number; selectedGoods: number }>(`
    WITH scored AS (
      SELECT *, greatest(350, least(950, floor(410 - 60 * log2(probability / (1 - probability)) + 0.5))) AS score
      FROM ${parquet('train/predictions.parquet')} WHERE model = 'forest')
    SELECT sex, count(*) AS rows, count(*) FILTER (WHERE target = 0) AS goods,
      count(*) FILTER (WHERE score >= ${CUTOFF}) AS selected,
      count(*) FILTER (WHERE score >= ${CUTOFF} AND target = 0) AS selectedGoods
    FROM scored JOIN ${parquet('features/groups.parquet')} USING (person_id, observation_date)
    GROUP BY sex ORDER BY sex`)
}

describe('the audit of a run', () => {
  it('says of each group what its Parquet files say', async () => {
    const result = await auditFairness({ source: out, cutoff: CUTOFF, threads: 1 })
    expect(result.folder).toBe(join(out, 'fairness'))
    const report = reportIn(result.folder)
    expect(report).toMatchObject({ rows: 'held-out', evaluation: 'test', cutoff: CUTOFF, name: 'customers' })
    expect(report.models.map((m) => m.model)).toEqual(['logistic', 'forest'])
    const sex = report.models[1]!.attributes[0]!
    const said = sex.groups.map((g) => ({
      sex: g.label,
      rows: g.rows,
      goods: g.goods,
      selected: g.selected,
      selectedGoods: g.selectedGoods,
    }))
    const counted = await countsBySql(out)
    expect(said).toEqual(counted)
    for (const [k, c] of counted.entries()) {
      expect(sex.groups[k]!.selectionRate.value).toBe(c.selected / c.rows)
      expect(sex.groups[k]!.truePositiveRate.value).toBe(c.selectedGoods / c.goods)
    }
    // the broken twin: other groups in the files than the report was made of
    const twin = join(folder, 'twin')
    cpSync(out, twin, { recursive: true })
    await engine.run(
      `CREATE OR REPLACE TABLE g AS SELECT * REPLACE (CASE sex WHEN 'f' THEN 'm' ELSE 'f' END AS sex) FROM read_parquet('${join(out, 'features/groups.parquet')}')`,
    )
    await engine.writeParquet('SELECT * FROM g ORDER BY ALL', join(twin, 'features/groups.parquet'))
    expect(said).not.toEqual(await countsBySql(twin))
    await expect(auditFairness({ source: twin, threads: 1 })).rejects.toThrow(/was changed after the run/)
  })

  it('ranks by the margin: the AUC of everybody is that of the report, ties of the score or not', async () => {
    const report = reportIn(join(out, 'fairness'))
    const { models } = readJson<RunReport>(join(out, 'report', 'report.json'))
    // ranks are summed in another order
    for (const { model, overall } of report.models)
      expect(overall.auc.value).toBeCloseTo(models.find((m) => m.name === model)!.figures.auc.value, 13)
    const [row] = await engine.rows<{ tied: number }>(
      `SELECT count(*) - count(DISTINCT greatest(350, least(950, floor(410 - 60 * log2(probability / (1 - probability)) + 0.5)))) AS tied
       FROM read_parquet('${join(out, 'train/predictions.parquet')}') WHERE model = 'logistic'`,
    )
    expect(row!.tied).toBeGreaterThan(0)
  })

  it('is a page that says what the JSON says, skipped when nothing changed, the same bytes on two threads', async () => {
    const first = await auditFairness({ source: out, cutoff: CUTOFF, threads: 1 })
    expect(first.skipped).toBe(true)
    const again = await auditFairness({ source: out, cutoff: CUTOFF, threads: 2, out: join(folder, 'again') })
    for (const file of ['fairness.json', 'fairness.html'])
      expect(readFileSync(join(again.folder, file), 'utf8')).toBe(readFileSync(join(first.folder, file), 'utf8'))
    const page = parsePage(readFileSync(join(again.folder, 'fairness.html'), 'utf8'))
    expect(numberProblems(page, reportIn(again.folder))).toEqual([])
  })

  it('of everybody scored looks at no outcome, and says so', async () => {
    const { folder: at, summary } = await auditFairness({
      source: out,
      rows: 'scored',
      threads: 1,
      out: join(folder, 'scored'),
    })
    const report = reportIn(at)
    expect(report.models[0]!.overall).toMatchObject({
      rows: 600,
      goods: null,
      bads: null,
      unlabeled: 600,
    })
    expect(summary.lines.map((line) => line.bads)).toEqual(summary.lines.map(() => null))
    // 0 good and 0 bad would be said of people of whom nothing is known
    const heads = all(parsePage(readFileSync(join(at, 'fairness.html'), 'utf8')), 'thead th').map(
      (th) => th.textContent,
    )
    expect(heads).toContain('rows')
    expect(heads).not.toContain('bad')
    expect(report.models[0]!.overall.truePositiveRate.value).toBeNull()
    expect(report.notes[0]).toMatch(/trained on among them/)
    const [row] = await engine.rows<{ selected: number }>(
      `SELECT count(*) AS selected FROM read_parquet('${join(out, 'scores/scores.parquet')}') WHERE model = 'forest' AND score >= 650`,
    )
    expect(report.models[1]!.overall.selected).toBe(row!.selected)
  })
})

describe('the audit of a file', () => {
  const audit = async (options: Partial<AuditFairnessOptions>, name: string): Promise<FairnessReport> => {
    const at = join(folder, name)
    await auditFairness({ source: CSV, cutoff: 640, columns: COLUMNS, threads: 1, out: at, ...options })
    return reportIn(at)
  }

  it('counts as the lines of the file do', async () => {
    const report = await audit({}, 'file')
    const rows = csvText().trim().split('\n').slice(1)
    const cells = rows.map((line) => line.split(','))
    const b = cells.filter((c) => c[4] === 'b')
    const group = report.models[0]!.attributes[0]!.groups[1]!
    expect(group).toMatchObject({
      label: 'b',
      rows: b.length,
      goods: b.filter((c) => c[3] === 'yes').length,
      bads: b.filter((c) => c[3] === 'no').length,
      unlabeled: b.filter((c) => c[3] === '').length,
      selected: b.filter((c) => Number(c[1]) >= 640).length,
      persons: new Set(b.map((c) => c[0])).size,
    })
    const ages = report.models[0]!.attributes[1]!
    expect(ages.banding).toEqual({ edges: [25, 35, 45, 55, 65], because: 'ages' })
    expect(ages.groups.at(-1)).toMatchObject({ missing: true, rows: cells.filter((c) => c[5] === '').length })
    expect(report.outcome).toBe('Bad: paid is no. Good: paid is yes.')
  })

  it('is the same from Parquet and JSON', async () => {
    const csv = await audit({}, 'file')
    for (const format of ['parquet', 'json']) {
      const file = join(folder, `scores.${format}`)
      await engine.run(`COPY (SELECT * FROM read_csv('${CSV}', all_varchar = true)) TO '${file}' (FORMAT ${format})`)
      const other = await audit({ source: file }, `from-${format}`)
      expect(other.models).toEqual(csv.models)
    }
  })

  it('takes a probability for the score when there is none, and selects the low ones', async () => {
    const { score: _, ...probability } = COLUMNS
    const report = await audit({ columns: probability, cutoff: 0.2 }, 'pd')
    expect(report.higherIs).toBe('risk')
    const rows = csvText().trim().split('\n').slice(1)
    expect(report.models[0]!.overall.selected).toBe(rows.filter((line) => Number(line.split(',')[2]) <= 0.2).length)
    expect(report.models[0]!.model).toBe('pd')
  })

  it('keeps other outcomes as not known when good is said', async () => {
    const file = join(folder, 'three.csv')
    writeFileSync(file, csvText().replaceAll(/,yes,b,/g, ',late,b,'))
    const report = await audit({ source: file, columns: { ...COLUMNS, good: 'yes' } }, 'three')
    const late = csvText().split(',yes,b,').length - 1
    expect(report.otherOutcomes).toBe(late)
    expect(report.models[0]!.attributes[0]!.groups[1]!.goods).toBe(0)
  })

  it('bands and references are as asked for', async () => {
    const bands = new Map([['age', [30, 50]]])
    const references = new Map([['age', '30-49']])
    const ages = (await audit({ bands, references }, 'asked')).models[0]!.attributes[1]!
    expect(ages.groups.map((g) => g.label)).toEqual(['under 30', '30-49', '50 and over', '(missing)'])
    expect(ages.reference).toEqual({ label: '30-49', because: 'given' })
  })

  it('is written beside the file unless said otherwise', async () => {
    const result = await auditFairness({ source: CSV, cutoff: 640, columns: COLUMNS, threads: 1 })
    expect(result.folder).toBe(`${CSV}.fairness`)
    expect(readdirSync(result.folder).sort()).toEqual([
      'fairness.html',
      'fairness.json',
      'manifest.json',
      'summary.json',
    ])
  })
})

/** What is asked for, and of what: the messages of docs/bad-inputs.md. */
const CASES: [name: string, work: () => Promise<unknown>][] = []
const file = (name: string, text: string, options: Partial<AuditFairnessOptions> = {}): void => {
  CASES.push([
    name,
    () => {
      const source = join(folder, 'bad.csv')
      writeFileSync(source, text)
      return auditFairness({ source, cutoff: 600, columns: COLUMNS, threads: 1, ...options })
    },
  ])
}
const HEAD = 'id,score,pd,paid,grp,age\n'
const ROWS = 'p1,700,0.05,yes,a,30\np2,600,0.1,no,b,40\np3,500,0.4,yes,b,50\n'
const GOOD = HEAD + ROWS

CASES.push(['nothing there', () => auditFairness({ source: join(folder, 'nowhere.csv'), threads: 1 })])
file('a file without its columns said', GOOD, { columns: { groups: ['grp'] } })
file('a file without groups said', GOOD, { columns: { score: 'score', groups: [] } })
file('a file without a cutoff', GOOD, { cutoff: Number.NaN })
file('a column that the file does not have', GOOD, { columns: { ...COLUMNS, score: 'scores' } })
file('a group that the file does not have', GOOD, { columns: { ...COLUMNS, groups: ['sex'] } })
file('the same group twice', GOOD, { columns: { ...COLUMNS, groups: ['grp', 'grp'] } })
file('a column of two roles', GOOD, { columns: { ...COLUMNS, groups: ['grp', 'id'] } })
file('an outcome without the value that is bad', GOOD, {
  columns: { score: 'score', outcome: 'paid', groups: ['grp'] },
})
file('a bad value that does not occur', GOOD, { columns: { ...COLUMNS, bad: '1' } })
file('an outcome of three values', `${GOOD}p4,550,0.2,late,a,20\n`)
file('a good value that does not occur', GOOD, { columns: { ...COLUMNS, good: 'paid' } })
file('no good outcome', GOOD.replaceAll('yes', ''))
file('a value for an outcome and no column', GOOD, { columns: { score: 'score', bad: 'no', groups: ['grp'] } })
file('a score that is no number', `${GOOD}p4,high,0.2,yes,a,20\n`)
file('a row without a score', `${GOOD}p4,,0.2,yes,a,20\n`)
file('an infinite score', `${GOOD}p4,inf,0.2,yes,a,20\n`)
file('a probability in percent', `${GOOD}p4,550,20,yes,a,20\n`)
file('a row without a person', `${GOOD},550,0.2,yes,a,20\n`)
file('one group only', `${HEAD}p1,700,0.05,yes,a,30\np2,600,0.1,no,a,30\n`)
file('no rows', HEAD)
file('an empty file', '')
file('a probability said to be safe', GOOD, { columns: { probability: 'pd', higherIs: 'safety', groups: ['grp'] } })
file('bands for an attribute that is not there', GOOD, { bands: new Map([['height', [170]]]) })
file('bands for a text', GOOD, { bands: new Map([['grp', [1]]]) })
file('bands that do not rise', GOOD, { bands: new Map([['age', [40, 30]]]) })
file('a reference that is not there', GOOD, { references: new Map([['grp', 'c']]) })
file('a model of a file', GOOD, { models: ['forest'] })
file('fewer than one person a cell', GOOD, { minCell: 0 })
const ofRun = (name: string, change: (copy: string) => void, options: Partial<AuditFairnessOptions> = {}): void => {
  CASES.push([
    name,
    async () => {
      const copy = join(folder, 'runs')
      rmSync(copy, { recursive: true, force: true })
      cpSync(out, copy, { recursive: true })
      change(copy)
      await auditFairness({ source: copy, threads: 1, ...options })
    },
  ])
}
const nothing = (): void => {}
ofRun('columns for a run', nothing, { columns: COLUMNS })
ofRun('groups for a run', nothing, { columns: { groups: ['sex'] } })
ofRun('a model twice', nothing, { models: ['forest', 'forest'] })
ofRun('a cutoff that no score of a run has', nothing, { cutoff: 10_000 })
ofRun('a model that the run does not have', nothing, { models: ['oracle'] })
ofRun('a folder that is no run', (copy) => rmSync(join(copy, 'run.json')))
CASES.push([
  'a run without protected attributes',
  async () => {
    const plain = join(folder, 'plain')
    writeFileSync(
      join(folder, 'plain.mapping.yaml'),
      MAPPING.replace('protected: [sex]', 'drop: { sex: not to be looked at }'),
    )
    const source = { kind: 'mapping' as const, mapping: join(folder, 'plain.mapping.yaml') }
    await run({ ...pipeline, source, train: { models: { logistic: {} }, replicates: 200 } }, { out: plain, threads: 1 })
    await auditFairness({ source: plain, threads: 1 })
  },
])

describe('what cannot be audited', () => {
  it('gets one clear message each, and leaves nothing half-written', async () => {
    const lines: string[] = []
    for (const [name, work] of CASES) {
      const error = await work().then(
        () => undefined,
        (e: unknown) => e as Error,
      )
      expect(error, name).toMatchObject({ name: 'GlasscoreError' })
      const message = error!.message.replaceAll(`${folder}/`, '')
      expect(message, name).not.toMatch(/\n|undefined|\[object/)
      lines.push(badInputLine(name, message))
      expect(readdirSync(folder).filter((f) => f.includes('.tmp-') || f === 'bad.csv.fairness')).toEqual([])
      expect(existsSync(join(folder, 'runs/fairness')) && !existsSync(join(out, 'fairness'))).toBe(false)
    }
    const text = [
      'What `glasscore audit fairness` says of files and runs that it cannot audit; made by `test/stages/auditFairness.test.ts`. A',
      'run that is unfinished or was changed is refused with the messages of reports.',
      '',
      '| input | message |',
      '|---|---|',
      ...lines,
    ].join('\n')
    await expect(withPart('Audits of fairness', text)).toMatchFileSnapshot(BAD_INPUTS)
  })

  it('would be audited if it were right: the twin of the test above', async () => {
    const source = join(folder, 'bad.csv')
    writeFileSync(source, GOOD)
    const result = await auditFairness({ source, cutoff: 600, columns: COLUMNS, threads: 1 })
    expect(result.summary.lines.length).toBeGreaterThan(0)
  })
})
