import { type Split, splitByPerson, splitByTime } from '../matrix/splits.ts'
import type { FeatureTable } from '../schema/dataset.ts'
import type { Random } from '../util/random.ts'
import type { TrainOptions } from './config.ts'
import type { Labeled } from './labels.ts'

/**
 * Training and test rows of labeled rows: a function of the rows, the options and the stream alone, so that who reads a finished
 * training finds the same rows again.
 * @param random the stream `split` of the training
 * @returns positions among the labeled rows; undefined where the rows are measured out of fold
 */
export const sidesOf = (
  labeled: Labeled,
  table: Pick<FeatureTable, 'outcome'>,
  split: TrainOptions['split'],
  random: Random,
): Split | undefined => {
  const { personId, observationDate } = labeled.frame
  if (split.by === 'folds') return undefined
  if (split.by === 'person') return splitByPerson(personId, labeled.target, split.testShare, random)
  const { performanceWindowDays } = table.outcome
  const { testShare, testFrom } = split
  const options = { performanceWindowDays, testShare, ...(testFrom ? { testFrom } : {}) }
  return splitByTime(personId, observationDate, labeled.target, options, random)
}
