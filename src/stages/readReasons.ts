import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ReasonsReport } from '../reports/reasonsReport.ts'
import { dataError } from '../util/errors.ts'

/** The file of a reasons folder that holds the summary, and of one person everything. */
export const REASONS_JSON = 'reasons.json'

/**
 * reasons.json of a folder that `reasons` wrote.
 * @throws GlasscoreError('data') when it is not there or of another version
 */
export const readReasons = async (folder: string): Promise<ReasonsReport> => {
  const file = join(folder, REASONS_JSON)
  const expected = 'the file that glasscore reasons wrote'
  let report: Partial<ReasonsReport>
  try {
    report = JSON.parse(await readFile(file, 'utf8')) as ReasonsReport
  } catch (cause) {
    throw dataError('the reasons cannot be read', { file, expected, cause })
  }
  if (report.format !== 'glasscore.reasons' || report.version !== 1)
    throw dataError('the reasons cannot be read', { file, expected, got: report.format })
  return report as ReasonsReport
}
