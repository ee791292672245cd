import type { Command } from 'commander'
import { readPipeline, run } from '../index.ts'
import { type CommonOptions, print, printJson, withCommonOptions, withStage } from './common.ts'
import { printRun } from './show.ts'

export const runCommand = (program: Command): void => {
  withCommonOptions(program.command('run <pipeline>'), { required: false, about: 'run folder (default runs/NAME)' })
    .description('run a pipeline file: data, factors, training, scores, receipts')
    .option('--permute-labels', 'shuffle the labels: every AUC interval should then contain 0.5')
    .action(async (file: string, options: CommonOptions & { permuteLabels?: boolean }) => {
      const pipeline = await readPipeline(file)
      const out = options.out ?? `runs/${pipeline.name}`
      const summary = await withStage(options, out, (stage) =>
        run(
          options.permuteLabels ? { ...pipeline, train: { ...pipeline.train, permuteLabels: true } } : pipeline,
          stage,
        ),
      )
      if (options.json) return printJson(summary)
      printRun(summary)
      print(`\nall of it in ${out} (metrics.json, run.json)`)
    })
}
