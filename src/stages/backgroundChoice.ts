/** Which backgrounds scores are explained against: as text of a command line or a pipeline file, and as checked options of a stage. */
import { type BackgroundSpec, checkSpec } from '../attributions/backgroundSpec.ts'
import { isList } from '../kernels/checkInput.ts'
import { DEFAULT_CUTOFF } from '../schema/score.ts'
import { usageError } from '../util/errors.ts'
import { canonicalJson } from '../util/hash.ts'

/** What the model brings: the mean training row of a linear model, the covers of trees. */
export interface OwnBackground {
  kind: 'own'
}

/** A background of an explanation: the model's own, or rows by a rule. */
export type BackgroundChoice = OwnBackground | BackgroundSpec

/** Against what a stage explains. */
export interface BackgroundOptions {
  /** each gives its own receipts; default the model's own alone */
  backgrounds?: readonly BackgroundChoice[]
  /** at most so many rows of each, drawn by the seed; default all of them */
  backgroundRows?: number
  /** feature-table folder that the rows are taken from; default the table that is explained */
  backgroundFeatures?: string
}

/** The same, checked, with every default filled in. */
export interface ResolvedBackgrounds {
  backgrounds: readonly BackgroundChoice[]
  backgroundRows: number | null
  backgroundFeatures: string | null
}

/** The forms that `parseBackground` reads. */
export const BACKGROUND_FORMS = 'own, all, near-cutoff, near-cutoff=SCORE, group=COLUMN:LEVEL or period=FROM..TO'

const mistaken = (text: string, expected = BACKGROUND_FORMS) =>
  usageError('this is no background', { option: 'background', expected, got: text })

/**
 * A background from its text: `own`, `all`, `near-cutoff` (650) or `near-cutoff=600`, `group=sex:female`, `period=2024-01-01..2024-06-30`.
 * @throws GlasscoreError('usage') for anything else
 */
export const parseBackground = (text: string): BackgroundChoice => {
  const at = text.indexOf('=')
  const kind = at < 0 ? text : text.slice(0, at)
  const value = at < 0 ? undefined : text.slice(at + 1)
  switch (kind) {
    case 'own':
    case 'all':
      if (value !== undefined) throw mistaken(text, `${kind}, without a value`)
      return { kind }
    case 'near-cutoff': {
      const cutoff = value === undefined ? DEFAULT_CUTOFF : /^\d+(\.\d+)?$/.test(value) ? Number(value) : Number.NaN
      if (Number.isNaN(cutoff)) throw mistaken(text, 'near-cutoff=SCORE, for example near-cutoff=600')
      return { kind: 'near_cutoff', cutoff }
    }
    case 'group': {
      // A level may hold a colon, the name of a column hardly does.
      const [, column, level] = /^([^:]+):(.+)$/s.exec(value ?? '') ?? []
      if (!column || !level) throw mistaken(text, 'group=COLUMN:LEVEL, for example group=sex:female')
      return { kind: 'reference_group', column, level }
    }
    case 'period': {
      const [, from, to] = /^(.+)\.\.(.+)$/s.exec(value ?? '') ?? []
      if (!from || !to) throw mistaken(text, 'period=FROM..TO, for example period=2024-01-01..2024-06-30')
      const period = { kind: 'period', from, to } as const
      checkSpec(period)
      return period
    }
    default:
      throw mistaken(text)
  }
}

const checkChoice = (choice: BackgroundChoice): BackgroundChoice =>
  choice?.kind === 'own' ? { kind: 'own' } : checkSpec(choice)

/**
 * Options of backgrounds with their defaults; what they come to belongs to the key of a stage.
 * @throws GlasscoreError('usage') for an unknown rule, one that is given twice, and options that nothing would read
 */
export const resolveBackgrounds = (options: BackgroundOptions): ResolvedBackgrounds => {
  const { backgrounds: given = [{ kind: 'own' }], backgroundRows, backgroundFeatures } = options
  if (!isList(given) || given.length === 0)
    throw usageError('there is nothing to explain against', {
      option: 'background',
      expected: 'a background or several',
      got: given,
    })
  const backgrounds = Array.from(given as readonly BackgroundChoice[], checkChoice)
  const seen = new Set<string>()
  for (const choice of backgrounds) {
    const text = canonicalJson(choice)
    if (seen.has(text)) throw usageError('a background is given twice', { option: 'background', got: choice })
    seen.add(text)
  }
  if (backgroundRows !== undefined && !(Number.isSafeInteger(backgroundRows) && backgroundRows >= 1))
    throw usageError('this is no number of rows', {
      option: 'background-rows',
      expected: 'a whole number of 1 or more',
      got: backgroundRows,
    })
  const unread =
    backgroundRows !== undefined ? 'background-rows' : backgroundFeatures !== undefined ? 'background-features' : null
  if (unread !== null && backgrounds.every(({ kind }) => kind === 'own'))
    throw usageError('the background of a model has no rows of its own, so nothing reads this option', {
      option: unread,
      expected: 'it beside --background all, near-cutoff, group=... or period=...',
    })
  return { backgrounds, backgroundRows: backgroundRows ?? null, backgroundFeatures: backgroundFeatures ?? null }
}
