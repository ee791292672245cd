import { join } from 'node:path'
import { canExplain, explainBlocks } from '../attributions/explain.ts'
import { checkReceipts, type Receipts, receipts } from '../attributions/receipt.ts'
import type { ColumnInput, Engine } from '../engines/engine.ts'
import { type FactorFrame, sliceRows } from '../matrix/frame.ts'
import { DEFAULT_CUTOFF } from '../schema/score.ts'
import { writeFileAtomic } from '../util/atomic.ts'
import { GlasscoreError } from '../util/errors.ts'
import { canonicalJson } from '../util/hash.ts'
import { type LoadedModel, loadModels } from './findModels.ts'
import { checkMissing, unseenWarnings } from './missingFactors.ts'
import { constantText, keyColumns, writeTogether } from './modelTables.ts'
import { codingOf, inputsOf, loadPeople, type PeopleOptions, resolvePeople } from './people.ts'
import { type ReceiptLayout, receiptLayout } from './receiptColumns.ts'
import { runStage, type StageContext, type StageOptions, type StageResult } from './stage.ts'

export interface ExplainStageOptions extends StageOptions, PeopleOptions {
  /** model folders, or folders that hold models */
  models: readonly string[]
}

/** What was found about the receipts of a model. */
export interface ExplainedModel {
  modelHash: string
  semantics: string
  backgroundId: string
  link: string
  base: number
  rowsChecked: number
  rowsFailing: number
  /** largest |base + points - raw score| before rounding, in points */
  additivityGap: number
  /** mean absolute points by factor and by dimension */
  meanAbsolutePoints: { factors: Record<string, number>; dimensions: Record<string, number> }
  /** whose score is nearest to the cutoff of 650, and when */
  nearCutoff: { personId: string; observationDate: string }
}

/** What a stage of receipts has found, by model. */
export interface ExplainSummary {
  rows: number
  models: Record<string, ExplainedModel>
  notes: string[]
}

const column = (values: Int32Array): ColumnInput => ({ type: 'INTEGER', values })

const storeReceipts = async (
  engine: Engine,
  table: string,
  r: Receipts,
  hash: string,
  frame: FactorFrame,
  layout: ReceiptLayout,
): Promise<void> => {
  const text = (value: string): ColumnInput => constantText(value, r.rows)
  const of = (names: readonly string[], columns: ReceiptLayout['factors'], points: Int32Array) => {
    const position = new Map(names.map((name, j) => [name, j]))
    return Object.fromEntries(
      columns.map(({ name, column: to }) => {
        const j = position.get(name)
        // A factor that another model uses and this one has never heard of has no points in it.
        return [to, column(j === undefined ? new Int32Array(r.rows) : points.subarray(j * r.rows, (j + 1) * r.rows))]
      }),
    )
  }
  await engine.createTable(table, {
    ...keyColumns(frame),
    model: text(r.model),
    model_hash: text(hash),
    semantics: text(r.semantics),
    background_id: text(r.backgroundId),
    link: text(r.link),
    base: column(new Int32Array(r.rows).fill(r.base)),
    ...of(r.factors, layout.factors, r.points),
    scale_limit: column(r.scaleLimit),
    score: column(r.score),
    ...of(r.dimensions, layout.dimensions, r.dimensionPoints),
  })
}

/** Sums of absolute points by name, block by block. */
class AbsolutePoints {
  readonly #sums = new Map<string, number>()

  add(names: readonly string[], points: Int32Array, rows: number): void {
    names.forEach((name, j) => {
      let sum = this.#sums.get(name) ?? 0
      for (let i = 0; i < rows; i++) sum += Math.abs(points[j * rows + i]!)
      this.#sums.set(name, sum)
    })
  }

