/** The tables of docs/models.md, made from the schema of model options. Used by tests only. */
import { readFileSync } from 'node:fs'
import { type OptionShape, shapeText } from '../../src/stages/optionShape.ts'
import { defaultText } from './pipelinesDocument.ts'

/** For `toMatchFileSnapshot` in a folder of test/. */
export const MODELS = '../../docs/models.md'
/** From here on the document is made; what stands before is written by hand. */
const MADE = '## Every option\n'

const TREE = {
  criterion: '`criterion`',
  splitter: '`splitter`; `extra_trees` of LightGBM',
  maxDepth: '`max_depth`',
  minLeaf: '`min_samples_leaf`',
  maxLeaves: '`max_leaf_nodes`',
  minImpurityDecrease: '`min_impurity_decrease`',
  classWeight: '`class_weight`',
  monotone: '`monotonic_cst`',
  m: '–',
}

/** Whose names stand in the last column, and what each option is called there; – for what they do not have. */
const PEERS: Record<string, { peer: string; names: Record<string, string> }> = {
  declared: { peer: 'scikit-learn', names: { l2: '`1 / C`', weights: '–' } },
  logistic: {
    peer: 'scikit-learn, glmnet',
    names: {
      l2: '`1 / C`',
      l1: '`1 / C` with `penalty="l1"`',
      elasticNet: '`glmnet`',
      'elasticNet.alpha': '`alpha` of glmnet, `l1_ratio`',
      'elasticNet.lambda': '`lambda` of glmnet',
      'elasticNet.steps': '`nlambda` of glmnet',
      'elasticNet.ratio': '`lambda.min.ratio` of glmnet',
      'elasticNet.folds': '`nfolds` of glmnet, `cv`',
      signs: '`lower.limits`, `upper.limits` of glmnet',
      classWeight: '`class_weight`',
      tolerance: '`tol`',
      maxIterations: '`max_iter`',
      inference: '–',
    },
  },
  tree: {
    peer: 'scikit-learn',
    names: { ...TREE, splits: '–', features: '`max_features`', pruning: '`ccp_alpha`', rule: '–' },
  },
  forest: {
    peer: 'scikit-learn, LightGBM',
    names: {
      ...TREE,
      trees: '`n_estimators`',
      features: '`max_features`',
      sampleRatio: '`max_samples`',
      replace: '–',
      output: '–',
      outOfBag: '`oob_score`',
      outOfBagImportance: '`importance="permutation"` of ranger',
    },
  },
  boosting: {
    peer: 'LightGBM',
    names: {
      rounds: '`num_iterations`',
      learningRate: '`learning_rate`',
      maxLeaves: '`num_leaves`',
      maxDepth: '`max_depth`',
      growth: '`grow_policy` of XGBoost',
      minLeaf: '`min_data_in_leaf`',
      minHessian: '`min_sum_hessian_in_leaf`',
      lambda: '`lambda_l2`',
      minGain: '`min_gain_to_split`',
      sampleRatio: '`bagging_fraction`',
      columnsATree: '`feature_fraction`',
      columnsANode: '`feature_fraction_bynode`',
      validationShare: '–',
      patience: '`early_stopping_round`',
      classWeight: '`scale_pos_weight`, `class_weight`',
      monotone: '`monotone_constraints`',
    },
  },
}

export const readModelsDocument = (): string => readFileSync(new URL('../../docs/models.md', import.meta.url), 'utf8')

const lines = (names: Record<string, string>, shape: OptionShape, before = ''): string[] =>
  Object.entries(shape.properties ?? {}).flatMap(([key, of]) => {
    const name = before + key
    const peer = names[name]
    if (peer === undefined) throw new Error(`no name among the peers for ${name}`)
    const range = of.properties ? 'keys, below' : shapeText(of)
    return [
      `| \`${name}\` | ${of.description} | ${defaultText(of, false)} | ${range} | ${peer} |`,
      ...lines(names, of, `${name}.`),
    ]
  })

/** @throws when an option has no name among the peers, or a name is of no option */
export const modelsDocument = (shapes: Record<string, OptionShape>): string => {
  const [written] = readModelsDocument().split(MADE)
  const made = Object.entries(shapes).flatMap(([model, shape]) => {
    const { peer, names } = PEERS[model]!
    const table = lines(names, shape)
    if (table.length !== Object.keys(names).length) throw new Error(`names among the peers for no option of ${model}`)
    return [
      `### ${model}`,
      '',
      `| option | meaning | default | range | ${peer} |`,
      '|---|---|---|---|---|',
      ...table,
      '',
    ]
  })
  const head = 'Made from the schema that options are checked with, by `test/stages/modelOptions.test.ts`.'
  return `${written!.trimEnd()}\n\n${MADE}\n${[head, '', ...made].join('\n').trimEnd()}\n`
}
