import { join } from 'node:path'
import { canExplain } from '../attributions/explain.ts'
import { isTreeModel } from '../models/model.ts'
import { writeFileAtomic } from '../util/atomic.ts'
import { dataError, usageError } from '../util/errors.ts'
import { canonicalJson } from '../util/hash.ts'
import { type BackgroundOptions, resolveBackgrounds } from './backgroundChoice.ts'
import { type ReceiptFigures, receiptsOf } from './explainReceipts.ts'
import type { ExplainedAgainst, ExplainSummary } from './explainSummary.ts'
import { writeExplanation } from './explanationOfAll.ts'
import { type LoadedModel, loadModels } from './findModels.ts'
import { checkMissing, unseenWarnings } from './missingFactors.ts'
import { writeTogether } from './modelTables.ts'
import { codingOf, inputsOf, loadPeople, type PeopleOptions, peopleFolder, resolvePeople } from './people.ts'
import { receiptLayout } from './receiptColumns.ts'
import { runStage, type StageOptions, type StageResult } from './stage.ts'
import { backgroundTable, type StageBackground, stageBackground } from './stageBackground.ts'

export type { ExplainedAgainst, ExplainedModel, ExplainSummary } from './explainSummary.ts'

export interface ExplainStageOptions extends StageOptions, PeopleOptions, BackgroundOptions {
  /** model folders, or folders that hold models */
  models: readonly string[]
  /** whether explanation.json and explanation.html are written, what all receipts come to; default true */
  page?: boolean
  /** somebody who must be among the people, or nothing is made; changes no result */
  person?: string
}

/** @throws GlasscoreError('usage') when two backgrounds have the same name: their receipts could not be told apart */
const checkApart = (made: readonly (StageBackground | undefined)[], { scorer }: LoadedModel): void => {
  const ids = made.map((background) => background?.id)
  const twice = ids.find((id, i) => id !== undefined && ids.indexOf(id) < i)
  if (twice !== undefined)
    throw usageError(`two backgrounds of model ${scorer.name} have the same name`, {
      option: 'background',
      got: twice,
    })
}

const sampledNote = (model: string, { id, rows, outOf }: StageBackground): string =>
  `${model}: trees with more than 16 factors on a path; points against ${id} are exact for its ${rows} rows, and errors.parquet has the standard error of each for having drawn them of ${outOf}`

/**
 * receipts.parquet: person_id, observation_date, model, model_hash, semantics, background_id, link, base, one whole number a
 * factor, scale_limit, score, one whole number a dimension (points of the game of dimensions), and one more a dimension (`_members`: the
 * sum of the points of its factors); one row for each model, background, person and date, in this order. receipts.json names the columns.
 * Every row is added up again: base + points + scale_limit = score. Receipts are made block by block: those of all rows are never
 * held here. errors.parquet, only where a path of a tree has more than 16 distinct factors and the background was drawn of more rows: standard
 * errors of the points of factors, by the same key. explanation.json and explanation.html say what all of them come to.
 *
 * @throws GlasscoreError for backgrounds without rows or that cannot be chosen here, for people whose factors are missing, and
 *   ('model') with a background of more than 1,000 rows when a path of a tree has more than 16 different factors
 */
export const explainScores = async (options: ExplainStageOptions): Promise<StageResult<ExplainSummary>> => {
  const people = resolvePeople(options, options.models)
  const chosen = resolveBackgrounds(options)
  const { folders, models } = await loadModels(options.models)
  const { backgrounds, backgroundRows, backgroundFeatures } = chosen
  const inputs = {
    ...inputsOf(people, folders),
    ...(backgroundFeatures === null ? {} : { 'background features': backgroundFeatures }),
  }
  const { asOf = null, allowMissing = false } = people
  const { page = true } = options
  const said = { asOf, allowMissing, backgrounds, backgroundRows, page }
  return runStage({ stage: 'explain', options: said, inputs }, options, async (context) => {
    const { engine, folder, progress } = context
    const loaded = await loadPeople(context, people, codingOf(models.map(({ scorer }) => scorer)))
    const { frame } = loaded
    const { person } = options
    if (person !== undefined && !frame.personId.includes(person))
      throw dataError('no such person', { file: peopleFolder(context, people), column: 'person_id', got: person })
    const explained = { folder: peopleFolder(context, people), loaded }
    const table = await backgroundTable(context, chosen, explained)
    const used = models.flatMap(({ scorer }) => scorer.encoding.factors)
    const layout = receiptLayout([...new Set(used.map((f) => f.name))], [...new Set(used.map((f) => f.dimension))])
    const summary: ExplainSummary = { rows: frame.rows, models: {}, notes: [] }
    const tables: string[] = []
    const errorTables: string[] = []
    for (const [i, model] of models.entries()) {
      const { scorer, hash } = model
      summary.notes.push(...checkMissing(scorer, loaded, allowMissing), ...unseenWarnings(scorer, frame))
      if (!canExplain(scorer)) {
        summary.notes.push(
          `${scorer.name}: isotonic calibration makes steps, which no sum of points follows; no receipts`,
        )
        continue
      }
      const rowsOf = { rows: backgroundRows, allowMissing }
      const made: (StageBackground | undefined)[] = []
      for (const choice of backgrounds)
        made.push(choice.kind === 'own' ? undefined : await stageBackground(context, scorer, choice, table, rowsOf))
      checkApart(made, model)
      summary.notes.push(...new Set(made.flatMap((background) => background?.notes ?? [])))
      const figures: ReceiptFigures[] = []
      for (const [k, background] of made.entries()) {
        const of = await receiptsOf(context, `receipts_${i}_${k}`, model, frame, layout, background)
        tables.push(...of.tables)
        errorTables.push(...of.errorTables)
        if (background && of.errorTables.length > 0) summary.notes.push(sampledNote(scorer.name, background))
        figures.push(of.figures)
      }
      const [first, ...rest] = figures
      const others = rest.map(({ nearCutoff: _, ...against }): ExplainedAgainst => against)
      summary.models[scorer.name] = { ...first!, modelHash: hash, linear: !isTreeModel(scorer.model), others }
    }
    if (tables.length > 0) {
      progress('write receipts', 0, 1)
      const order = 'model, model_hash, background_id, person_id, observation_date'
      await writeTogether(engine, tables, order, join(folder, 'receipts.parquet'))
      if (errorTables.length > 0) await writeTogether(engine, errorTables, order, join(folder, 'errors.parquet'))
      await writeFileAtomic(join(folder, 'receipts.json'), `${canonicalJson(layout, 2)}\n`)
      if (page) await writeExplanation(context, summary, explained)
    }
    return summary
  })
}
