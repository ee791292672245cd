import { join } from 'node:path'
import type { Command } from 'commander'
import {
  explainedAgainst,
  explainPerson,
  explainScores,
  explainWide,
  GlasscoreError,
  isWideFolder,
  readReceipts,
} from '../index.ts'
import { type BackgroundFlags, backgroundOptions, backgroundsOf } from './backgroundOption.ts'
import { print, printJson, wholeNumber, withCommonOptions, withStage } from './common.ts'
import { outOf, type PeopleFlags, peopleOf, peopleOptions } from './score.ts'
import { printExplainedWide, printReceipt } from './show.ts'
import { printExplained } from './showExplained.ts'

type Flags = PeopleFlags & BackgroundFlags & { person?: string; top?: number }

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
  backgroundOptions(
    peopleOptions(
      withCommonOptions(program.command('explain <models...>'), {
        required: false,
        about: 'folder for receipts.parquet (default with --as-of: receipts-DATE in the run)',
      }),
    ),
  )
    .description('account for every point of every score')
    .option('--person <id>', 'print the receipts of this person, and write a page of them beside the folder (OUT-ID)')
    .option(
      '--top <n>',
      'wide tables: variables written for each row, those with the largest attributions (default 5)',
      wholeNumber('top', 1, 1000),
    )
    .action(async (models: string[], options: Flags) => {
      const { features, top } = options
      if (features !== undefined && isWideFolder(features)) {
        refuseWith(options, 'a wide table is explained as it is', [
          'person',
          'data',
          'asOf',
          'allowMissing',
          'background',
          'backgroundRows',
          'backgroundFeatures',
        ])
        const wide = await withStage(options, outOf('receipts', models, options), (stage) =>
          explainWide({ ...stage, features, models, ...(top === undefined ? {} : { top }) }),
        )
        if (options.json) return printJson(wide)
        printExplainedWide(wide.summary)
        print(`\n${wide.skipped ? 'unchanged' : 'written'}: ${wide.folder}`)
        return
      }
      refuseWith(options, 'only attributions of a wide table have it', ['top'])
      const { person } = options
      const asked = { ...peopleOf(options), ...backgroundsOf(options), ...(person === undefined ? {} : { person }) }
      const result = await withStage(options, outOf('receipts', models, options), (stage) =>
        explainScores({ ...stage, models, ...asked }),
      )
      const ids = Object.values(result.summary.models).flatMap((m) => explainedAgainst(m).map((a) => a.backgroundId))
      const receipts = person === undefined ? [] : await readReceipts(result.folder, person)
      // By model, and the backgrounds as they were asked for.
      receipts.sort(
        (a, b) =>
          Number(a.model > b.model) - Number(a.model < b.model) ||
          ids.indexOf(a.backgroundId) - ids.indexOf(b.backgroundId),
      )
      const explained =
        person === undefined
          ? undefined
          : await withStage(options, result.folder, ({ out: receipts, ...stage }) =>
              explainPerson({ ...stage, receipts, person, ...(features === undefined ? {} : { features }) }),
            )
      if (options.json) return printJson({ ...result, receipts, ...(explained ? { person: explained } : {}) })
      printExplained(result.summary)
      for (const receipt of receipts) {
        print('')
        printReceipt(receipt)
      }
      for (const made of [result, ...(explained ? [explained] : [])])
        print(`${made === result ? '\n' : ''}${made.skipped ? 'unchanged' : 'written'}: ${made.folder}`)
      if (Object.keys(result.summary.models).length > 0)
        print(`open ${join((explained ?? result).folder, 'explanation.html')}`)
    })
}
