import { join } from 'node:path'
import type { Command } from 'commander'
import { GlasscoreError, runOfModels, score } from '../index.ts'
import { type CommonOptions, isoDay, print, printJson, wholeNumber, withCommonOptions, withStage } from './common.ts'
import { printScores } from './show.ts'

export interface PeopleFlags extends CommonOptions {
  features?: string
  data?: string
  asOf?: string
  allowMissing?: boolean
}

export const peopleOptions = (command: Command): Command =>
  command
    .option('--features <folder>', 'feature-table folder of the people')
    .option('--data <folder>', 'dataset folder of the people, with --as-of (default: the data of the run)')
    .option('--as-of <date>', 'observation date; people need no outcome', isoDay)
    .option('--allow-missing', 'score even if nobody here can have some factors that a model was trained on')

export const peopleOf = (o: PeopleFlags) => ({
  ...(o.features ? { features: o.features } : {}),
  ...(o.data ? { data: o.data } : {}),
  ...(o.asOf ? { asOf: o.asOf } : {}),
  ...(o.allowMissing ? { allowMissing: true } : {}),
})

/** Where to write: as said, or beside the other results of the run that the models come from. */
export const outOf = (name: string, models: readonly string[], options: PeopleFlags): string => {
  const run = options.asOf && !options.data ? runOfModels(models) : undefined
  const out = options.out ?? (run && join(run, `${name}-${options.asOf}`))
  if (out) return out
  throw new GlasscoreError('usage', 'where to write is not said', { option: 'out', expected: 'a folder' })
}

export const scoreCommand = (program: Command): void => {
  peopleOptions(
    withCommonOptions(program.command('score <models...>'), {
      required: false,
      about: 'folder for scores.parquet (default with --as-of: scores-DATE in the run)',
    }),
  )
    .description('score people with saved models (model folders, or a run or training folder)')
    .option('--cutoff <score>', 'for the share at or above it (default 650)', wholeNumber('cutoff', 350, 950))
    .action(async (models: string[], options: PeopleFlags & { cutoff?: number }) => {
      const result = await withStage(options, outOf('scores', models, options), (stage) =>
        score({
          ...stage,
          models,
          ...peopleOf(options),
          ...(options.cutoff !== undefined ? { cutoff: options.cutoff } : {}),
        }),
      )
      if (options.json) return printJson(result)
      printScores(result.summary)
      print(`\n${result.skipped ? 'unchanged' : 'written'}: ${result.folder}`)
    })
}
