/** Words of an audit of opacity that several sections use. */
import type { AgainstChance } from '../../audits/opacity/againstChance.ts'
import type { ModelOpacity } from '../../audits/opacity/findings.ts'
import type { IndexComponent } from '../../audits/opacity/opacityIndex.ts'
import { type Child, h } from '../html.ts'
import { named } from '../labels.ts'
import { type Format, figure, interval, valueAt } from '../numbers.ts'
import type { OpacityReport } from '../opacityReport.ts'
import type { TableColumn } from '../table.ts'

/** A model of the report and where it stands in it. */
export interface PlacedModel {
  report: OpacityReport
  model: ModelOpacity
  k: number
}

/** Models in their order, each with its place. */
export const placed = (report: OpacityReport): PlacedModel[] => report.models.map((model, k) => ({ report, model, k }))

/** The name of a model; that of `declared` is not to be taken for the declared weights. */
export const modelTitle = (name: string): string => (name === 'declared' ? 'declared model' : name)

/** The column that names the model. */
export const modelColumn: TableColumn<PlacedModel> = {
  head: 'model',
  align: 'left',
  cell: ({ model }) => named(modelTitle(model.model)),
}

/** The titles of the components. */
export const COMPONENT_TITLES: Readonly<Record<IndexComponent, string>> = {
  interactions: 'interactions',
  surrogate: 'no short scorecard',
  breadth: 'too many factors',
  instability: 'unstable reasons',
  disagreement: 'methods disagree',
  arbitrariness: 'arbitrary decisions',
  misdeclared: 'other than declared',
  hidden: 'pentagon hides it',
  stacked: 'made elsewhere',
}

/** A figure with interval of a model. */
export const cell =
  (format: Format, ...path: (string | number)[]) =>
  ({ report, k }: PlacedModel): Child =>
    interval(report, ['models', k, ...path], format)

/** A figure with its interval, or a word where the part is absent. */
export const cellOr =
  (absent: string, part: keyof ModelOpacity, format: Format, ...path: (string | number)[]) =>
  (row: PlacedModel): Child =>
    row.model[part] === null ? absent : cell(format, part, ...path)(row)

/** A figure, its interval, and the null below it. */
export const againstChance = (report: OpacityReport, path: readonly (string | number)[], format: Format): Child => {
  const { aboveChance } = valueAt(report, path) as AgainstChance
  return [
    interval(report, path, format),
    h(
      'small',
      { class: 'meta' },
      'chance ',
      figure(report, [...path, 'chance', 'low'], format),
      ' to ',
      figure(report, [...path, 'chance', 'high'], format),
    ),
    aboveChance === false && [h('br'), h('small', { class: 'meta' }, 'not told from it')],
  ]
}
