import { join } from 'node:path'
import type { Command } from 'commander'
import { auditRecovery, type RecoverySummary, recoveryFolder } from '../index.ts'
import { printable } from '../util/errors.ts'
import { type CommonOptions, print, printJson, wholeNumber, withCommonOptions, withStage } from './common.ts'
import { formatCount, formatFixed, renderTable } from './terminal.ts'

interface RecoveryFlags extends CommonOptions {
  data?: string
  rows?: number
}

type Bounds = RecoverySummary['ceiling']

const interval = ({ value, low, high }: Bounds, digits = 3): string =>
  value === null ? 'n/a' : `${formatFixed(value, digits)} [${formatFixed(low, digits)}, ${formatFixed(high, digits)}]`

const SEMANTICS: Readonly<Record<string, string>> = { path_dependent: 'path-dependent' }

const NAMES = {
  attributions: 'points',
  split: 'splits',
  permutation: 'permutation',
  coefficients: 'coefficients',
} as const

export const printRecovery = (summary: RecoverySummary): void => {
  const { truth, rows, bads, ceiling, models, attributions } = summary
  print(
    `${truth.kind} truth; ${formatCount(rows)} rows that no model had seen, ${formatCount(bads)} bad; latent ceiling: AUC ${interval(ceiling)}\n`,
  )
  print(
    renderTable(
      [
        'model',
        'AUC [95 % interval]',
        'below the ceiling',
        'correlation of log-odds',
        'slope of truth',
        'error of P(bad)',
      ],
      models.map((m) => [
        m.model,
        interval(m.auc),
        interval(m.gap),
        interval(m.logOddsCorrelation),
        interval(m.slope, 2),
        interval(m.probabilityError),
      ]),
    ),
  )
  if (attributions.length > 0) {
    print('\npoints beside the closed form')
    print(
      renderTable(
        ['model', 'points', 'misplaced', 'correlation within rows', 'same first reason'],
        attributions.map((a) => [
          a.model,
          SEMANTICS[a.semantics] ?? a.semantics,
          interval(a.misplaced, 2),
          interval(a.withinRows, 2),
          interval(a.sameFirstReason, 2),
        ]),
      ),
    )
    print('\norder of the factors beside that of the closed form')
    print(
      renderTable(
        ['model', 'order by', 'rank correlation', 'among those that matter', 'imagined'],
        attributions.flatMap(({ model, semantics, importances }) =>
          importances.map((i) => [
            model,
            i.kind === 'attributions' ? `points, ${SEMANTICS[semantics] ?? semantics}` : NAMES[i.kind],
            interval(i.rankCorrelation, 2),
            interval(i.rankCorrelationOfSpoken, 2),
            interval(i.imagined, 3),
          ]),
        ),
      ),
    )
  }
  for (const note of summary.notes) print(printable(`note: ${note}`))
}

export const recoveryCommand = (audit: Command): void => {
  withCommonOptions(audit.command('recovery <run>'), {
    required: false,
    about: 'folder for recovery.html and recovery.json (default: recovery in the run)',
  })
    .description('what the models of a run on simulated people found of the truth that was sealed beside them')
    .option('--data <folder>', 'dataset folder that the run was made from (default: data in the run)')
    .option(
      '--rows <n>',
      'rows whose points are compared with the closed form (default 4000)',
      wholeNumber('rows', 100),
    )
    .action(async (run: string, options: RecoveryFlags) => {
      const { data, rows } = options
      const result = await withStage(options, options.out ?? recoveryFolder(run), (stage) =>
        auditRecovery({ ...stage, run, ...(data ? { data } : {}), ...(rows !== undefined ? { rows } : {}) }),
      )
      if (options.json) return printJson(result)
      printRecovery(result.summary)
      print(`\n${result.skipped ? 'unchanged' : 'written'}: ${result.folder}`)
      print(`open ${join(result.folder, 'recovery.html')}`)
    })
}
