import { join } from 'node:path'
import type { Command } from 'commander'
import { readPipeline, run } from '../index.ts'
import { type CommonOptions, permutations, print, printJson, withCommonOptions, withStage } from './common.ts'
import { printRun } from './show.ts'

export const runCommand = (program: Command): void => {
  withCommonOptions(program.command('run <pipeline>'), { required: false, about: 'run folder (default runs/NAME)' })
    .description('run a pipeline file: data, factors, training, scores, receipts, report')
    .option(
      '--permute-labels [n]',
      'shuffle the labels n times (default 20): the range of AUCs should hold 0.5',
      permutations,
    )
    .action(async (file: string, options: CommonOptions & { permuteLabels?: number | true }) => {
      const pipeline = await readPipeline(file)
      const out = options.out ?? `runs/${pipeline.name}`
      const summary = await withStage(options, out, (stage) =>
        run(
          options.permuteLabels
            ? {
                ...pipeline,
                train: {
                  ...pipeline.train,
                  permuteLabels: options.permuteLabels === true ? 20 : options.permuteLabels,
                },
              }
            : pipeline,
          stage,
        ),
      )
      if (options.json) return printJson(summary)
      printRun(summary)
      print(`\nall of it in ${out} (metrics.json, run.json)`)
      if (summary.report) print(`open ${join(out, 'report', 'report.html')}`)
    })
}
