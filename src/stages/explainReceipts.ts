import { type ExplainedRows, explainBlocks } from '../attributions/explain.ts'
import { checkReceipts, type Receipts, receipts } from '../attributions/receipt.ts'
import type { ColumnInput, Engine } from '../engines/engine.ts'
import { type FactorFrame, sliceRows } from '../matrix/frame.ts'
import { isTreeModel } from '../models/model.ts'
import { DEFAULT_CUTOFF } from '../schema/score.ts'
import type { Scorer } from '../scores/scorer.ts'
import { GlasscoreError } from '../util/errors.ts'
import { AbsolutePoints } from './absolutePoints.ts'
import type { ExplainedAgainst } from './explainSummary.ts'
import type { LoadedModel } from './findModels.ts'
import { MemberSums, memberPoints } from './memberSums.ts'
import { constantText, keyColumns } from './modelTables.ts'
import type { ReceiptColumn, ReceiptLayout } from './receiptColumns.ts'
import type { StageContext } from './stage.ts'
import type { StageBackground } from './stageBackground.ts'

/** What was found, and whose score is nearest to the cutoff of 650, and when. */
export interface ReceiptFigures extends ExplainedAgainst {
  nearCutoff: { personId: string; observationDate: string }
}

const column = (values: Int32Array): ColumnInput => ({ type: 'INTEGER', values })

const storeReceipts = async (
  engine: Engine,
  table: string,
  r: Receipts,
  members: Int32Array,
  hash: string,
  frame: FactorFrame,
  layout: Required<ReceiptLayout>,
): Promise<void> => {
  const text = (value: string): ColumnInput => constantText(value, r.rows)
  const of = (names: readonly string[], columns: readonly ReceiptColumn[], points: Int32Array) => {
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
    ...of(r.dimensions, layout.members, members),
  })
}

/** Standard errors of the points of factors, in the columns of the receipts. */
const storeErrors = async (
  engine: Engine,
  table: string,
  { model, backgroundId, factors, rows }: ExplainedRows,
  errors: Float64Array,
  hash: string,
  frame: FactorFrame,
  layout: ReceiptLayout,
): Promise<void> => {
  const position = new Map(factors.map(({ name }, f) => [name, f]))
  await engine.createTable(table, {
    ...keyColumns(frame),
    model: constantText(model, rows),
    model_hash: constantText(hash, rows),
    background_id: constantText(backgroundId, rows),
    ...Object.fromEntries(
      layout.factors.map(({ name, column }): [string, ColumnInput] => {
        const f = position.get(name)
        const values = f === undefined ? new Float64Array(rows) : errors.subarray(f * rows, (f + 1) * rows)
        return [column, { type: 'DOUBLE', values }]
      }),
    ),
  })
}

/**
 * Adds every receipt up again.
 * @param from position of the first in the frame
 * @throws GlasscoreError('internal') when one does not add up
 */
export const proveReceipts = (r: Receipts, from: number, frame: Pick<FactorFrame, 'personId'>): void => {
  const check = checkReceipts(r)
  const failing = Math.max(check.failing, check.failingDimensions)
  if (failing > 0)
    throw new GlasscoreError('internal', `receipts of ${failing} rows do not add up`, {
      row: frame.personId[from + check.first!]!,
    })
}

/** The sentence of what a model brings: who it was trained on, as its file remembers. */
const ownSentence = ({ model, training }: Scorer): string => {
  const rows = training['rows']
  const of = typeof rows === 'number' ? `its ${rows.toLocaleString('en-US')} training rows` : 'its training rows'
  const words = `What the model brings: ${isTreeModel(model) ? `${of}, as the trees count them in their branches` : `the mean of ${of}`}.`
  return `${words} Those were good or bad; people without such an outcome are not among them.`
}

/**
 * Receipts of all rows of a frame, in tables of the engine.
 * @param background absent: what the model brings
 * @returns figures, and the tables in the order of the rows; those of standard errors where points have any
 */
export const receiptsOf = async (
  { engine, pool, progress, signal }: StageContext,
  table: string,
  { scorer, hash }: Pick<LoadedModel, 'scorer' | 'hash'>,
  frame: FactorFrame,
  layout: Required<ReceiptLayout>,
  background?: StageBackground,
): Promise<{ figures: ReceiptFigures; tables: string[]; errorTables: string[] }> => {
  const tables: string[] = []
  const errorTables: string[] = []
  const errors = new AbsolutePoints()
  const factors = new AbsolutePoints()
  const dimensions = new AbsolutePoints()
  const forms = new MemberSums()
  let nearest = { distance: Number.POSITIVE_INFINITY, row: 0 }
  let additivityGap = 0
  let rowsChecked = 0
  let last: Receipts | undefined
  const blocks = explainBlocks(scorer, frame, {
    pool,
    progress: (_step, done, total) => progress(`explain ${scorer.name}`, done, total),
    ...(signal ? { signal } : {}),
    ...(background ? { background } : {}),
  })
  for await (const block of blocks) {
    const { from } = block
    const r = receipts(block)
    proveReceipts(r, from, frame)
    tables.push(`${table}_${tables.length}`)
    const rows = sliceRows(frame, from, from + r.rows)
    await storeReceipts(engine, tables.at(-1)!, r, memberPoints(block, r), hash, rows, layout)
    if (block.standardErrors) {
      errorTables.push(`${tables.at(-1)!}_errors`)
      await storeErrors(engine, errorTables.at(-1)!, block, block.standardErrors, hash, rows, layout)
      errors.add(r.factors, block.standardErrors, rows.personId)
    }
    factors.add(r.factors, r.points, rows.personId)
    dimensions.add(r.dimensions, r.dimensionPoints, rows.personId)
    forms.add(block)
    r.score.forEach((score, i) => {
      const distance = Math.abs(score - DEFAULT_CUTOFF)
      if (distance < nearest.distance) nearest = { distance, row: from + i }
    })
    additivityGap = Math.max(additivityGap, block.additivityGap)
    rowsChecked += r.rows
    last = r
  }
  const { semantics, backgroundId, link, base } = last!
  const figures: ReceiptFigures = {
    semantics,
    backgroundId,
    background: background?.sentence ?? ownSentence(scorer),
    backgroundRows: background?.rows ?? null,
    link,
    base,
    rowsChecked,
    // More than 0 is an error above.
    rowsFailing: 0,
    additivityGap,
    meanAbsolutePoints: { factors: factors.means(), dimensions: dimensions.means() },
    persons: factors.persons,
    factorIntervals: factors.intervals(),
    ...(errorTables.length > 0 ? { meanStandardError: errors.means() } : {}),
    dimensionForms: forms.forms(),
    nearCutoff: {
      personId: frame.personId[nearest.row]!,
      observationDate: frame.observationDate[nearest.row]!,
    },
  }
  return { figures, tables, errorTables }
}
