import { join } from 'node:path'
import type { ColumnInput } from '../engines/engine.ts'
import { identifier } from '../engines/sql.ts'
import { BANDS, DEFAULT_CUTOFF } from '../schema/score.ts'
import { scoreFrame } from '../scores/scorer.ts'
import { dateColumn } from './dateColumn.ts'
import { loadModels } from './findModels.ts'
import { checkMissing, unseenWarnings } from './missingFactors.ts'
import { inputsOf, loadPeople, type PeopleOptions, resolvePeople } from './people.ts'
import { runStage, type StageOptions, type StageResult } from './stage.ts'

export interface ScoreOptions extends StageOptions, PeopleOptions {
  /** model folders, or folders that hold models */
  models: readonly string[]
  /** for the share above it; default 650 */
  cutoff?: number
}

export interface ScoreSummary {
  rows: number
  cutoff: number
  models: Record<
    string,
    { modelHash: string; bands: Record<string, number>; clamped: number; meanScore: number; aboveCutoff: number }
  >
  warnings: string[]
}

/**
 * scores.parquet: person_id, observation_date, model, model_hash, probability, score, band; ordered by model, person, date.
 * People need no outcome.
 */
export const score = async (options: ScoreOptions): Promise<StageResult<ScoreSummary>> => {
  const people = resolvePeople(options, options.models)
  const { folders, models } = await loadModels(options.models)
  const inputs = inputsOf(people, folders)
  const { cutoff = DEFAULT_CUTOFF } = options
  const { asOf = null, allowMissing = false } = people
  return runStage({ stage: 'score', options: { cutoff, asOf, allowMissing }, inputs }, options, async (context) => {
    const { engine, folder, progress } = context
    const loaded = await loadPeople(context, people)
    const { frame } = loaded
    const summary: ScoreSummary = { rows: frame.rows, cutoff, models: {}, warnings: [] }
    const selects: string[] = []
    for (const [i, { scorer, hash }] of models.entries()) {
      progress('score', i, models.length)
      summary.warnings.push(...checkMissing(scorer, loaded, allowMissing), ...unseenWarnings(scorer, frame))
      const scored = scoreFrame(scorer, frame)
      const text = (value: string): ColumnInput => ({ type: 'VARCHAR', values: new Array(frame.rows).fill(value) })
      await engine.createTable(`scores_${i}`, {
        person_id: { type: 'VARCHAR', values: frame.personId },
        observation_date: dateColumn(frame.observationDate),
        model: text(scorer.name),
        model_hash: text(hash),
        probability: { type: 'DOUBLE', values: scored.probability },
        score: { type: 'INTEGER', values: scored.score },
        band: { type: 'VARCHAR', values: scored.band },
      })
      selects.push(`SELECT * FROM ${identifier(`scores_${i}`)}`)
      const bands: Record<string, number> = Object.fromEntries(BANDS.map((b) => [b.name, 0]))
      let sum = 0
      let above = 0
      for (let r = 0; r < frame.rows; r++) {
        bands[scored.band[r]!]!++
        sum += scored.score[r]!
        if (scored.score[r]! >= cutoff) above++
      }
      summary.models[scorer.name] = {
        modelHash: hash,
        bands,
        clamped: scored.clamped,
        meanScore: Math.round((100 * sum) / Math.max(1, frame.rows)) / 100,
        aboveCutoff: above,
      }
    }
    const rows = `SELECT * FROM (${selects.join(' UNION ALL ')}) ORDER BY model, model_hash, person_id, observation_date`
    await engine.writeParquet(rows, join(folder, 'scores.parquet'))
    return summary
  })
}
