/** The latent ceiling of a run, where an audit of recovery has found it. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { ReportedCeiling } from '../reports/runReport.ts'
import { RECOVERY_JSON, recoveryFolder } from './auditRecovery.ts'

const number = z.number().nullable()
const bounds = z.object({ value: number, low: number, high: number })
const schema = z.looseObject({
  format: z.literal('glasscore.recovery'),
  version: z.literal(1),
  truth: z.looseObject({ kind: z.enum(['causal', 'declared']) }),
  ceiling: bounds,
  models: z.array(z.looseObject({ model: z.string(), gap: bounds })),
  inputs: z.record(z.string(), z.string()),
})

/** recovery.json of a run; undefined where there is none. */
export const recoveryFile = (run: string): string | undefined => {
  const file = join(recoveryFolder(run), RECOVERY_JSON)
  return existsSync(file) ? file : undefined
}

/**
 * What a report says of the ceiling; undefined where no audit has looked, or it has looked at another training.
 * @param predictions SHA-256 of the rows that the figures of the report come from
 */
export const reportCeiling = async (
  file: string | undefined,
  predictions: string | undefined,
): Promise<ReportedCeiling | undefined> => {
  if (file === undefined) return undefined
  let value: unknown
  try {
    value = JSON.parse(await readFile(file, 'utf8'))
  } catch {
    return undefined
  }
  const parsed = schema.safeParse(value)
  if (!parsed.success || parsed.data.inputs['train/predictions.parquet'] !== predictions) return undefined
  const { truth, ceiling, models } = parsed.data
  return { truth: truth.kind, auc: ceiling, gaps: Object.fromEntries(models.map((m) => [m.model, m.gap])) }
}
