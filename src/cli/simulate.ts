import { type Command, Option } from 'commander'
import { simulate } from '../index.ts'
import { type CommonOptions, isoDay, print, printJson, wholeNumber, withCommonOptions, withStage } from './common.ts'
import { nextAfterTables } from './next.ts'
import { printPopulation } from './printPopulation.ts'
import { collectSwitches, type GivenSwitches } from './switchOption.ts'

interface Options extends CommonOptions {
  people?: number
  months?: number
  lastObservation?: string
  asOf?: string
  switch?: GivenSwitches
  outcome?: 'causal' | 'declared'
}

export const simulateCommand = (program: Command): void => {
  withCommonOptions(program.command('simulate'), { required: true, about: 'dataset folder to write' })
    .description('make a synthetic population: all canonical tables, with outcomes')
    .option('--people <n>', 'number of people, 1 to 10,000,000 (default 30000)', wholeNumber('people', 1, 10_000_000))
    .option(
      '--months <n>',
      'dense months before the last observation date, 13 to 120 (default 24)',
      wholeNumber('months', 13, 120),
    )
    .option('--last-observation <date>', 'last observation date (default 2025-01-01)', isoDay)
    .addOption(
      new Option('--as-of <date>', 'one observation date instead of five quarterly ones')
        .argParser(isoDay)
        .conflicts('lastObservation'),
    )
    .option(
      '--switch <name=strength>',
      'turn something on in the population, for example label-bias=0.2 (more than once; docs/switches.md)',
      collectSwitches,
    )
    .addOption(
      new Option(
        '--outcome <how>',
        'causal: payments decide who is bad; declared: drawn from the declared function of the factors (default causal)',
      ).choices(['causal', 'declared']),
    )
    .action(async (options: Options) => {
      const { people, months, lastObservation, asOf, outcome } = options
      const result = await withStage(options, options.out!, (stage) =>
        simulate({
          ...stage,
          ...(people !== undefined ? { people } : {}),
          ...(months !== undefined ? { months } : {}),
          ...(lastObservation ? { lastObservation } : {}),
          ...(asOf ? { asOf } : {}),
          ...(options.switch ? { switches: options.switch } : {}),
          ...(outcome ? { outcome } : {}),
        }),
      )
      if (options.json) return printJson(result)
      printPopulation(result.summary, options.out!)
      print(`\n${result.skipped ? 'unchanged' : 'written'}: ${result.folder}`)
      nextAfterTables(options.out!)
    })
}
