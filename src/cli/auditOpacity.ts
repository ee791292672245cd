import { join } from 'node:path'
import { type Command, InvalidArgumentError } from 'commander'
import { auditOpacity, type OpacitySummary, opacityFolder } from '../index.ts'
import { printable } from '../util/errors.ts'
import { type CommonOptions, print, printJson, wholeNumber, withCommonOptions, withStage } from './common.ts'
import { list, namedNumbers, number } from './lists.ts'
import { formatCount, formatFixed, renderTable } from './terminal.ts'

interface OpacityFlags extends CommonOptions {
  model?: string[]
  cutoff?: number
  rows?: number
  fitRows?: number
  permutations?: number
  repeats?: number
  retrainings?: number
  tolerance?: number
  backgroundRows?: number
  replicates?: number
  declared?: Record<string, number>
  madeElsewhere?: string[]
  data?: string
}

type Bounds = OpacitySummary['models'][number]['people']

const interval = (bounds: Bounds | null, digits = 2): string =>
  bounds === null || bounds.value === null
    ? 'n/a'
    : `${formatFixed(bounds.value, digits)} [${formatFixed(bounds.low, digits)}, ${formatFixed(bounds.high, digits)}]`

/** The weights and the index of every model, for the terminal. */
export const printOpacity = ({ rows, dimensions, declared, models, notes }: OpacitySummary): void => {
  print(
    `${formatCount(rows.looked)} of ${formatCount(rows.held)} rows that no model had seen; trained again on ${formatCount(rows.fitted)}\n`,
  )
  print(
    renderTable(
      ['model', 'AUC', 'index', 'of persons', 'interactions', 'factors for 95 %', 'arbitrary decisions'],
      models.map((m) => [
        m.model,
        formatFixed(m.auc),
        formatFixed(m.index, 2),
        interval(m.people),
        interval(m.interactions),
        interval(m.needed, 1),
        interval(m.arbitrary),
      ]),
    ),
  )
  if (dimensions.length > 1) {
    print('\nshare of the points by dimension')
    print(
      renderTable(
        ['dimension', 'declared', ...models.map((m) => m.model)],
        [
          ...dimensions.map((name, d) => [
            name,
            formatFixed(declared.shares[d] ?? null, 2),
            ...models.map((m) => formatFixed(m.shares[d] ?? null, 2)),
          ]),
          ['elsewhere than declared', '', ...models.map((m) => interval(m.distance))],
        ],
      ),
    )
  }
  for (const note of notes) print(printable(`note: ${note}`))
}

/** 0 < x <= 0.5, as an AUC. */
const tolerance = (text: string): number => {
  const value = number(text)
  if (!(value >= 0 && value <= 0.5)) throw new InvalidArgumentError('expected a number from 0 to 0.5.')
  return value
}

export const opacityCommand = (audit: Command): void => {
  withCommonOptions(audit.command('opacity <run>'), {
    required: false,
    about: 'folder for opacity.html, opacity.json and opacity.parquet (default: opacity in the run)',
  })
    .description(
      'how opaque the models of a run are: declared against effective weights, what explains them, and who is decided by chance',
    )
    .option('--model <names>', 'models of the run (default: all)', list)
    .option('--cutoff <score>', 'the lowest score that is selected (default 650)', number)
    .option('--rows <n>', 'held-out rows that are explained (default 1000)', wholeNumber('rows', 50))
    .option(
      '--fit-rows <n>',
      'rows that models are trained on again, at most (default 20000)',
      wholeNumber('fit-rows', 100),
    )
    .option(
      '--permutations <n>',
      'trainings with each dimension dealt anew: the null (default 3)',
      wholeNumber('permutations', 0),
    )
    .option('--repeats <n>', 'shuffles of a dimension that is masked (default 5)', wholeNumber('repeats', 1))
    .option('--retrainings <n>', 'trainings on bootstrap samples (default 20)', wholeNumber('retrainings', 2))
    .option('--tolerance <auc>', 'AUC below the best that counts as equal (default 0.01)', tolerance)
    .option('--background-rows <n>', 'rows of a background (default 50)', wholeNumber('background-rows', 1))
    .option('--replicates <n>', 'bootstrap replicates of the intervals (default 400)', wholeNumber('replicates', 20))
    .option('--declared <list>', 'declared weights of other dimensions, as money=70,place=30', namedNumbers)
    .option('--made-elsewhere <names>', 'factors that other models made, beside those of the catalogue', list)
    .option('--data <folder>', 'dataset folder with a sealed truth (default: data in the run)')
    .action(async (run: string, options: OpacityFlags) => {
      const { model, cutoff, rows, fitRows, permutations, repeats, retrainings } = options
      const { tolerance: near, backgroundRows, replicates, declared, madeElsewhere, data } = options
      const result = await withStage(options, options.out ?? opacityFolder(run), (stage) =>
        auditOpacity({
          ...stage,
          run,
          ...(model ? { models: model } : {}),
          ...(cutoff !== undefined ? { cutoff } : {}),
          ...(rows !== undefined ? { rows } : {}),
          ...(fitRows !== undefined ? { fitRows } : {}),
          ...(permutations !== undefined ? { permutations } : {}),
          ...(repeats !== undefined ? { repeats } : {}),
          ...(retrainings !== undefined ? { retrainings } : {}),
          ...(near !== undefined ? { tolerance: near } : {}),
          ...(backgroundRows !== undefined ? { backgroundRows } : {}),
          ...(replicates !== undefined ? { replicates } : {}),
          ...(declared ? { declared } : {}),
          ...(madeElsewhere ? { madeElsewhere } : {}),
          ...(data !== undefined ? { data } : {}),
        }),
      )
      if (options.json) return printJson(result)
      printOpacity(result.summary)
      print(`\n${result.skipped ? 'unchanged' : 'written'}: ${result.folder}`)
      print(`open ${join(result.folder, 'opacity.html')}`)
    })
}
