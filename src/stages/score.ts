import { join } from 'node:path'
import { BANDS, DEFAULT_CUTOFF } from '../schema/score.ts'
import { scoreFrameOn } from '../scores/scorer.ts'
import { loadModels } from './findModels.ts'
import { checkMissing, unseenWarnings } from './missingFactors.ts'
import { constantText, keyColumns, writeTogether } from './modelTables.ts'
import { codingOf, inputsOf, loadPeople, type PeopleOptions, resolvePeople } from './people.ts'
import { runStage, type StageOptions, type StageResult } from './stage.ts'

export interface ScoreOptions extends StageOptions, PeopleOptions {
  /** model folders, or folders that hold models */
  models: readonly string[]
  /** for the share above it; default 650 */
  cutoff?: number
}

/** Scores of everybody in short, by model: bands, how many the range limits, mean, how many reach the cutoff. */
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
    const { engine, folder, pool, progress, signal } = context
    const loaded = await loadPeople(context, people, codingOf(models.map(({ scorer }) => scorer)))
    const { frame } = loaded
    const summary: ScoreSummary = { rows: frame.rows, cutoff, models: {}, warnings: [] }
    for (const [i, { scorer, hash }] of models.entries()) {
      progress('score', i, models.length)
      summary.warnings.push(...checkMissing(scorer, loaded, allowMissing), ...unseenWarnings(scorer, frame))
      const scored = await scoreFrameOn(scorer, frame, pool, { signal })
      await engine.createTable(`scores_${i}`, {
        ...keyColumns(frame),
        model: constantText(scorer.name, frame.rows),
        model_hash: constantText(hash, frame.rows),
        probability: { type: 'DOUBLE', values: scored.probability },
        score: { type: 'INTEGER', values: scored.score },
        band: { type: 'VARCHAR', values: scored.band },
      })
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
    const tables = models.map((_, i) => `scores_${i}`)
    const order = 'model, model_hash, person_id, observation_date'
    await writeTogether(engine, tables, order, join(folder, 'scores.parquet'))
    return summary
  })
}
