/** Attributions of every row of a wide table: all factors and dimensions, and the variables that matter most in it. */
import { join } from 'node:path'
import { attributeLevels, type LevelAttributions } from '../../attributions/levels.ts'
import type { ColumnInput, Engine } from '../../engines/engine.ts'
import { loadWideBins } from '../../formats/loadWideBins.ts'
import { readWideTable } from '../../formats/wideTable.ts'
import { type FactorFrame, sliceRows } from '../../matrix/frame.ts'
import { binnedMargins } from '../../models/binnedMargins.ts'
import { isTreeModel, type TreeModel } from '../../models/model.ts'
import type { WideTable } from '../../schema/wideTable.ts'
import type { Scorer } from '../../scores/scorer.ts'
import { writeFileAtomic } from '../../util/atomic.ts'
import { GlasscoreError, modelError, usageError } from '../../util/errors.ts'
import { canonicalJson } from '../../util/hash.ts'
import { loadModels } from '../findModels.ts'
import { constantText, keyColumns, writeTogether } from '../modelTables.ts'
import { runStage, type StageContext, type StageOptions, type StageResult } from '../stage.ts'
import { TopVariables } from './topVariables.ts'
import { type RollUp, rollUpOf, wideRows } from './wideRows.ts'

export interface ExplainWideOptions extends StageOptions {
  /** folder of a wide table */
  features: string
  /** model folders, or folders that hold models, all trained on this table */
  models: readonly string[]
  /** variables that are written for each row, those with the largest attributions; default 5 */
  top?: number
}

/** What was found about the attributions of a model, in log-odds before calibration. */
export interface ExplainedWide {
  modelHash: string
  base: number
  rows: number
  /** largest |base + values - margin| of a row, at any level */
  additivityGap: number
  /** mean absolute attribution by factor and by dimension */
  meanAbsolute: { factors: Record<string, number>; dimensions: Record<string, number> }
}

/** What a stage of attributions of a wide table has found, by model. */
export interface ExplainWideSummary {
  rows: number
  models: Record<string, ExplainedWide>
}

/** Log-odds. More is a fault of the program, not rounding. */
const LARGEST_GAP = 1e-8

const numbers = (values: Float64Array): ColumnInput => ({ type: 'DOUBLE', values })

/** @throws GlasscoreError('model') when the model was trained on other variables, ('usage') when its output is not additive in log-odds */
const checkModel = ({ name, model, encoding }: Scorer, table: WideTable): TreeModel => {
  const own = encoding.factors.map((f) => f.name)
  const j = table.variables.findIndex((v, i) => v.name !== own[i])
  if (own.length !== table.variables.length || j >= 0)
    throw modelError(`model ${name} was not trained on the variables of this wide table`, {
      expected: `${table.variables.length} variables${j >= 0 ? `, of them ${table.variables[j]!.name}` : ''}`,
      got: `${own.length}${j >= 0 ? `, and ${own[j]} in its place` : ''}`,
    })
  if (!isTreeModel(model) || model.output === 'probability')
    throw usageError(`attributions of model ${name} do not add up to log-odds`, {
      option: 'output',
      expected: 'a forest or boosting of log-odds',
      got: isTreeModel(model) ? model.output : model.kind,
    })
  return model
}

/** Largest difference between base + values and the margins of a block. */
const gapOf = (values: Float64Array, { from, rows, base }: LevelAttributions, margins: Float64Array): number => {
  let gap = 0
  const sums = new Float64Array(rows).fill(base)
  for (let k = 0; k < values.length; k++) sums[k % rows]! += values[k]!
  for (let i = 0; i < rows; i++) {
    const off = Math.abs(sums[i]! - margins[from + i]!)
    if (!(off <= gap)) gap = off
  }
  return gap
}

const addAbsolute = (sums: Float64Array, values: Float64Array, rows: number): void => {
  for (let k = 0; k < sums.length; k++) for (let i = 0; i < rows; i++) sums[k]! += Math.abs(values[k * rows + i]!)
}

const byName = (names: readonly string[], sums: Float64Array, rows: number): Record<string, number> =>
  Object.fromEntries(names.map((name, k) => [name, sums[k]! / Math.max(1, rows)]))

const storeBlock = (
  engine: Engine,
  name: string,
  { from, rows, base, factors, dimensions }: LevelAttributions,
  {
    model,
    hash,
    frame,
    margins,
    rollUp,
  }: { model: string; hash: string; frame: FactorFrame; margins: Float64Array; rollUp: RollUp },
): Promise<void> => {
  const of = (prefix: string, names: readonly string[], values: Float64Array) =>
    Object.fromEntries(names.map((n, k) => [prefix + n, numbers(values.subarray(k * rows, (k + 1) * rows))]))
  return engine.createTable(name, {
    ...keyColumns(sliceRows(frame, from, from + rows)),
    model: constantText(model, rows),
    model_hash: constantText(hash, rows),
    base: numbers(new Float64Array(rows).fill(base)),
    ...of('', rollUp.factors, factors),
    ...of('dimension ', rollUp.dimensions, dimensions),
    margin: numbers(margins.subarray(from, from + rows)),
  })
}

