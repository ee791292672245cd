/** The card of a model: its author's words, and the numbers of the run's report and audit of fairness. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { parse } from 'yaml'
import { z } from 'zod'
import type { FairnessReport } from '../reports/fairnessReport.ts'
import type { ModelCardText } from '../reports/modelCard.ts'
import type { RunReport } from '../reports/runReport.ts'
import { dataError, usageError } from '../util/errors.ts'
import { checkOptions } from './config.ts'

/** What a card is made of. */
export interface ModelCardOptions {
  /** report.json that `report` wrote */
  report: string
  /** fairness.json that `auditFairness` wrote for the same run */
  fairness: string
  /** name of the model in both */
  model: string
  /** what only its author can say: a YAML file with the keys of `ModelCardText` */
  words: string
}

const lines = z.array(z.string().min(1)).min(1)
const words = z.strictObject({
  title: z.string().min(1),
  summary: z.string().min(1),
  details: z.record(z.string(), z.string()),
  intendedUse: lines,
  outOfScope: lines,
  data: z.string().min(1),
  ethics: lines,
  caveats: lines,
  again: z.string().min(1),
})

const readWords = async (file: string): Promise<ModelCardText> => {
  let value: unknown
  try {
    value = parse(await readFile(file, 'utf8'))
  } catch (cause) {
    throw usageError('the words of the card cannot be read', { file, expected: 'a YAML file', cause })
  }
  const { details, ...rest } = checkOptions(words, value, file)
  return { ...rest, details: Object.entries(details) }
}

const readJson = async <T extends { format: string; version: number }>(
  file: string,
  format: T['format'],
): Promise<T> => {
  const expected = `a file of format ${format}`
  if (!existsSync(file)) throw dataError('no such file', { file, expected })
  try {
    const value = JSON.parse(await readFile(file, 'utf8')) as T
    if (value.format === format && value.version === 1) return value
  } catch (cause) {
    throw dataError('not JSON', { file, expected, cause })
  }
  throw dataError('not what a card is made of', { file, expected: `${expected}, version 1` })
}

const PREDICTIONS = 'train/predictions.parquet'

/**
 * The Markdown of a model card, in the order of Mitchell et al. 2019 (doi:10.1145/3287560.3287596).
 * @throws GlasscoreError when a file is absent or something else, the two are not of the same run, or the model is not in both
 */
export const modelCard = async ({ report, fairness, model, words }: ModelCardOptions): Promise<string> => {
  const reported = await readJson<RunReport>(report, 'glasscore.report')
  const audited = await readJson<FairnessReport>(fairness, 'glasscore.fairness')
  if (audited.inputs[PREDICTIONS] === undefined || audited.inputs[PREDICTIONS] !== reported.inputs[PREDICTIONS])
    throw dataError('the report and the audit are not of the same held-out rows', {
      file: fairness,
      expected: `an audit of ${PREDICTIONS} with SHA-256 ${reported.inputs[PREDICTIONS]?.slice(0, 12)}...`,
      got: audited.inputs[PREDICTIONS]?.slice(0, 12) ?? 'no such input',
    })
  const names = reported.models.map((m) => m.name).filter((name) => audited.models.some((m) => m.model === name))
  if (!names.includes(model))
    throw usageError('no such model', { option: 'model', expected: `one of ${names.join(', ')}`, got: model })
  const { renderModelCard } = await import('../reports/modelCard.ts')
  return renderModelCard(reported, audited, model, await readWords(words))
}
