import { type Command, Option } from 'commander'
import { features, GlasscoreError, wideFeatures } from '../index.ts'
import { type CommonOptions, isoDay, print, printJson, withCommonOptions, withStage } from './common.ts'
import { isLabeled, nextAfterFeatures } from './next.ts'
import { printFeatures, printWide } from './show.ts'

interface Options extends CommonOptions {
  asOf?: string[]
  coding?: 'none' | 'das'
  wide?: boolean
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
    .option('--wide', 'some 10,000 variables in place of the 70 factors, as bytes, each of one factor (docs/wide.md)')
    .action(async (data: string, options: Options) => {
      const dates = options.asOf ? { dates: options.asOf } : {}
      if (options.wide) {
        if (options.coding === 'das')
          throw new GlasscoreError('usage', 'wide variables have no published bands', {
            option: 'coding',
            expected: 'none beside --wide',
            got: options.coding,
          })
        const wide = await withStage(options, options.out!, (stage) => wideFeatures({ ...stage, data, ...dates }))
        if (options.json) return printJson(wide)
        printWide(wide.summary)
        print(`\n${wide.skipped ? 'unchanged' : 'written'}: ${wide.folder}`)
        nextAfterFeatures(options.out!, isLabeled(wide.summary))
        return
      }
      const result = await withStage(options, options.out!, (stage) =>
        features({ ...stage, data, ...dates, ...(options.coding ? { coding: options.coding } : {}) }),
      )
      if (options.json) return printJson(result)
      printFeatures(result.summary)
      print(`\n${result.skipped ? 'unchanged' : 'written'}: ${result.folder}`)
      nextAfterFeatures(options.out!, isLabeled(result.summary))
    })
}
