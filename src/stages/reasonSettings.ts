/** What reasons are asked for: options of the stage, checked, with every default filled in. */
import type { BackgroundSpec } from '../attributions/backgroundSpec.ts'
import { DEFAULT_CUTOFF, SCORE_MAX, SCORE_MIN } from '../schema/score.ts'
import { usageError } from '../util/errors.ts'
import { type BackgroundChoice, resolveBackgrounds } from './backgroundChoice.ts'
import type { PeopleOptions } from './people.ts'
import type { StageOptions } from './stage.ts'

/** Whose reasons are asked for, against what, and how much evidence is drawn. */
export interface ReasonsOptions extends StageOptions, PeopleOptions {
  /** model folders, or folders that hold models */
  models: readonly string[]
  /** only this person, on all dates of the table; with a page */
  person?: string
  /** what points are measured from; default the applicants at or just above the cut-off */
  background?: BackgroundChoice
  /** at most so many rows of it, drawn by the seed; default all of them */
  backgroundRows?: number
  /** feature-table folder that its rows are taken from; default that of the people */
  backgroundFeatures?: string
  /** lowest score that passes, 350 to 950; default 650 */
  cutoff?: number
  /** how often the models are trained again; default 20 for one person, 0 for everybody */
  retrainings?: number
  /** how often the background is drawn again; default 20 for one person, 0 for everybody */
  backgroundDraws?: number
  /** feature-table folder that the models were trained on; default that of the people or of the run, whichever has the hash */
  trainedOn?: string
}

/** Draws for one person when nothing else is said. */
const DEFAULT_DRAWS = 20
const MOST_DRAWS = 1000

/** The same, checked. */
export interface ReasonSettings {
  person: string | null
  cutoff: number
  retrainings: number
  backgroundDraws: number
  background: BackgroundSpec
  backgroundRows: number | null
  backgroundFeatures: string | null
}

const wholeFrom = (option: string, value: number, least: number, most: number): number => {
  if (Number.isInteger(value) && value >= least && value <= most) return value
  throw usageError('out of range', { option, expected: `a whole number from ${least} to ${most}`, got: value })
}

/** @throws GlasscoreError('usage') for numbers that are out of range and for a background without rows of its own */
export const reasonSettings = (options: ReasonsOptions): ReasonSettings => {
  const { person, cutoff = DEFAULT_CUTOFF, backgroundRows, backgroundFeatures } = options
  const draws = person === undefined ? 0 : DEFAULT_DRAWS
  const { retrainings = draws, backgroundDraws = draws } = options
  wholeFrom('cutoff', cutoff, SCORE_MIN, SCORE_MAX)
  wholeFrom('retrainings', retrainings, 0, MOST_DRAWS)
  wholeFrom('background-draws', backgroundDraws, 0, MOST_DRAWS)
  const asked = options.background ?? { kind: 'near_cutoff', cutoff }
  const resolved = resolveBackgrounds({
    backgrounds: [asked],
    ...(backgroundRows === undefined ? {} : { backgroundRows }),
    ...(backgroundFeatures === undefined ? {} : { backgroundFeatures }),
  })
  const [background] = resolved.backgrounds
  if (!background || background.kind === 'own')
    throw usageError('reasons are measured from rows, whose values are the reference', {
      option: 'background',
      expected: 'all, near-cutoff, near-cutoff=SCORE, group=COLUMN:LEVEL or period=FROM..TO',
      got: 'own',
    })
  return {
    person: person ?? null,
    cutoff,
    retrainings,
    backgroundDraws,
    background,
    backgroundRows: resolved.backgroundRows,
    backgroundFeatures: resolved.backgroundFeatures,
  }
}
