import { join } from 'node:path'
import { type Command, Option } from 'commander'
import { parseBackground, readReasons, reasons } from '../index.ts'
import { print, printJson, wholeNumber, withCommonOptions, withStage } from './common.ts'
import { printPersonReasons, printReasons } from './printReasons.ts'
import { outOf, type PeopleFlags, peopleOf, peopleOptions } from './score.ts'

interface Flags extends PeopleFlags {
  person?: string
  background?: ReturnType<typeof parseBackground>
  backgroundRows?: number
  backgroundFeatures?: string
  cutoff?: number
  retrainings?: number
  backgroundDraws?: number
  trainedOn?: string
}

/** What is asked of the stage, where it is asked. */
const ASKED = [
  'person',
  'background',
  'backgroundRows',
  'backgroundFeatures',
  'cutoff',
  'retrainings',
  'backgroundDraws',
  'trainedOn',
] as const satisfies readonly (keyof Flags)[]

const askedOf = (options: Flags): Pick<Flags, (typeof ASKED)[number]> =>
  Object.fromEntries(ASKED.filter((name) => options[name] !== undefined).map((name) => [name, options[name]]))

export const reasonsCommand = (program: Command): void => {
  peopleOptions(
    withCommonOptions(program.command('reasons <models...>'), {
      required: false,
      about: 'folder for reasons.parquet and reasons.json (default with --as-of: reasons-DATE in the run)',
    }),
  )
    .description('principal reasons of scores, with how often they stay and what repairing them would do')
    .option('--person <id>', 'of this person alone, printed and as a page')
    .addOption(
      new Option(
        '--background <rows>',
        'what points are measured from: near-cutoff (the default, at --cutoff), near-cutoff=600, all, group=COLUMN:LEVEL or period=2024-01-01..2024-06-30',
      ).argParser(parseBackground),
    )
    .option(
      '--background-rows <n>',
      'rows drawn of the background, by the seed (default: all of them)',
      wholeNumber('background-rows', 1),
    )
    .option(
      '--background-features <folder>',
      'feature-table folder that its rows are taken from (default: that of the people)',
    )
    .option('--cutoff <score>', 'lowest score that passes (default 650)', wholeNumber('cutoff', 350, 950))
    .option(
      '--retrainings <b>',
      'how often models are trained again to see which reasons stay; 0: not (default: 20 with --person, else 0)',
      wholeNumber('retrainings', 0, 1000),
    )
    .option(
      '--background-draws <d>',
      'how often the background is drawn again; 0: not (default: 20 with --person, else 0)',
      wholeNumber('background-draws', 0, 1000),
    )
    .option(
      '--trained-on <folder>',
      'feature-table folder that the models were trained on (default: that of the people or of the run)',
    )
    .action(async (models: string[], options: Flags) => {
      const { person } = options
      const result = await withStage(options, outOf('reasons', models, options), (stage) =>
        reasons({ ...stage, models, ...peopleOf(options), ...askedOf(options) }),
      )
      const report = person === undefined ? undefined : await readReasons(result.folder)
      if (options.json) return printJson({ ...result, ...(report ? { people: report.people } : {}) })
      if (report) printPersonReasons(report)
      else printReasons(result.summary)
      print(`\n${result.skipped ? 'unchanged' : 'written'}: ${result.folder}`)
      if (report) print(`open ${join(result.folder, 'reasons.html')}`)
    })
}
