/**
 * Options of the models as pipeline files, `--set` and scripts give them. Keys are those of the learners, every one of them; what is
 * left out takes the learner's default, which `byDefault` states where no default is filled in. docs/models.md is made from here.
 */
import { z } from 'zod'

const positive = z.number().int().min(1)
const large = z.number().min(0).max(1e12)
const smoothing = z
  .number()
  .gt(0)
  .max(1e12)
  .default(5)
  .describe('rows of prior weight in each leaf, at the bad rate in training')
const maxDepth = positive.max(64)
const minLeaf = positive
const DEPTH = 'splits between root and leaf at most'
const LEAF = 'training rows in a leaf at least'

const weight = z.number().gt(0).max(1e12)
const classWeight = z
  .union([z.literal('balanced'), z.tuple([weight, weight])])
  .optional()
  .describe('what rows count for by their outcome, times their own weight; balanced: good and bad ones as much in sum')
  .meta({ expected: 'balanced, or a list of the weights of a good and of a bad row', byDefault: '1 each' })
const monotone = z
  .union([z.literal('catalogue'), z.record(z.string(), z.union([z.literal(-1), z.literal(1)]))])
  .optional()
  .describe(
    'columns that the risk may only rise (1) or only fall (-1) with, all others as they are; catalogue: as the expectedRisk of each factor says',
  )
  .meta({ expected: 'catalogue, or names of columns, each with 1 or -1', byDefault: 'none' })

const growth = {
  criterion: z
    .enum(['gini', 'entropy'])
    .optional()
    .describe('impurity that splits decrease')
    .meta({ byDefault: 'gini' }),
  splitter: z
    .enum(['best', 'random'])
    .optional()
    .describe('best: every cut of a column; random: one cut a column, drawn (extra-trees)')
    .meta({ byDefault: 'best' }),
  maxLeaves: z
    .number()
    .int()
    .min(2)
    .optional()
    .describe('leaves of a tree at most, best splits first')
    .meta({ byDefault: 'no limit' }),
  minImpurityDecrease: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe('least decrease of impurity by a split, weighted by the share of rows at the node')
    .meta({ byDefault: 0 }),
  classWeight,
  monotone,
}
const features = positive.max(65_536)

const TWO_PENALTIES = 'either elasticNet, or l1 and l2'
const elasticNet = z
  .strictObject({
    alpha: z.number().min(0).max(1).default(1).describe('share of the penalty on absolute values: 1 lasso, 0 ridge'),
    lambda: z
      .union([z.enum(['best', 'oneStandardError']), large])
      .default('oneStandardError')
      .describe(
        'strength of the penalty, on the mean loss; or chosen on a path by cross-validation over persons: of least loss, or the strongest within a standard error of it',
      ),
    steps: z.number().int().min(2).max(1000).default(60).describe('penalties on the path'),
    ratio: z
      .number()
      .gt(0)
      .max(0.99)
      .optional()
      .describe('weakest penalty of the path as a share of the strongest')
      .meta({ byDefault: '0.0001, or 0.01 with more columns than rows' }),
    folds: z.number().int().min(2).max(100).default(5).describe('folds of the cross-validation'),
  })
  .optional()
  .describe('lasso, ridge or between, in the terms of glmnet; in place of l1 and l2')

const drawnShare = z.number().gt(0).max(1).default(1)

/** What exact splits cannot do. */
const BINNED_ONLY = ['criterion', 'splitter', 'maxLeaves', 'classWeight', 'monotone', 'features'] as const

