import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type Command, Option } from 'commander'
import { auditFairness, type FairnessFileColumns, type FairnessSummary, fairnessFolder } from '../index.ts'
import { printable } from '../util/errors.ts'
import { opacityCommand } from './auditOpacity.ts'
import { recoveryCommand } from './auditRecovery.ts'
import { type CommonOptions, print, printJson, wholeNumber, withCommonOptions, withStage } from './common.ts'
import { list, number, pairs, withMore } from './lists.ts'
import { formatCount, formatFixed, renderTable } from './terminal.ts'

interface FairnessFlags extends CommonOptions {
  cutoff?: number
  model?: string[]
  rows?: 'held-out' | 'scored'
  reference?: Map<string, string>
  bands?: Map<string, number[]>
  minCell?: number
  score?: string
  probability?: string
  higherIs?: 'safety' | 'risk'
  outcome?: string
  bad?: string
  good?: string
  groups?: string[]
  person?: string
  table?: string
}

const references = (text: string, earlier = new Map<string, string>()): Map<string, string> =>
  withMore(earlier, pairs(text))

const bands = (text: string, earlier = new Map<string, number[]>()): Map<string, number[]> =>
  withMore(
    earlier,
    pairs(text).map(([name, edges]): [string, number[]] => [name, edges.split(',').map(number)]),
  )

/** The options that say which column of a file is what; undefined when none was given. */
const columnsOf = (o: FairnessFlags): FairnessFileColumns | undefined => {
  const { score, probability, higherIs, outcome, bad, good, groups, person, table } = o
  const given = { score, probability, higherIs, outcome, bad, good, person, table }
  const said = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
  return groups || Object.keys(said).length > 0 ? { ...said, groups: groups ?? [] } : undefined
}

const interval = (x: { value: number | null; low: number | null; high: number | null } | null): string =>
  x === null ? '' : x.value === null ? 'n/a' : `${formatFixed(x.value)} [${formatFixed(x.low)}, ${formatFixed(x.high)}]`

const printFairness = ({ lines, answers, notes, cutoff }: FairnessSummary): void => {
  print(
    renderTable(
      [
        'model',
        'attribute',
        'group',
        'rows',
        'bad',
        'selected',
        'impact ratio',
        'four fifths',
        'rate',
        'goods refused',
      ],
      lines.map((l) => [
        l.model,
        l.attribute,
        l.group,
        formatCount(l.rows),
        l.bads === null ? 'n/a' : formatCount(l.bads),
        formatFixed(l.selectionRate),
        interval(l.adverseImpactRatio),
        l.fourFifths,
        l.differs ?? '',
        interval(l.goodsRefused),
      ]),
    ),
  )
  print(
    `\ncutoff ${cutoff}; of ${formatCount(answers.compared)} groups compared, pairs of attributes among them: ${formatCount(answers.below)} below four fifths, ${formatCount(answers.atOrAbove)} at or above, ${formatCount(answers.notEnough)} without enough evidence (the rate is lower all the same in ${formatCount(answers.lowerAllTheSame)} of them)`,
  )
  for (const note of notes) print(printable(`note: ${note}`))
}

export const auditCommand = (program: Command): void => {
  const audit = program.command('audit').description('audit a run or any file of scores')
  recoveryCommand(audit)
  opacityCommand(audit)
  withCommonOptions(audit.command('fairness <source>'), {
    required: false,
    about: 'folder for fairness.html and fairness.json (default: fairness in the run, or FILE.fairness)',
  })
    .description('who is selected, by protected group and pairs of them: a run folder, or a file with scores')
    .option('--cutoff <score>', 'the last score that is still selected (default 650 for a run)', number)
    .option('--model <names>', 'models of the run (default: all)', list)
    .addOption(
      new Option('--rows <which>', 'rows of the run: those no model had seen, or everybody scored').choices([
        'held-out',
        'scored',
      ]),
    )
    .option('--reference <list>', 'groups to compare with, as sex=male,age=35-44 (default: highest rate)', references)
    .option('--bands <list>', 'where bands of a number begin, as age=25,35,45,55,65', bands)
    .option('--min-cell <n>', 'fewest persons in a cell for an answer (default 10)', wholeNumber('min-cell', 1))
    .option('--score <column>', 'of a file: the score')
    .option('--probability <column>', 'of a file: the probability of bad; the score too where --score is not given')
    .addOption(
      new Option(
        '--higher-is <what>',
        'of a file: what a higher score means (default safety; risk for a probability)',
      ).choices(['safety', 'risk']),
    )
    .option('--outcome <column>', 'of a file: what became of the row, where it is known')
    .option('--bad <value>', 'of a file: the outcome that means bad')
    .option('--good <value>', 'of a file: the outcome that means good (default: the one other value)')
    .option('--groups <columns>', 'of a file: protected attributes, as sex,age', list)
    .option('--person <column>', 'of a file: whose row it is, where a person has several')
    .option('--table <name>', 'of a DuckDB file: the table')
    .action(async (source: string, options: FairnessFlags) => {
      const { cutoff, model, rows, reference, bands, minCell } = options
      const columns = columnsOf(options)
      const isFolder = (await stat(source).catch(() => undefined))?.isDirectory() === true
      const result = await withStage(options, options.out ?? fairnessFolder(source, isFolder), (stage) =>
        auditFairness({
          ...stage,
          source,
          ...(cutoff !== undefined ? { cutoff } : {}),
          ...(model ? { models: model } : {}),
          ...(rows ? { rows } : {}),
          ...(columns ? { columns } : {}),
          ...(reference ? { references: reference } : {}),
          ...(bands ? { bands } : {}),
          ...(minCell !== undefined ? { minCell } : {}),
        }),
      )
      if (options.json) return printJson(result)
      printFairness(result.summary)
      print(`\n${result.skipped ? 'unchanged' : 'written'}: ${result.folder}`)
      print(`open ${join(result.folder, 'fairness.html')}`)
    })
}
