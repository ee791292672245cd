/** Codes of the program in plain words. Pages say the words; the code stands in brackets where a reader may look it up. */
import { type Child, h } from './html.ts'
import { named } from './labels.ts'

type Words = ReadonlyMap<string, string>

/** What a model is, by the name under which it is trained. */
export const MODEL_WORDS: Words = new Map([
  ['declared', 'one sub-score a dimension, with declared weights'],
  ['logistic', 'logistic regression'],
  ['tree', 'one decision tree'],
  ['forest', 'many decision trees, averaged'],
  ['boosting', 'many small decision trees, each correcting the ones before, added up'],
])

/** How scores of a model become probabilities. */
export const CALIBRATION_WORDS: Words = new Map([
  ['platt', 'a logistic curve from the model’s output to the probability of bad'],
  ['beta', 'a beta curve from the model’s output to the probability of bad'],
  ['isotonic', 'rising steps from the model’s output to the probability of bad'],
])

/** What it means that a factor is not known, when its points are counted. */
export const SEMANTICS_WORDS: Words = new Map([
  ['path_dependent', 'follows both branches of a split'],
  ['interventional', 'takes the value of the background'],
])

/** Who the base is the score of. */
export const BACKGROUND_WORDS: Words = new Map([
  ['tree_covers', 'training rows, as the trees count them in their branches'],
  ['training_mean', 'mean of the training rows'],
])

/** How points follow from what the model adds up. */
export const LINK_WORDS: Words = new Map([
  ['linear', 'log-odds times a constant'],
  ['rescaled', 'stretched, row by row, to the difference of scores'],
])

/** Outcomes of a row. */
export const OUTCOME_WORDS: Words = new Map([
  ['good', 'good'],
  ['bad', 'bad'],
  ['indeterminate', 'neither good nor bad'],
  ['excluded', 'none: bad already on the observation date'],
  ['not_eligible', 'none: nothing falls due that could become overdue'],
])

/** Steps on the way from everybody to those whose outcome is known. */
export const STEP_WORDS: Words = new Map([
  ['people', 'persons in the source'],
  ['observations', 'a person on an observation date'],
  ['covered', 'the source covers the time that is looked at'],
  ['eligible', 'something falls due that could become overdue'],
  ['excluded', 'bad already on the observation date'],
  ['indeterminate', 'neither good nor bad'],
  ['accepted', 'rows that can be read'],
])

const MISSING_WORDS: Words = new Map([
  ['absent_table', 'the source has no such table'],
  ['not_covered', 'the time is not covered'],
  ['no_exposure', 'nothing that could be overdue'],
  ['zero_denominator', 'nothing to divide by'],
  ['no_rows', 'no rows'],
  ['missing_in_source', 'missing in the source'],
])

/** Why a value is missing. */
export const missingWords = (reason: string): string => MISSING_WORDS.get(reason) ?? reason

/** Words and their code, "mean of the training rows (training_mean)"; a code that has no words, by itself. */
export const inWords = (words: Words, code: string): Child => {
  const text = words.get(code)
  if (text === undefined) return named(code)
  return text === code ? text : [text, ' (', h('code', {}, code), ')']
}

/** The words alone, or the code where there are none. */
export const wordsOf = (words: Words, code: string): Child => words.get(code) ?? named(code)

/** "share 0..1" → "share, 0 to 1". */
export const unitWords = (unit: string): string => unit.replace(/ (\S+?)\.\.(\S+)$/, ', $1 to $2')