const explainOne = async (
  context: StageContext,
  id: number,
  {
    scorer,
    hash,
    model,
    table,
    frame,
    folder,
    top,
    tables,
  }: {
    scorer: Scorer
    hash: string
    model: TreeModel
    table: WideTable
    frame: FactorFrame
    folder: string
    top: number
    tables: { rows: string[]; top: string[]; variables: string[] }
  },
): Promise<ExplainedWide> => {
  const { engine, pool, progress, signal } = context
  const rollUp = rollUpOf(table)
  const bins = await loadWideBins(folder, table, pool, { signal })
  try {
    const margins = await binnedMargins(model, bins, pool, { signal })
    const sums = {
      variables: new Float64Array(table.variables.length),
      factors: new Float64Array(rollUp.factors.length),
      dimensions: new Float64Array(rollUp.dimensions.length),
    }
    let gap = 0
    let base = 0
    const blocks = attributeLevels(model, bins, rollUp, {
      pool,
      progress: (_step, done, total) => progress(`explain ${scorer.name}`, done, total),
      ...(signal ? { signal } : {}),
    })
    for await (const block of blocks) {
      base = block.base
      for (const level of ['variables', 'factors', 'dimensions'] as const) {
        addAbsolute(sums[level], block[level], block.rows)
        const own = gapOf(block[level], block, margins)
        if (!(own <= gap)) gap = own
      }
      if (!(gap <= LARGEST_GAP))
        throw new GlasscoreError('internal', `attributions of model ${scorer.name} do not add up to its margins`, {
          expected: `a gap of at most ${LARGEST_GAP}`,
          got: gap,
        })
      const name = `wide_rows_${id}_${tables.rows.length}`
      await storeBlock(engine, name, block, { model: scorer.name, hash, frame, margins, rollUp })
      tables.rows.push(name)
      const most = new TopVariables(block.rows, top)
      most.take(block.variables)
      const topName = `wide_top_${id}_${tables.top.length}`
      await engine.createTable(topName, {
        ...most.columns(sliceRows(frame, block.from, block.from + block.rows), table.variables),
        model: constantText(scorer.name, block.rows * most.most),
      })
      tables.top.push(topName)
    }
    const importance = `wide_variables_${id}`
    await engine.createTable(importance, {
      model: constantText(scorer.name, table.variables.length),
      position: { type: 'INTEGER', values: Int32Array.from(table.variables.keys()) },
      variable: { type: 'VARCHAR', values: table.variables.map((v) => v.name) },
      factor: { type: 'VARCHAR', values: table.variables.map((v) => v.factor) },
      dimension: { type: 'VARCHAR', values: table.variables.map((v) => v.dimension) },
      mean_absolute: numbers(sums.variables.map((sum) => sum / Math.max(1, table.rows))),
    })
    tables.variables.push(importance)
    return {
      modelHash: hash,
      base,
      rows: table.rows,
      additivityGap: gap,
      meanAbsolute: {
        factors: byName(rollUp.factors, sums.factors, table.rows),
        dimensions: byName(rollUp.dimensions, sums.dimensions, table.rows),
      },
    }
  } finally {
    bins.close()
  }
}

/**
 * attributions.parquet: person_id, observation_date, model, model_hash, base, one number a factor, one a dimension ("dimension NAME"), margin,
 * in log-odds before calibration; base + factors = base + dimensions = margin in every row, which is checked, as it is for the variables.
 * top_variables.parquet: of each row the variables with the largest attributions. variables.parquet: mean absolute attribution of every
 * variable, with its factor and dimension. Attributions of all variables of all rows are never there together.
 */
export const explainWide = async (options: ExplainWideOptions): Promise<StageResult<ExplainWideSummary>> => {
  const { top = 5 } = options
  if (!Number.isInteger(top) || top < 1)
    throw usageError('invalid number of variables', {
      option: 'top',
      expected: 'a whole number of 1 or more',
      got: top,
    })
  const { folders, models } = await loadModels(options.models)
  const inputs = { features: options.features, ...Object.fromEntries(folders.map((f, i) => [`model ${i}`, f])) }
  return runStage({ stage: 'explain', options: { wide: true, top }, inputs }, options, async (context) => {
    const { engine, folder, progress } = context
    const table = await readWideTable(options.features)
    const { frame } = await wideRows(engine, options.features, table)
    const summary: ExplainWideSummary = { rows: table.rows, models: {} }
    const tables = { rows: [] as string[], top: [] as string[], variables: [] as string[] }
    for (const [i, { scorer, hash }] of models.entries()) {
      const model = checkModel(scorer, table)
      const work = { scorer, hash, model, table, frame, folder: options.features, top, tables }
      summary.models[scorer.name] = await explainOne(context, i, work)
    }
    progress('write attributions', 0, 1)
    const key = 'model, person_id, observation_date'
    await writeTogether(engine, tables.rows, key, join(folder, 'attributions.parquet'))
    await writeTogether(engine, tables.top, `${key}, rank`, join(folder, 'top_variables.parquet'))
    await writeTogether(engine, tables.variables, 'model, position', join(folder, 'variables.parquet'))
    await writeFileAtomic(join(folder, 'explained.json'), `${canonicalJson(summary, 2)}\n`)
    return summary
  })
}
