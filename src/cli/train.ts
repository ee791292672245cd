import { type Command, Option } from 'commander'
import {
  DEFAULT_MODELS,
  GlasscoreError,
  isWideFolder,
  MODEL_NAMES,
  type ModelName,
  parseDeclaredWeights,
  train,
} from '../index.ts'
import {
  type CommonOptions,
  isoDay,
  permutations,
  print,
  printJson,
  wholeNumber,
  withCommonOptions,
  withStage,
} from './common.ts'
import { nextAfterTraining } from './next.ts'
import { collectSettings, type ModelSetting, settingsOf } from './setOption.ts'
import { printTraining } from './show.ts'

interface Options extends CommonOptions {
  models?: string
  split: 'person' | 'time' | 'folds'
  testShare?: number
  testFrom?: string
  folds?: number
  repeats?: number
  calibration: 'platt' | 'beta' | 'isotonic'
  indeterminate: 'exclude' | 'good' | 'bad'
  permuteLabels?: number | true
  declared?: string
  trees?: number
  set?: ModelSetting[]
  permutationImportance?: number | true
}

/** An option that the chosen split or models do not read is a mistake, not a wish. */
const refuseUnread = (o: Options, names: readonly ModelName[]): void => {
  const unread = [
    o.split !== 'folds' && o.folds !== undefined && 'folds',
    o.split !== 'folds' && o.repeats !== undefined && 'repeats',
    o.split === 'folds' && o.testShare !== undefined && 'test-share',
    o.split === 'folds' && o.permutationImportance !== undefined && 'permutation-importance',
    o.split !== 'time' && o.testFrom !== undefined && 'test-from',
    !names.includes('forest') && o.trees !== undefined && 'trees',
    !names.includes('declared') && o.declared !== undefined && 'declared',
  ].find((name) => name !== false)
  if (unread)
    throw new GlasscoreError('usage', 'nothing here reads this option', {
      option: unread,
      expected: `an option of --split ${o.split} and of the models ${names.join(', ')}`,
    })
}

const splitOf = (o: Options) => {
  if (o.split === 'folds')
    return {
      by: 'folds' as const,
      ...(o.folds !== undefined ? { folds: o.folds } : {}),
      ...(o.repeats !== undefined ? { repeats: o.repeats } : {}),
    }
  const share = o.testShare !== undefined ? { testShare: o.testShare } : {}
  if (o.split === 'time') return { by: 'time' as const, ...share, ...(o.testFrom ? { testFrom: o.testFrom } : {}) }
  return { by: 'person' as const, ...share }
}

const namesOf = (text: string | undefined): readonly ModelName[] => {
  if (text === undefined) return DEFAULT_MODELS
  return text.split(',').map((part) => {
    const name = MODEL_NAMES.find((m) => m === part.trim())
    if (!name)
      throw new GlasscoreError('usage', 'unknown model', {
        option: 'models',
        expected: MODEL_NAMES.join(', '),
        got: part,
      })
    return name
  })
}

export const trainCommand = (program: Command): void => {
  withCommonOptions(program.command('train <features>'), { required: true, about: 'folder for models and metrics' })
    .description('train models on a feature-table folder, or the folder of a wide table, and measure them')
    .option(
      '--models <names>',
      `comma-separated: ${MODEL_NAMES.join(', ')} (default: ${DEFAULT_MODELS.join(', ')}, as far as they apply)`,
    )
    .addOption(
      new Option('--split <by>', 'how test rows are held out').choices(['person', 'time', 'folds']).default('person'),
    )
    .option('--test-share <share>', 'share of persons held out (default 0.3)', Number)
    .option('--test-from <date>', 'first test date of --split time', isoDay)
    .option('--folds <n>', 'folds of --split folds (default 5)', wholeNumber('folds', 2, 100))
    .option('--repeats <n>', 'repeats of --split folds (default 5)', wholeNumber('repeats', 1, 100))
    .addOption(
      new Option('--calibration <kind>', 'margins to probabilities')
        .choices(['platt', 'beta', 'isotonic'])
        .default('platt'),
    )
    .addOption(
      new Option('--indeterminate <as>', 'what indeterminate rows count as')
        .choices(['exclude', 'good', 'bad'])
        .default('exclude'),
    )
    .option('--declared <weights>', 'advertised weights of the five dimensions, for example 35/20/25/15/5')
    .option('--trees <n>', 'trees of the forest (default 150)', wholeNumber('trees', 1, 10_000))
    .option(
      '--set <model.option=value>',
      'an option of a model, any of docs/models.md, for example boosting.learningRate=0.1; may be repeated',
      collectSettings,
    )
    .option(
      '--permutation-importance [n]',
      'shuffle every factor of the test rows n times (default 5): how far the AUC of each model falls',
      wholeNumber('permutation-importance', 1, 1000),
    )
    .option(
      '--permute-labels [n]',
      'shuffle the labels n times (default 20): the range of AUCs should hold 0.5',
      permutations,
    )
    .action(async (path: string, options: Options) => {
      const names = namesOf(options.models)
      refuseUnread(options, names)
      const configs = {
        declared: options.declared ? { weights: parseDeclaredWeights(options.declared) } : {},
        logistic: {},
        tree: {},
        forest: options.trees !== undefined ? { trees: options.trees } : {},
        boosting: {},
      }
      const settings = settingsOf(options.set ?? [], names)
      const result = await withStage(options, options.out!, (stage) =>
        train({
          ...stage,
          features: path,
          train: {
            split: splitOf(options),
            calibration: options.calibration,
            indeterminate: options.indeterminate,
            permuteLabels: options.permuteLabels === true ? 20 : (options.permuteLabels ?? 0),
            ...(options.permutationImportance === undefined
              ? {}
              : { permutationRepeats: options.permutationImportance === true ? 5 : options.permutationImportance }),
            models: Object.fromEntries(names.map((name) => [name, { ...configs[name], ...settings[name] }])),
          },
          ...(options.models === undefined ? { skipInapplicable: true } : {}),
        }),
      )
      if (options.json) return printJson(result)
      printTraining(result.summary)
      print(`\n${result.skipped ? 'unchanged' : 'written'}: ${result.folder}`)
      if (result.summary.permutations === 0) nextAfterTraining(options.out!, path, isWideFolder(path))
    })
}
