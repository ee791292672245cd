import type { Command } from 'commander'
import { explainScores, explainWide, GlasscoreError, isWideFolder, readReceipts } from '../index.ts'
import { print, printJson, wholeNumber, withCommonOptions, withStage } from './common.ts'
import { outOf, type PeopleFlags, peopleOf, peopleOptions } from './score.ts'
import { printExplainedWide, printReceipt } from './show.ts'
import { formatCount, renderTable } from './terminal.ts'

type Flags = PeopleFlags & { person?: string; top?: number }

/** An option that nothing reads is a mistake, not a wish. */
const refuseWith = (options: Flags, why: string, names: readonly (keyof Flags)[]): void => {
  const given = names.find((name) => options[name] !== undefined)
  if (given === undefined) return
  const option = given.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
  throw new GlasscoreError('usage', `nothing here reads this option: ${why}`, {
    option,
    expected: 'the command without it',
  })
}

export const explainCommand = (program: Command): void => {
  peopleOptions(
    withCommonOptions(program.command('explain <models...>'), {
      required: false,
      about: 'folder for receipts.parquet (default with --as-of: receipts-DATE in the run)',
    }),
  )
    .description('account for every point of every score')
    .option('--person <id>', 'print the receipts of this person')
    .option(
      '--top <n>',
      'wide tables: variables written for each row, those with the largest attributions (default 5)',
      wholeNumber('top', 1, 1000),
    )
    .action(async (models: string[], options: Flags) => {
      const { features, top } = options
      if (features !== undefined && isWideFolder(features)) {
        refuseWith(options, 'a wide table is explained as it is', ['person', 'data', 'asOf', 'allowMissing'])
        const wide = await withStage(options, outOf('receipts', models, options), (stage) =>
          explainWide({ ...stage, features, models, ...(top === undefined ? {} : { top }) }),
        )
        if (options.json) return printJson(wide)
        printExplainedWide(wide.summary)
        print(`\n${wide.skipped ? 'unchanged' : 'written'}: ${wide.folder}`)
        return
      }
      refuseWith(options, 'only attributions of a wide table have it', ['top'])
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
