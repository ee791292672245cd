import { join } from 'node:path'
import type { Command } from 'commander'
import { report } from '../index.ts'
import { printable } from '../util/errors.ts'
import { type CommonOptions, isoDay, print, printJson, wholeNumber, withCommonOptions, withStage } from './common.ts'
import { formatCount } from './terminal.ts'

interface ReportFlags extends CommonOptions {
  cutoff?: number
  person?: string
  model?: string
  asOf?: string
  sample?: number
}

export const reportCommand = (program: Command): void => {
  withCommonOptions(program.command('report <run>'), {
    required: false,
    about: 'folder for report.html and report.json (default: report in the run)',
  })
    .description('one page on a run: models side by side, score bands, factors, one person')
    .option(
      '--cutoff <score>',
      'who has at least this score is approved (default 650)',
      wholeNumber('cutoff', 350, 950),
    )
    .option('--person <id>', 'whose receipt is shown (default: whoever is nearest to the cutoff)')
    .option('--model <name>', 'by which model (default: the forest, or the last one)')
    .option('--as-of <date>', 'as of which observation date (default: the latest one of the person)', isoDay)
    .option(
      '--sample <n>',
      'persons, drawn at random, whose points and values the charts show (default 600; 0: none)',
      wholeNumber('sample', 0, 2000),
    )
    .action(async (run: string, options: ReportFlags) => {
      const { cutoff, person, model, asOf, sample } = options
      const result = await withStage(options, options.out ?? join(run, 'report'), (stage) =>
        report({
          ...stage,
          run,
          ...(cutoff !== undefined ? { cutoff } : {}),
          ...(person !== undefined ? { person } : {}),
          ...(model !== undefined ? { model } : {}),
          ...(asOf !== undefined ? { asOf } : {}),
          ...(sample !== undefined ? { sample } : {}),
        }),
      )
      if (options.json) return printJson(result)
      const { summary } = result
      print(
        `${summary.models.join(', ')}: ${formatCount(summary.rows)} ${summary.evaluation === 'test' ? 'test' : 'out-of-fold'} rows, ${formatCount(summary.bads)} bad; cutoff ${summary.cutoff}`,
      )
      if (summary.person)
        print(
          printable(
            `receipt of ${summary.person.personId} on ${summary.person.observationDate}, model ${summary.person.model}`,
          ),
        )
      print(`${result.skipped ? 'unchanged' : 'written'}: ${result.folder}`)
      print(`open ${join(result.folder, 'report.html')}`)
    })
}
