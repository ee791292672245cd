import { type Command, Option } from 'commander'
import { features } from '../index.ts'
import { type CommonOptions, isoDay, print, printJson, withCommonOptions, withStage } from './common.ts'
import { isLabeled, nextAfterFeatures } from './next.ts'
import { printFeatures } from './show.ts'

interface Options extends CommonOptions {
  asOf?: string[]
  coding?: 'none' | 'das'
}

export const featuresCommand = (program: Command): void => {
  withCommonOptions(program.command('features <data>'), { required: true, about: 'feature-table folder to write' })
    .description('compute the 70 factors of a dataset folder as of each observation date')
    .option(
      '--as-of <date...>',
      'observation dates (default: those of the outcomes)',
      (text: string, earlier?: string[]) => [...(earlier ?? []), isoDay(text)],
    )
    .addOption(
      new Option(
        '--coding <how>',
        'none: factors as measured; das: as the published bands in which a lender is told of them (default none)',
      ).choices(['none', 'das']),
    )
    .action(async (data: string, options: Options) => {
      const result = await withStage(options, options.out!, (stage) =>
        features({
          ...stage,
          data,
          ...(options.asOf ? { dates: options.asOf } : {}),
          ...(options.coding ? { coding: options.coding } : {}),
        }),
      )
      if (options.json) return printJson(result)
      printFeatures(result.summary)
      print(`\n${result.skipped ? 'unchanged' : 'written'}: ${result.folder}`)
      nextAfterFeatures(options.out!, isLabeled(result.summary))
    })
}
