/** What an audit of the opacity of a scored file says: written as opacity.json, shown as opacity.html. */
import type { FileOpacity } from '../audits/opacity/opacityOfScores.ts'

/** All of it. */
export interface OpacityFileReport {
  format: 'glasscore.opacity-of-file'
  version: 1
  glasscore: string
  /** of the file */
  name: string
  seed: number
  level: 0.95
  columns: {
    score: string | null
    probability: string | null
    person: string | null
    groups: string[]
    ignored: string[]
    skipped: string[]
  }
  declared: { shares: (number | null)[]; text: string }
  dimensions: string[]
  findings: FileOpacity
  notes: string[]
  /** file → SHA-256 */
  inputs: Record<string, string>
}
