/** models/reference: it loads, scores the sample as stored, and its card says what its JSON files say. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDuckDB } from '../../src/engines/duckdb.ts'
import { loadModel } from '../../src/formats/modelFile.ts'
import type { FairnessReport } from '../../src/reports/fairnessReport.ts'
import type { RunReport } from '../../src/reports/runReport.ts'
import { bandOf } from '../../src/schema/score.ts'
import { type Scorer, scoreFrame } from '../../src/scores/scorer.ts'
import { readPipeline } from '../../src/stages/config.ts'
import { features } from '../../src/stages/features.ts'
import { loadFeatures } from '../../src/stages/loadFeatures.ts'
import { modelCard } from '../../src/stages/modelCard.ts'
import { sha256 } from '../../src/util/hash.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = join(root, 'models', 'reference')
const read = (name: string): string => readFileSync(join(folder, name), 'utf8')
const json = <T>(name: string): T => JSON.parse(read(name)) as T

interface ReferenceManifest {
  pipeline: { file: string; sha256: string }
  model: string
  modelHash: string
  seed: number
  sample: string
  files: Record<string, string>
}
const manifest = json<ReferenceManifest>('manifest.json')
const report = json<RunReport>('report.json')
const fairness = json<FairnessReport>('fairness.json')
const card = read('card.md')
const cardOptions = {
  report: join(folder, 'report.json'),
  fairness: join(folder, 'fairness.json'),
  model: manifest.model,
  words: join(folder, 'card.yaml'),
}

let work = ''
beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'glasscore-reference-'))
})
afterAll(() => rmSync(work, { recursive: true, force: true }))

describe('files of the reference model', () => {
  it('are those of its manifest, and stay small', () => {
    const files = readdirSync(folder).filter((name) => name !== 'manifest.json')
    expect(Object.fromEntries(files.sort().map((name) => [name, sha256(readFileSync(join(folder, name)))]))).toEqual(
      manifest.files,
    )
    expect(sha256(readFileSync(join(root, manifest.pipeline.file)))).toBe(manifest.pipeline.sha256)
    expect(readFileSync(join(folder, 'model.bin')).length + read('model.json').length).toBeLessThan(1_500_000)
  })

  it('are of one run: the model, its figures and its audit', async () => {
    const { hash } = await loadModel(folder)
    expect(hash).toBe(manifest.modelHash)
    expect(report.models.find((m) => m.name === manifest.model)!.modelHash).toBe(hash)
    expect(fairness.inputs['train/predictions.parquet']).toBe(report.inputs['train/predictions.parquet'])
    expect(report.seed).toBe(manifest.seed)
  })
})

describe('the scores of the sample', () => {
  const lines = read('expected-scores.csv').trim().split('\n').slice(1)
  let scorer: Scorer
  let rows: string[]

  const rowsBy = async (scored: Scorer): Promise<string[]> => {
    const { folder: factors } = await features({
      data: join(root, manifest.sample),
      out: join(work, 'factors'),
      threads: 2,
    })
    const engine = await openDuckDB({ threads: 1 })
    try {
      const { frame } = await loadFeatures(engine, factors)
      const { probability, score } = scoreFrame(scored, frame)
      return frame.personId.map((id, i) =>
        [id, frame.observationDate[i], probability[i], score[i], bandOf(score[i]!)].join(','),
      )
    } finally {
      engine.close()
    }
  }

  it('are the stored ones to the last digit', async () => {
    scorer = (await loadModel(folder)).scorer
    rows = await rowsBy(scorer)
    expect(rows).toHaveLength(100)
    expect(rows).toEqual(lines)
  })

  it('would differ by a slightly different calibration', async () => {
    if (scorer.calibration.kind !== 'platt') throw new Error('the reference model is calibrated by a line')
    const slope = scorer.calibration.slope * 1.0001
    expect(await rowsBy({ ...scorer, calibration: { ...scorer.calibration, slope } })).not.toEqual(lines)
  })
})

describe('the card', () => {
  it('is made of its JSON and its words, byte for byte', async () => {
    expect(await modelCard(cardOptions)).toBe(card)
  })

  it('says the numbers of the JSON, recomputed here by hand', () => {
    const at = report.models.findIndex((m) => m.name === manifest.model)
    const { figures, curves, importance } = report.models[at]!
    const whole = (n: number): string => n.toLocaleString('en-US')
    const within = ({ value, low, high }: { value: number; low: number; high: number }, digits: number): string =>
      `${value.toFixed(digits)} [${low.toFixed(digits)}, ${high.toFixed(digits)}]`
    const line = [
      within(figures.auc, 3),
      within(figures.gini, 3),
      within(figures.ks, 3),
      within(figures.brier, 4),
      within(figures.logLoss, 4),
      within(figures.calibrationSlope, 2),
    ].join(' | ')
    expect(card).toContain(`| **\`${manifest.model}\`** | ${line} |`)
    for (const { step, rows } of report.waterfall)
      expect(card).toContain(`| ${step.replaceAll('_', '\\_')} | ${whole(rows)} |`)
    for (const band of curves.bands) {
      const { value, low, high } = band.badRate!
      const rate = within({ value: 100 * value, low: 100 * low, high: 100 * high }, 1)
      expect(card).toContain(
        `| ${whole(band.rows)} | ${whole(band.bads)} | ${rate} | ${(100 * band.predicted!).toFixed(1)} |`,
      )
    }
    for (const { dimension, meanAbsolutePoints, share } of importance!.dimensions)
      expect(card).toContain(`| \`${dimension}\` | ${meanAbsolutePoints.toFixed(2)} | ${(100 * share).toFixed(1)} |`)
    const audited = fairness.models.find((m) => m.model === manifest.model)!
    const groups = audited.attributes.flatMap((a) => a.groups)
    expect(groups.length).toBeGreaterThan(4)
    for (const group of groups) {
      const { value, low, high } = group.selectionRate
      const rate = within({ value: 100 * value!, low: 100 * low!, high: 100 * high! }, 1)
      expect(card).toContain(`| ${group.label} | ${whole(group.rows)} | ${whole(group.bads!)} | ${rate} |`)
      const ratio = group.againstReference?.adverseImpactRatio
      if (ratio) expect(card).toContain(`| ${within(ratio as { value: number; low: number; high: number }, 2)} |`)
    }
  })

  it('changes with a number of the JSON, and refuses an audit of other rows', async () => {
    const altered = structuredClone(report)
    altered.models.find((m) => m.name === manifest.model)!.figures.auc.value += 0.01
    const file = join(work, 'report.json')
    writeFileSync(file, JSON.stringify(altered))
    expect(await modelCard({ ...cardOptions, report: file })).not.toBe(card)
    altered.inputs['train/predictions.parquet'] = '0'.repeat(64)
    writeFileSync(file, JSON.stringify(altered))
    await expect(modelCard({ ...cardOptions, report: file })).rejects.toThrow('not of the same held-out rows')
    await expect(modelCard({ ...cardOptions, model: 'forrest' })).rejects.toThrow(/no such model.*forest/)
    await expect(modelCard({ ...cardOptions, fairness: cardOptions.report })).rejects.toThrow(
      'not what a card is made of',
    )
    await expect(modelCard({ ...cardOptions, report: join(work, 'nowhere.json') })).rejects.toThrow('no such file')
    const words = join(work, 'card.yaml')
    writeFileSync(words, 'title: a\n')
    await expect(modelCard({ ...cardOptions, words })).rejects.toThrow('card.yaml')
  })

  it('names in words what the pipeline says in numbers', async () => {
    const words = read('card.yaml')
    const { seed, source, train } = await readPipeline(join(root, manifest.pipeline.file))
    if (source.kind !== 'simulate' || train.split.by !== 'person') throw new Error('the pipeline simulates people')
    const { trees, maxDepth } = train.models!.forest!
    expect(words).toContain(`random forest of ${trees} trees at most ${maxDepth} deep`)
    expect(words).toContain(`${source.people.toLocaleString('en-US')} people`)
    expect(words).toContain(`seed ${seed}, ${source.months} months before ${source.asOf}`)
    expect(train.split.testShare).toBe(0.3)
    expect(words).toMatch(/Three in ten\s+people were held out/)
  })
})
