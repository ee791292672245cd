/** What must be known of a baseline beside its figures: how it was used, and what it cannot do. Printed wherever it is shown. */

/** Names of the baselines, in the order of tables. */
export const BASELINE_NAMES = ['ml-random-forest', 'ml-logistic-regression', 'best_factor'] as const
/** One of `BASELINE_NAMES`. */
export type BaselineName = (typeof BASELINE_NAMES)[number]
/** Everything that is trained to stand beside our models. */
export type RivalName = BaselineName | 'network'

/** How a baseline was used, and its faults; each sentence of `faults` is verified by a test. */
export interface Statement {
  /** npm package and version; null for what is our own */
  package: string | null
  /** settings: what the package does best with among those tried, within the time given */
  used: readonly string[]
  /** measured faults of the package; what `used` says of them was done to keep them from hurting it */
  faults: readonly string[]
}

/** The statement of each. */
export const STATEMENTS: Readonly<Record<RivalName, Statement>> = {
  'ml-random-forest': {
    package: 'ml-random-forest 2.1.0',
    used: [
      'Its forest of regression trees on 0/1 outcomes, so that leaves give shares of bads; the margin is the log-odds of the mean share over trees.',
      'Standardized columns with missing values filled and indicated; as many columns a tree as the square root of their number; nodes of 50 rows or fewer are not split.',
      'One row a person, since it draws its bootstrap by rows.',
      'The cap on rows keeps all trainings together within some 15 seconds; with more rows it ranks better (--baseline-rows).',
      'With repeated folds the trees are spread over the repeats, at least 10 a training; each repeat is calibrated by itself and probabilities are averaged. So few trees rank unsteadily, each calibration is drawn to the middle, and the mean of the probabilities is too timid: expect a calibration slope well above 1, which speaks of this use and not of the package. The ranking is that of all trees together.',
    ],
    faults: [
      'The time of a tree grows with the square of the rows: every candidate threshold counts all rows anew. This is why the rows are capped.',
      'Its classifier stops at a Gini gain of 0.01 by default: with few bads no split reaches that, and a tree says the same of everybody.',
      'predictProbability of its classifier loses the vote of the first tree: five votes of five give 0.8.',
      'Columns are drawn once for each tree, not for each split.',
      'Out-of-bag predictions of regression trees fail as soon as every tree drew one of the rows.',
      'A regression tree refuses a split that tells the outcomes apart without error, unless the threshold for the gain is negative, as here.',
      'maxSamples takes the first rows, not random ones; a missing value counts as the greatest.',
    ],
  },
  'ml-logistic-regression': {
    package: 'ml-logistic-regression 2.0.0',
    used: [
      'Standardized columns with missing values filled and indicated, and a constant column in the place of the missing intercept.',
      'Steps of 4 over the largest eigenvalue of the columns, the largest with which every step is sure to climb; 100 steps from zero.',
    ],
    faults: [
      'It has no intercept.',
      'It has no test of convergence: the number of steps is fixed, and where they end is not said.',
      'A step follows the sum of gradients over rows, so a step that fits 1,000 rows diverges on 10,000.',
      'It trains one model for each of the two outcomes, which are mirror images: twice the work.',
      'It has no penalty and no weights.',
    ],
  },
  best_factor: {
    package: null,
    used: [
      'The factor with the best AUC on the training rows, alone, in its better direction; its rank among the training rows is the margin.',
      'Missing values are ranked safest, in the middle or riskiest, whichever serves best in training; levels of categories go by their bad rate.',
      'Chosen anew in every training, so what is measured took no part in the choice.',
    ],
    faults: [],
  },
  network: {
    package: '@tensorflow/tfjs-layers 4.22.0 (WASM backend)',
    used: [
      'Dense layers of 64, 32 and 1 units, ReLU, on standardized columns; Adam with a rate of 0.001, batches of 128.',
      'A fifth of the training persons is set apart; training stops after 8 epochs without a better log loss there, at most 100, and goes back to the best one.',
    ],
    faults: ['No receipt: points of a network would need a background and are not made here.'],
  },
}
