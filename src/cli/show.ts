/** How results look on a terminal. */
import {
  type DatasetSummary,
  type ExplainWideSummary,
  explainedAgainst,
  type FeatureTable,
  type Manifest,
  type PersonReceipt,
  type RunSummary,
  type ScoreSummary,
  type TrainSummary,
  type WideSummary,
} from '../index.ts'
import { printable } from '../util/errors.ts'
import { receiptName } from '../util/receiptName.ts'
import { printRecovery } from './auditRecovery.ts'
import { print } from './common.ts'
import { formatBytes, formatCount, formatFixed, renderTable } from './terminal.ts'

export const printDataset = (summary: DatasetSummary): void => {
  print(
    renderTable(
      ['table', 'rows', 'covered from', 'covered to'],
      summary.tables.map((t) => [t.table, formatCount(t.rows), t.coveredFrom, t.coveredTo]),
    ),
  )
  const outcomes = Object.entries(summary.outcomes)
  if (outcomes.length) print(`\noutcomes: ${outcomes.map(([s, n]) => `${s} ${formatCount(n)}`).join(', ')}`)
}

export const printFeatures = (table: FeatureTable): void => {
  print(
    renderTable(
      ['waterfall', 'rows'],
      table.waterfall.map((w) => [w.step, formatCount(w.rows)]),
    ),
  )
  const cannot = table.unavailable.length
  print(`\nfactors: ${table.factors.length - cannot} computed${cannot ? `, ${cannot} missing throughout:` : ''}`)
  const reasons = new Map<string, string[]>()
  for (const u of table.unavailable) reasons.set(u.reason, [...(reasons.get(u.reason) ?? []), u.factor])
  for (const [reason, factors] of reasons) print(printable(`  ${reason}: ${factors.join(', ')}`))
  for (const note of table.notes) print(printable(`note: ${note}`))
  for (const warning of table.warnings) print(printable(`warning: ${warning}`))
}

export const printWide = (table: WideSummary): void => {
  print(`${table.name}: ${formatCount(table.rows)} rows, ${formatCount(table.variables)} variables, a byte each\n`)
  print(
    renderTable(
      ['dimension', 'variables'],
      Object.entries(table.dimensions).map(([name, n]) => [name, formatCount(n)]),
    ),
  )
  for (const warning of table.warnings) print(printable(`warning: ${warning}`))
}

const interval = (x: { value: number; low: number; high: number } | undefined, digits = 3): string =>
  x ? `${formatFixed(x.value, digits)} [${formatFixed(x.low, digits)}, ${formatFixed(x.high, digits)}]` : 'n/a'

export const printTraining = (summary: TrainSummary): void => {
  print(
    `${summary.evaluation === 'test' ? `test rows: ${formatCount(summary.test.rows)}, ${formatCount(summary.test.bads)} bad; training rows: ${formatCount(summary.train.rows)}, ${formatCount(summary.train.bads)} bad` : `out-of-fold rows: ${formatCount(summary.test.rows)}, ${formatCount(summary.test.bads)} bad`}\n`,
  )
  print(
    renderTable(
      ['model', 'AUC [95 % interval]', 'Gini', 'KS [95 %]', 'Brier', 'log loss', 'calibration slope [95 %]'],
      Object.entries(summary.models).map(([name, m]) => [
        name,
        interval(m.auc),
        formatFixed(m.gini.value),
        interval(m.ks),
        formatFixed(m.brier?.value, 4),
        formatFixed(m.logLoss?.value, 4),
        interval(m.calibrationSlope, 2),
      ]),
    ),
  )
  for (const warning of summary.warnings) print(printable(`warning: ${warning}`))
}

const share = (n: number, of: number): string => `${((100 * n) / Math.max(1, of)).toFixed(1)} %`

export const printScores = (summary: ScoreSummary): void => {
  const models = Object.entries(summary.models)
  const bands = Object.keys(models[0]?.[1].bands ?? {})
  print(
    renderTable(
      ['model', 'people', 'mean score', ...bands, `from ${summary.cutoff}`, 'clamped to 350–950'],
      models.map(([name, m]) => [
        name,
        formatCount(summary.rows),
        formatFixed(m.meanScore, 1),
        ...bands.map((b) => share(m.bands[b]!, summary.rows)),
        share(m.aboveCutoff, summary.rows),
        formatCount(m.clamped),
      ]),
    ),
  )
  for (const warning of summary.warnings) print(printable(`warning: ${warning}`))
}

