import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type Command, InvalidArgumentError, Option } from 'commander'
import {
  auditOpacity,
  auditOpacityFile,
  type OpacityFileColumns,
  type OpacityFileSummary,
  type OpacitySummary,
  opacityFileFolder,
  opacityFolder,
} from '../index.ts'
import { printable, usageError } from '../util/errors.ts'
import { type CommonOptions, print, printJson, wholeNumber, withCommonOptions, withStage } from './common.ts'
import { list, namedLists, namedNumbers, number, pairs } from './lists.ts'
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
  pair?: [string, string][]
  data?: string
  score?: string
  probability?: string
  higherIs?: 'safety' | 'risk'
  groups?: string[]
  person?: string
  ignore?: string[]
  dimension?: Record<string, string[]>
  table?: string
}

/** The model of this name is not the declared weights. */
const modelTitle = (name: string): string => (name === 'declared' ? 'declared model' : name)

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
        modelTitle(m.model),
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
        ['dimension', 'declared', ...models.map((m) => modelTitle(m.model))],
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

/** What a file lets say, for the terminal. */
export const printFileOpacity = (summary: OpacityFileSummary): void => {
  const { rows, looked, factors, readerR2, cardR2, told, cardForReader, strongest, dimensions, leftOut, notes } =
    summary
  print(`${formatCount(rows)} rows, ${formatCount(factors)} factors; measured on ${formatCount(looked)} rows\n`)
  print(`variance of the score told by all factors: ${interval(readerR2)}; by a card of ten: ${interval(cardR2)}`)
  print(
    !told
      ? 'these factors do not tell the score: nothing can be said of what they weigh'
      : cardForReader === null
        ? 'no card of up to ten factors tells nearly as much as all factors'
        : `a card of ${cardForReader} ${cardForReader === 1 ? 'factor' : 'factors'} tells nearly as much as all of them`,
  )
  if (told && dimensions.length > 0) {
    print('')
    print(
      renderTable(
        ['dimension', 'declared', 'share of the variance lost'],
        dimensions.map((d) => [d.name, formatFixed(d.declared, 2), formatFixed(d.share, 2)]),
      ),
    )
  }
  print('')
  if (told)
    print(
      renderTable(
        ['factor', 'share of the variance lost'],
        strongest.map((f) => [f.name, formatFixed(f.share, 2)]),
      ),
    )
  for (const { part, reason } of leftOut) print(printable(`not here: ${part}: ${reason}`))
  for (const note of notes) print(printable(`note: ${note}`))
}

const RUN_ONLY = [
  'model',
  'rows',
  'fitRows',
  'permutations',
  'retrainings',
  'tolerance',
  'backgroundRows',
  'pair',
  'data',
] as const
const FILE_ONLY = ['score', 'probability', 'higherIs', 'groups', 'person', 'ignore', 'dimension', 'table'] as const

/** An option that has no meaning for what is audited would be ignored in silence. */
const refuse = (options: OpacityFlags, names: readonly (keyof OpacityFlags)[], what: string): void => {
  const given = names.find((name) => options[name] !== undefined)
  if (given)
    throw usageError(`this is an option for ${what}`, {
      option: given.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
    })
}

const columnsOf = (o: OpacityFlags): OpacityFileColumns => ({
  ...(o.score === undefined ? {} : { score: o.score }),
  ...(o.probability === undefined ? {} : { probability: o.probability }),
  ...(o.higherIs === undefined ? {} : { higherIs: o.higherIs }),
  ...(o.groups === undefined ? {} : { groups: o.groups }),
  ...(o.person === undefined ? {} : { person: o.person }),
  ...(o.ignore === undefined ? {} : { ignore: o.ignore }),
  ...(o.dimension === undefined ? {} : { dimensions: o.dimension }),
  ...(o.table === undefined ? {} : { table: o.table }),
})

const auditFile = async (file: string, options: OpacityFlags): Promise<void> => {
  const { cutoff, repeats, replicates, declared, madeElsewhere } = options
  const result = await withStage(options, options.out ?? opacityFileFolder(file), (stage) => {
    refuse(options, RUN_ONLY, 'a run')
    return auditOpacityFile({
      ...stage,
      file,
      columns: columnsOf(options),
      ...(cutoff !== undefined ? { cutoff } : {}),
      ...(repeats !== undefined ? { repeats } : {}),
      ...(replicates !== undefined ? { replicates } : {}),
      ...(declared ? { declared } : {}),
      ...(madeElsewhere ? { madeElsewhere } : {}),
    })
  })
  if (options.json) return printJson(result)
  printFileOpacity(result.summary)
  print(`\n${result.skipped ? 'unchanged' : 'written'}: ${result.folder}`)
  print(`open ${join(result.folder, 'opacity.html')}`)
}

export const opacityCommand = (audit: Command): void => {
  withCommonOptions(audit.command('opacity <source>'), {
    required: false,
    about: 'folder for opacity.html and opacity.json (default: opacity in the run, or FILE.opacity)',
  })
    .description(
      'how opaque the models of a run are, or the scores of a file: declared against effective weights, what explains them, and who is decided by chance',
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
    .option(
      '--pair <list>',
      'factors that are said to act together, as first=second (default: those of the population, where its truth lies there)',
      (text: string, earlier: [string, string][] = []) => [...earlier, ...pairs(text)],
    )
    .option('--data <folder>', 'dataset folder with a sealed truth (default: data in the run)')
    .option('--score <column>', 'of a file: the score')
    .option('--probability <column>', 'of a file: the probability of bad; the score too where --score is not given')
    .addOption(
      new Option('--higher-is <what>', 'of a file: what a higher score means (default safety)').choices([
        'safety',
        'risk',
      ]),
    )
    .option('--groups <columns>', 'of a file: protected attributes, which are no factors', list)
    .option('--person <column>', 'of a file: whose row it is, where a person has several')
    .option('--ignore <columns>', 'of a file: columns that are no factors, as outcomes and dates', list)
    .option('--dimension <list>', 'of a file: factors of a dimension, as money=income,debt; again for more', namedLists)
    .option('--table <name>', 'of a DuckDB file: the table')
    .action(async (source: string, options: OpacityFlags) => {
      const info = await stat(source).catch(() => undefined)
      if (info && !info.isDirectory()) return auditFile(source, options)
      const run = source
      const { model, cutoff, rows, fitRows, permutations, repeats, retrainings } = options
      const { tolerance: near, backgroundRows, replicates, declared, madeElsewhere, pair, data } = options
      const result = await withStage(options, options.out ?? opacityFolder(run), (stage) => {
        refuse(options, FILE_ONLY, 'a file')
        return auditOpacity({
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
          ...(pair ? { claims: pair } : {}),
          ...(data !== undefined ? { data } : {}),
        })
      })
      if (options.json) return printJson(result)
      printOpacity(result.summary)
      print(`\n${result.skipped ? 'unchanged' : 'written'}: ${result.folder}`)
      print(`open ${join(result.folder, 'opacity.html')}`)
    })
}
