import { join } from 'node:path'
import { type Command, InvalidArgumentError } from 'commander'
import { BASELINE_NAMES, type BaselineName, type CompareSummary, compare, compareFolder } from '../index.ts'
import { digitsBesideZero } from '../util/digitsBesideZero.ts'
import { printable } from '../util/errors.ts'
import { type CommonOptions, print, printJson, wholeNumber, withCommonOptions, withStage } from './common.ts'
import { formatCount, formatFixed, renderTable } from './terminal.ts'

interface CompareFlags extends CommonOptions {
  cutoff?: number
  baselines?: readonly BaselineName[] | true
  network?: boolean
  reference?: string
  features?: string
  replicates?: number
  baselineRows?: number
}

const names = (text: string): BaselineName[] =>
  text.split(',').map((part) => {
    const found = BASELINE_NAMES.find((name) => name === part.trim())
    if (!found)
      throw new InvalidArgumentError(
        `expected some of ${BASELINE_NAMES.join(',')}; got "${part.trim()}". Runs stand before --baselines.`,
      )
    return found
  })

interface Bounds {
  value: number
  low: number
  high: number
}

const interval = (x: Bounds | null, digits = 3): string =>
  x ? `${formatFixed(x.value, digits)} [${formatFixed(x.low, digits)}, ${formatFixed(x.high, digits)}]` : 'n/a'

const percent = (share: number | null | undefined): string =>
  share === null || share === undefined ? 'n/a' : `${(100 * share).toFixed(1)} %`

const answers = { 'a better': 'better', 'b better': 'worse', tie: 'tie' } as const

const printComparison = (summary: CompareSummary): void => {
  print(`${formatCount(summary.rows)} held-out rows in common, ${formatCount(summary.bads)} bad`)
  for (const run of summary.runs)
    if (run.leftOut > 0)
      print(printable(`left out of ${run.label}: ${formatCount(run.leftOut)} of ${formatCount(run.rows)} rows`))
  print('')
  print(
    renderTable(
      [
        'model',
        'AUC [95 % interval]',
        'KS',
        'Brier',
        'log loss',
        'slope',
        `approved from ${summary.cutoff}`,
        'bad of them',
      ],
      summary.models.map(({ name, figures: f, atCutoff }) => [
        name,
        interval(f.auc),
        formatFixed(f.ks.value),
        formatFixed(f.brier.value, 4),
        formatFixed(f.logLoss.value, 4),
        formatFixed(f.calibrationSlope.value, 2),
        percent(atCutoff.approvalRate),
        percent(atCutoff.badRate?.value),
      ]),
    ),
  )
  if (summary.againstReference.length > 0) {
    print(printable(`\nless ${summary.reference}, paired:`))
    print(
      renderTable(
        ['model', 'AUC difference', '', 'KS difference', '', 'Brier difference', ''],
        summary.againstReference.map(({ a, differences: d }) => [
          a,
          interval(d.auc, digitsBesideZero(d.auc, 3)),
          answers[d.auc.answer],
          interval(d.ks, digitsBesideZero(d.ks, 3)),
          answers[d.ks.answer],
          interval(d.brier, digitsBesideZero(d.brier, 4)),
          answers[d.brier.answer],
        ]),
      ),
    )
    print(printable(`\nswap sets at the cutoff of ${summary.cutoff}, bad rates in brackets:`))
    print(
      renderTable(
        ['model', 'approved by both', 'only by it', `only by ${summary.reference}`, 'by neither'],
        summary.swapsAgainstReference.map(({ a, sameCutoff: s }) => [
          a,
          ...[s.both, s.onlyA, s.onlyB, s.neither].map((c) => `${formatCount(c.rows)} (${percent(c.badRate?.value)})`),
        ]),
      ),
    )
  }
  for (const b of summary.baselines)
    print(
      printable(
        `${b.name}: trained on ${formatCount(b.rows.most)} of ${formatCount(b.rows.of)} rows${b.capped ? ' (capped)' : ''}`,
      ),
    )
  for (const { name, reason } of summary.unavailable) print(printable(`left out: ${name}: ${reason}`))
}

export const compareCommand = (program: Command): void => {
  withCommonOptions(program.command('compare <runs...>'), {
    required: false,
    about: 'folder for compare.html and compare.json (default: compare in the run; runs/compare for several)',
  })
    .description('models against models on the rows that every run holds out: differences with intervals, swap sets')
    .option(
      '--cutoff <score>',
      'who has at least this score is approved (default 650)',
      wholeNumber('cutoff', 350, 950),
    )
    .option('--baselines [names]', `train beside them: ${BASELINE_NAMES.join(',')} (default: all)`, names)
    .option('--network', 'train a small neural network beside them; needs TensorFlow.js')
    .option('--reference <model>', 'the model that the others are set against (default: the first)')
    .option('--features <folder>', 'feature-table folder of the first run, for baselines of a training by itself')
    .option('--replicates <n>', 'bootstrap samples (default: as in the runs)', wholeNumber('replicates', 200, 100_000))
    .option(
      '--baseline-rows <n>',
      'training rows of a baseline at most (default: some 20 seconds of work each)',
      wholeNumber('baseline-rows', 50),
    )
    .action(async (runs: string[], options: CompareFlags) => {
      const { cutoff, baselines, network, reference, features, replicates, baselineRows } = options
      const result = await withStage(options, options.out ?? compareFolder(runs), (stage) =>
        compare({
          ...stage,
          runs,
          ...(cutoff !== undefined ? { cutoff } : {}),
          ...(baselines !== undefined ? { baselines } : {}),
          ...(network ? { network } : {}),
          ...(reference !== undefined ? { reference } : {}),
          ...(features !== undefined ? { features } : {}),
          ...(replicates !== undefined ? { replicates } : {}),
          ...(baselineRows !== undefined ? { baselineRows } : {}),
        }),
      )
      if (options.json) return printJson(result)
      printComparison(result.summary)
      print(`\n${result.skipped ? 'unchanged' : 'written'}: ${result.folder}`)
      print(`open ${join(result.folder, 'compare.html')}`)
    })
}
