import type { DimensionWeight } from '../../audits/opacity/dimensionWeights.ts'
import type { GroupWeights } from '../../audits/opacity/weightsOfGroups.ts'
import { type DeclaredEffectiveRow, declaredEffectiveChart } from '../charts/declaredEffective.ts'
import { type Child, h } from '../html.ts'
import { dimensionTitle, named } from '../labels.ts'
import { count, type Format, figure, fixed, interval, percent } from '../numbers.ts'
import type { OpacityReport } from '../opacityReport.ts'
import type { Section } from '../page.ts'
import { table } from '../table.ts'
import { againstChance, modelTitle, type PlacedModel, placed } from './opacityWords.ts'
import { at, note } from './parts.ts'

/** The picture: what was declared, and what each dimension weighs. */
export const declaredPicture = (report: OpacityReport): Child => {
  const rows = report.dimensions.map(
    (name, d): DeclaredEffectiveRow => ({
      name: dimensionTitle(name),
      declared: report.declared.shares[d] ?? null,
      effective: report.models.map(({ weights, retrainedShares }) => {
        const share = weights?.dimensions[d]?.share
        return share ? { ...share, chance: share.chance.high, retrained: retrainedShares[d] ?? null } : null
      }),
    }),
  )
  return declaredEffectiveChart(
    rows,
    report.models.map((m) => modelTitle(m.model)),
    { source: at('models') },
  )
}

const weightsTable = ({ report, model, k }: PlacedModel): Child => {
  const { weights } = model
  if (!weights) return null
  const path = (d: number, ...rest: string[]) => ['models', k, 'weights', 'dimensions', d, ...rest]
  return [
    h('h3', {}, named(modelTitle(model.model))),
    note(
      'AUC ',
      figure(report, ['models', k, 'weights', 'auc'], fixed(3)),
      ' on ',
      figure(report, ['rows', 'held'], count),
      ' held-out rows; trained again on ',
      figure(report, ['models', k, 'weights', 'trained'], count),
      ' rows: ',
      figure(report, ['models', k, 'weights', 'aucAgain'], fixed(3)),
      '. Points of ',
      figure(report, ['models', k, 'weights', 'rows'], count),
      ' rows of ',
      figure(report, ['models', k, 'weights', 'persons'], count),
      ' persons.',
      weights.distance !== null && [
        ' Weight that lies elsewhere than declared: ',
        interval(report, ['models', k, 'weights', 'distance'], percent(1)),
        ' %.',
      ],
    ),
    table(
      'Value [95 % interval over persons]; chance: the least and the greatest with the dimension dealt anew among the people.',
      [
        { head: 'dimension', align: 'left', cell: (w: DimensionWeight) => dimensionTitle(w.dimension) },
        { head: 'declared (%)', cell: (_, d) => figure(report, path(d, 'declared'), percent(0)) },
        { head: 'share of the points (%)', cell: (_, d) => againstChance(report, path(d, 'share'), percent(1)) },
        {
          head: 'part of the variance (%)',
          title: 'covariance of the points of the dimension with the score, over the variance of the score',
          cell: (_, d) => againstChance(report, path(d, 'covariance'), percent(1)),
        },
        { head: 'AUC lost when masked', cell: (_, d) => againstChance(report, path(d, 'masked'), fixed(3)) },
        { head: 'AUC lost without it', cell: (_, d) => againstChance(report, path(d, 'without'), fixed(3)) },
      ],
      weights.dimensions,
      { stack: true },
    ),
  ]
}

/** A figure of a dimension in a group beside its null, or why there is none. */
const groupCell =
  (key: 'share' | 'covariance' | 'masked' | 'without', format: Format) =>
  ({ report, k, g, d, group }: GroupRow): Child =>
    group[key] === null
      ? 'not enough evidence'
      : group[key][d]
        ? againstChance(report, ['models', k, 'groups', g, key, d], format)
        : 'n/a'

/** A dimension in a band or group. */
interface GroupRow {
  report: OpacityReport
  k: number
  g: number
  d: number
  group: GroupWeights
}

const groupTable = ({ report, model, k }: PlacedModel): Child => {
  if (model.groups.length === 0) return null
  const path = ({ g }: GroupRow, key: string) => ['models', k, 'groups', g, key]
  // Who is too few for any figure has one line.
  const said = ({ share, masked }: GroupWeights): boolean => share !== null || masked !== null
  const rows = model.groups.flatMap((group, g) =>
    report.dimensions.slice(0, said(group) ? undefined : 1).map((_, d) => ({ report, k, g, d, group })),
  )
  return h(
    'details',
    {},
    h('summary', {}, 'By score band and group: ', named(modelTitle(model.model))),
    table(
      'Value [95 % interval over persons of the group]; chance: the least and the greatest with the dimension dealt anew, among the same people.',
      [
        {
          head: 'who',
          align: 'left',
          cell: ({ group }: GroupRow) => [named(group.by), ': ', named(group.group)],
        },
        {
          head: 'dimension',
          align: 'left',
          cell: ({ d, group }) => (said(group) ? dimensionTitle(report.dimensions[d]!) : 'all'),
        },
        { head: 'rows', cell: (row) => figure(report, path(row, 'rows'), count) },
        { head: 'share of the points (%)', cell: groupCell('share', percent(0)) },
        { head: 'part of the variance (%)', cell: groupCell('covariance', percent(0)) },
        {
          head: 'bad of all held out',
          cell: (row) => [
            figure(report, path(row, 'heldBads'), count),
            ' of ',
            figure(report, path(row, 'heldRows'), count),
          ],
        },
        { head: 'AUC lost when masked', cell: groupCell('masked', fixed(3)) },
        { head: 'AUC lost without it', cell: groupCell('without', fixed(3)) },
      ],
      rows,
      { stack: true },
    ),
    note(
      'Weights need fifty persons and falls of AUC twenty good and twenty bad people; with fewer there is not enough evidence. n/a: the model reads no factor of the dimension, or could not be trained without it.',
    ),
  )
}

/** (a) Declared against effective weights. */
export const opacityWeights = (report: OpacityReport): Section => ({
  id: 'weights',
  title: 'Do the declared weights hold?',
  body: [
    h(
      'p',
      {},
      'A person who is told that a dimension counts for a quarter of the score will work on it. Where it counts for next to nothing, the effort is lost, and where another counts for much more, nobody warned them of it. ',
      named(report.declared.text),
    ),
    note(
      'Share of the points: mean absolute points of the dimension, by exact Shapley values of the game whose players are the dimensions, over the sum of those of all. Part of the variance: covariance of its points with the score over the variance of the score; below zero it works against the others. Masked: its values are dealt anew among the held-out people, all its factors together. Without it: the model is trained again on the other dimensions; what others say in its place is not lost.',
    ),
    ...placed(report).map(weightsTable),
    h('h3', {}, 'In score bands and groups'),
    report.groups.length === 0
      ? note('The table names no protected column, so there are score bands and no groups.')
      : note('Protected columns are read here and are no input of a score: ', named(report.groups.join(', ')), '.'),
    ...placed(report).map(groupTable),
  ],
})
