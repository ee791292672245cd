import type { Command } from 'commander'
import { explainScores, readReceipts } from '../index.ts'
import { print, printJson, withCommonOptions, withStage } from './common.ts'
import { outOf, type PeopleFlags, peopleOf, peopleOptions } from './score.ts'
import { printReceipt } from './show.ts'
import { formatCount, renderTable } from './terminal.ts'

export const explainCommand = (program: Command): void => {
  peopleOptions(
    withCommonOptions(program.command('explain <models...>'), {
      required: false,
      about: 'folder for receipts.parquet (default with --as-of: receipts-DATE in the run)',
    }),
  )
    .description('account for every point of every score')
    .option('--person <id>', 'print the receipts of this person')
    .action(async (models: string[], options: PeopleFlags & { person?: string }) => {
      const result = await withStage(options, outOf('receipts', models, options), (stage) =>
        explainScores({ ...stage, models, ...peopleOf(options) }),
      )
      const receipts = options.person === undefined ? [] : await readReceipts(result.folder, options.person)
      if (options.json) return printJson({ ...result, receipts })
      print(
        renderTable(
          ['model', 'semantics', 'background', 'rows checked', 'rows failing', 'largest gap (points)'],
          Object.entries(result.summary.models).map(([name, m]) => [
            name,
            m.semantics,
            m.backgroundId,
            formatCount(m.rowsChecked),
            formatCount(m.rowsFailing),
            m.additivityGap.toExponential(1),
          ]),
        ),
      )
      for (const note of result.summary.notes) print(`note: ${note}`)
      for (const receipt of receipts) {
        print('')
        printReceipt(receipt)
      }
      print(`\n${result.skipped ? 'unchanged' : 'written'}: ${result.folder}`)
    })
}