export const modelOptions = {
  declared: z.strictObject({
    l2: large.default(1).describe('strength of the L2 penalty of each sub-score'),
    weights: z
      .record(z.string(), z.number().min(0).max(1e6))
      .optional()
      .describe(
        'advertised weight of each dimension, by its name; 35, 25, 20, 15, 5 for the five of the catalogue. Groups of a mapping are dimensions too',
      )
      .meta({ expected: 'names of dimensions, each with a number of 0 or more', byDefault: '35, 25, 20, 15, 5' }),
  }),
  logistic: z
    .strictObject({
      l2: large
        .optional()
        .describe('strength of the L2 penalty on standardized columns')
        .meta({ byDefault: '1, or 0 where l1 is given' }),
      l1: large
        .optional()
        .describe('strength of the penalty on absolute values; it chooses columns')
        .meta({ byDefault: 0 }),
      elasticNet,
      signs: z
        .union([z.literal('expectedRisk'), z.record(z.string(), z.enum(['up', 'down']))])
        .optional()
        .describe(
          'signs that coefficients must keep; expectedRisk: those that the factors state. Missing indicators and levels are free',
        )
        .meta({ expected: 'expectedRisk, or names of factors, each with up or down', byDefault: 'any' }),
      classWeight,
      tolerance: z
        .number()
        .gt(0)
        .max(1e-3)
        .optional()
        .describe(
          'entry of the gradient per row, of columns centered and scaled to deviations near 1, at most, at which the fit has converged; a last step then polishes it',
        )
        .meta({ byDefault: 1e-11 }),
      maxIterations: positive.max(10_000).optional().describe('Newton steps at most').meta({ byDefault: 100 }),
      inference: z
        .boolean()
        .optional()
        .describe('whether standard errors, p-values, separation and dependent columns are worked out')
        .meta({ byDefault: true }),
    })
    .refine((o) => !o.elasticNet || (o.l1 === undefined && o.l2 === undefined), {
      path: ['elasticNet'],
      params: { expected: TWO_PENALTIES },
    })
    // The penalty as it is used, for the manifest.
    .transform((o) => (o.elasticNet || o.l1 ? o : { ...o, l2: o.l2 ?? 1 })),
  tree: z
    .strictObject({
      maxDepth: maxDepth.default(6).describe(DEPTH),
      minLeaf: minLeaf.default(50).describe(LEAF),
      splits: z
        .enum(['exact', 'binned'])
        .optional()
        .describe(
          'exact: cuts between all neighboring values, by Gini impurity; binned: between at most 255 bins a column',
        )
        .meta({ byDefault: `exact, or binned with ${BINNED_ONLY.join(', ')}` }),
      ...growth,
      features: features.optional().describe('columns drawn for each split').meta({ byDefault: 'all' }),
      pruning: z
        .union([z.enum(['none', 'cv']), z.number().min(0).max(1)])
        .default('cv')
        .describe(
          'cost-complexity pruning: none, alpha by cross-validation, or alpha itself (ccp_alpha of scikit-learn)',
        ),
      rule: z
        .enum(['oneStandardError', 'best'])
        .default('best')
        .describe(
          'which subtree cross-validation takes: the one of the least loss, or the smallest within a standard error of it',
        ),
      m: smoothing,
    })
    .refine((o) => o.splits !== 'exact' || BINNED_ONLY.every((name) => o[name] === undefined), {
      path: ['splits'],
      params: { expected: `binned, where one of ${BINNED_ONLY.join(', ')} is given` },
    }),
  forest: z.strictObject({
    trees: positive.max(10_000).default(150).describe('number of trees'),
    maxDepth: maxDepth.default(10).describe(DEPTH),
    minLeaf: minLeaf.default(20).describe(LEAF),
    ...growth,
    features: z
      .union([z.literal('sqrt'), features])
      .default('sqrt')
      .describe('columns drawn for each split: the root of their number, or so many'),
    sampleRatio: z
      .number()
      .gt(0)
      .max(1)
      .optional()
      .describe('persons drawn for each tree, as a share of all')
      .meta({ byDefault: 1 }),
    replace: z.boolean().optional().describe('whether a person may be drawn more than once').meta({ byDefault: true }),
    m: smoothing,
    output: z
      .enum(['logOdds', 'probability'])
      .default('logOdds')
      .describe('what is averaged over trees; receipts need no rescaling with log-odds'),
    outOfBag: z
      .boolean()
      .optional()
      .describe(
        'whether rows are also ranked by the trees that did not see them, for calibration; false: by cross-fits',
      )
      .meta({ byDefault: true }),
    outOfBagImportance: z
      .boolean()
      .optional()
      .describe('whether the report of the fit has the rise of the Brier score out of bag when a column is shuffled')
      .meta({ byDefault: false }),
  }),
  boosting: z.strictObject({
    rounds: positive.max(10_000).default(300).describe('most trees; fewer where early stopping ends training'),
    learningRate: z.number().gt(0).max(1).default(0.05).describe('share of every step that is taken'),
    maxLeaves: z.number().int().min(2).max(65_000).default(31).describe('leaves of a tree at most'),
    maxDepth: maxDepth.default(64).describe(DEPTH),
    growth: z
      .enum(['leaf', 'depth'])
      .default('leaf')
      .describe('which leaf is split next: the one that gains most, or one of the least depth'),
    minLeaf: minLeaf.default(20).describe(LEAF),
    minHessian: z.number().gt(0).max(1e12).default(1e-3).describe('least sum of p (1 - p) of the rows in a leaf'),
    lambda: large.default(1).describe('L2 penalty on the values of leaves'),
    minGain: large.default(0).describe('least gain of a split'),
    sampleRatio: drawnShare.describe('persons drawn for each tree, as a share of those trained on'),
    columnsATree: drawnShare.describe('columns drawn for each tree, as a share'),
    columnsANode: drawnShare.describe('columns drawn for each node from those of its tree, as a share'),
    validationShare: z
      .number()
      .min(0)
      .max(0.9)
      .default(0.15)
      .describe('persons of the training rows kept out to find the number of rounds, as a share; 0: no early stopping'),
    patience: positive
      .max(10_000)
      .default(30)
      .describe('rounds without a lower loss on the rows kept out, after which training ends'),
    classWeight,
    monotone,
  }),
} as const
