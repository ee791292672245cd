import type { Command } from 'commander'
import { personPage } from '../index.ts'
import { printable } from '../util/errors.ts'
import { interruption, isoDay, print, printJson, wholeNumber } from './common.ts'
import { formatCount, progressLine } from './terminal.ts'

interface Flags {
  features: string
  person: string
  asOf?: string
  cutoff?: number
  out?: string
  threads?: number
  json?: boolean
}

export const personCommand = (program: Command): void => {
  program
    .command('person <model>')
    .description('write the page of a person: one HTML file in which the values can be moved and the model runs')
    .requiredOption('--features <folder>', 'feature-table folder that holds the person')
    .requiredOption('--person <id>', 'person_id')
    .option('--as-of <date>', 'observation date (default: the latest of the person)', isoDay)
    .option('--cutoff <score>', 'the score to reach (default 650)', wholeNumber('cutoff', 350, 950))
    .option('--out <file>', 'the file to write (default: person-ID.html)')
    .option('--threads <n>', 'worker threads, never a matter of results (default 1)', wholeNumber('threads', 1, 256))
    .option('--json', 'print the result as JSON on stdout')
    .action(async (model: string, options: Flags) => {
      const { features, person, asOf, cutoff, out, threads } = options
      const line = progressLine()
      const result = await personPage({
        model,
        features,
        person,
        ...(asOf === undefined ? {} : { asOf }),
        ...(cutoff === undefined ? {} : { cutoff }),
        ...(out === undefined ? {} : { out }),
        ...(threads === undefined ? {} : { threads }),
        progress: line.progress,
        signal: interruption.signal,
      }).finally(() => line.stop())
      if (options.json) return printJson(result)
      const { score, band, factors, notes } = result
      print(
        printable(
          `${result.personId} on ${result.observationDate}, model ${result.model}: score ${score}, ${band}; cut-off ${result.cutoff}`,
        ),
      )
      print(
        `${factors.controls} factors with a control, ${factors.locked} of them locked; ${factors.unread} not read by the model`,
      )
      for (const note of notes) print(printable(`note: ${note}`))
      print(`\nwritten: ${result.file} (${formatCount(Math.round(result.bytes / 1000))} kB)`)
    })
}