/** The factors and dimensions that matter most, in log-odds. */
export const printExplainedWide = (summary: ExplainWideSummary): void => {
  for (const [name, m] of Object.entries(summary.models)) {
    print(`${name}: ${formatCount(m.rows)} rows, largest gap ${m.additivityGap.toExponential(1)} log-odds`)
    const most = Object.entries(m.meanAbsolute.factors).sort((a, b) => b[1] - a[1])
    const rows = [...Object.entries(m.meanAbsolute.dimensions), ...most.slice(0, 10)]
    print(
      renderTable(
        ['dimension or factor', 'mean absolute attribution'],
        rows.map(([what, value]) => [what, formatFixed(value, 4)]),
      ),
    )
  }
}

const signed = (n: number): string => (n > 0 ? `+${n}` : String(n))

export const printReceipt = (receipt: PersonReceipt, most = 12): void => {
  print(
    printable(
      `receipt of ${receipt.personId} on ${receipt.observationDate}, model ${receipt.model}, background ${receipt.backgroundId}`,
    ),
  )
  const sorted = receipt.factors.filter((f) => f.points !== 0).sort((a, b) => Math.abs(b.points) - Math.abs(a.points))
  const shown = sorted.slice(0, most)
  const rest = sorted.slice(most)
  const rows: [string, string][] = [['base', String(receipt.base)]]
  for (const f of shown) rows.push([receiptName(f.factor), signed(f.points)])
  if (rest.length) rows.push([`${rest.length} other factors`, signed(rest.reduce((s, f) => s + f.points, 0))])
  if (receipt.scaleLimit !== 0) rows.push(['limit of the scale', signed(receipt.scaleLimit)])
  rows.push(['score', String(receipt.score)])
  print(renderTable(['', 'points'], rows))
  const forms = receipt.dimensions.map(
    ({ dimension, points, members }) =>
      `${dimension} ${signed(points)}${members === null || members === points ? '' : ` (its factors ${signed(members)})`}`,
  )
  print(printable(`by dimension: ${forms.join(', ')}`))
}

export const printStages = (
  stages: { stage: string; skipped: boolean; manifest: Manifest; folder: string }[],
): void => {
  print(
    renderTable(
      ['stage', 'state', 'seconds', 'peak memory', 'written to'],
      stages.map((s) => [
        s.stage,
        s.skipped ? 'unchanged' : 'done',
        formatFixed(s.manifest.seconds, 1),
        formatBytes(s.manifest.peakMemoryBytes),
        s.folder,
      ]),
    ),
  )
}

export const printRun = (run: RunSummary): void => {
  print(`${run.name}: ${run.outcome.text}\n`)
  printFeatures(run.features)
  print('')
  printTraining(run.training)
  print('')
  if (run.recovery) {
    printRecovery(run.recovery)
    print('')
  }
  if (run.scores) {
    printScores(run.scores)
    print('')
  }
  if (run.example) {
    printReceipt(run.example)
    print('')
  }
  if (run.receipts) {
    const found = [run.receipts, ...(run.backgrounds ? [run.backgrounds] : [])].flatMap((made) =>
      Object.values(made.models).flatMap(explainedAgainst),
    )
    const checked = found.reduce((sum, m) => sum + m.rowsChecked, 0)
    const failing = found.reduce((sum, m) => sum + m.rowsFailing, 0)
    const gap = Math.max(0, ...found.map((m) => m.additivityGap)).toExponential(1)
    const against = [...new Set(found.map((m) => m.backgroundId))].join(', ')
    print(
      printable(
        `receipts: base + points + scale limit = score in ${formatCount(checked)} rows checked, ${formatCount(failing)} failing; largest additivity gap ${gap} points; against ${against}`,
      ),
    )
    print('')
  }
  printStages(run.stages)
}
