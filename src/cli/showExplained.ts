import { type ExplainSummary, explainedAgainst } from '../index.ts'
import { printable } from '../util/errors.ts'
import { print } from './common.ts'
import { formatCount, formatFixed, renderTable } from './terminal.ts'

/** Every model against every background: receipts added up, what they are measured from, and where the forms of dimensions part. */
export const printExplained = (summary: ExplainSummary): void => {
  const models = Object.entries(summary.models)
  const all = models.flatMap(([name, model]) => explainedAgainst(model).map((a) => ({ name, a })))
  print(
    renderTable(
      ['model', 'semantics', 'background', 'base', 'rows checked', 'rows failing', 'largest gap (points)'],
      all.map(({ name, a }) => [
        name,
        a.semantics,
        a.backgroundId,
        a.base,
        formatCount(a.rowsChecked),
        formatCount(a.rowsFailing),
        a.additivityGap.toExponential(1),
      ]),
    ),
  )
  // Rows near a cut-off are others for every model.
  const sentences = new Map<string, string[]>()
  for (const { name, a } of all) {
    const text = `${a.backgroundId}: ${a.background}`
    sentences.set(text, [...(sentences.get(text) ?? []), name])
  }
  if (all.length > 0) print('')
  for (const [text, names] of sentences) print(printable(`${text} (${names.join(', ')})`))
  const apart = all.filter(({ name }) => !summary.models[name]!.linear)
  if (apart.length > 0) {
    print('\ndimensions, mean absolute points before rounding:')
    print(
      renderTable(
        ['model', 'background', 'dimension', 'game', 'sum of its factors', 'mean difference', 'largest'],
        apart.flatMap(({ name, a }) =>
          Object.entries(a.dimensionForms).map(([dimension, f]) => [
            name,
            a.backgroundId,
            dimension,
            ...[f.game, f.members, f.meanDifference, f.largestDifference].map((x) => formatFixed(x, 2)),
          ]),
        ),
      ),
    )
  }
  const linear = models.filter(([, model]) => model.linear).map(([name]) => name)
  if (linear.length > 0)
    print(
      printable(
        `${linear.join(', ')}: game and sum are equal by definition, as the model adds up what its columns say`,
      ),
    )
  for (const note of summary.notes) print(printable(`note: ${note}`))
}