  means(rows: number): Record<string, number> {
    const means = [...this.#sums].map(([name, sum]) => [name, Math.round((1000 * sum) / Math.max(1, rows)) / 1000])
    return Object.fromEntries(means)
  }
}

/** Receipts of one model, made, checked and stored block by block. */
const receiptsOf = async (
  { engine, pool, progress, signal }: StageContext,
  table: string,
  { scorer, hash }: Pick<LoadedModel, 'scorer' | 'hash'>,
  frame: FactorFrame,
  layout: ReceiptLayout,
): Promise<{ figures: ExplainedModel; tables: string[] }> => {
  const tables: string[] = []
  const factors = new AbsolutePoints()
  const dimensions = new AbsolutePoints()
  let nearest = { distance: Number.POSITIVE_INFINITY, row: 0 }
  let additivityGap = 0
  let rowsChecked = 0
  let last: Receipts | undefined
  const blocks = explainBlocks(scorer, frame, {
    pool,
    progress: (_step, done, total) => progress(`explain ${scorer.name}`, done, total),
    ...(signal ? { signal } : {}),
  })
  for await (const block of blocks) {
    const { from } = block
    const r = receipts(block)
    const check = checkReceipts(r)
    const failing = Math.max(check.failing, check.failingDimensions)
    if (failing > 0)
      throw new GlasscoreError('internal', `receipts of ${failing} rows do not add up`, {
        row: frame.personId[from + check.first!]!,
      })
    tables.push(`${table}_${tables.length}`)
    await storeReceipts(engine, tables.at(-1)!, r, hash, sliceRows(frame, from, from + r.rows), layout)
    factors.add(r.factors, r.points, r.rows)
    dimensions.add(r.dimensions, r.dimensionPoints, r.rows)
    r.score.forEach((score, i) => {
      const distance = Math.abs(score - DEFAULT_CUTOFF)
      if (distance < nearest.distance) nearest = { distance, row: from + i }
    })
    additivityGap = Math.max(additivityGap, block.additivityGap)
    rowsChecked += check.rows
    last = r
  }
  const { semantics, backgroundId, link, base } = last!
  const figures = {
    modelHash: hash,
    semantics,
    backgroundId,
    link,
    base,
    rowsChecked,
    // More than 0 is an error above.
    rowsFailing: 0,
    additivityGap,
    meanAbsolutePoints: { factors: factors.means(rowsChecked), dimensions: dimensions.means(rowsChecked) },
    nearCutoff: {
      personId: frame.personId[nearest.row]!,
      observationDate: frame.observationDate[nearest.row]!,
    },
  }
  return { figures, tables }
}

/**
 * receipts.parquet: person_id, observation_date, model, model_hash, semantics, background_id, link, base, one whole number a
 * factor, scale_limit, score, one whole number a dimension; ordered by model, person, date. receipts.json names the columns.
 * Every row is added up again: base + points + scale_limit = score. Receipts are made block by block: those of all rows are never
 * held here.
 */
export const explainScores = async (options: ExplainStageOptions): Promise<StageResult<ExplainSummary>> => {
  const people = resolvePeople(options, options.models)
  const { folders, models } = await loadModels(options.models)
  const inputs = inputsOf(people, folders)
  const { asOf = null, allowMissing = false } = people
  return runStage({ stage: 'explain', options: { asOf, allowMissing }, inputs }, options, async (context) => {
    const { engine, folder, progress } = context
    const loaded = await loadPeople(context, people, codingOf(models.map(({ scorer }) => scorer)))
    const { frame } = loaded
    const used = models.flatMap(({ scorer }) => scorer.encoding.factors)
    const layout = receiptLayout([...new Set(used.map((f) => f.name))], [...new Set(used.map((f) => f.dimension))])
    const summary: ExplainSummary = { rows: frame.rows, models: {}, notes: [] }
    const tables: string[] = []
    for (const [i, { scorer, hash }] of models.entries()) {
      summary.notes.push(...checkMissing(scorer, loaded, allowMissing), ...unseenWarnings(scorer, frame))
      if (!canExplain(scorer)) {
        summary.notes.push(
          `${scorer.name}: isotonic calibration makes steps, which no sum of points follows; no receipts`,
        )
        continue
      }
      const made = await receiptsOf(context, `receipts_${i}`, { scorer, hash }, frame, layout)
      tables.push(...made.tables)
      summary.models[scorer.name] = made.figures
    }
    if (tables.length > 0) {
      progress('write receipts', 0, 1)
      const order = 'model, model_hash, person_id, observation_date'
      await writeTogether(engine, tables, order, join(folder, 'receipts.parquet'))
      await writeFileAtomic(join(folder, 'receipts.json'), `${canonicalJson(layout, 2)}\n`)
    }
    return summary
  })
}
