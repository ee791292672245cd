/** What moves the scores: mean absolute points by factor and by dimension, from the receipts of everybody explained. */
import { charts } from '../chart.ts'
import { barChart } from '../charts/bars.ts'
import { dimensionShareChart } from '../charts/dimensionShares.ts'
import { type Child, h } from '../html.ts'
import { dimensionTitle, named, shorten } from '../labels.ts'
import { count, figure, fixed, percent, tiny } from '../numbers.ts'
import type { Section } from '../page.ts'
import type { RunReport } from '../runReport.ts'
import { type TableColumn, table } from '../table.ts'
import { BACKGROUND_WORDS, inWords, LINK_WORDS, SEMANTICS_WORDS } from '../words.ts'
import { dimensionGamePart } from './dimensionGame.ts'
import type { Explained } from './explained.ts'
import { factorPointsPart } from './factorPoints.ts'
import { permutationPart } from './fits.ts'
import { at, note } from './parts.ts'

const TOP = 15

type Kind = 'factors' | 'dimensions'

const nameIn = (kind: Kind, entry: { dimension: string; factor?: string }): string =>
  kind === 'factors' ? entry.factor! : entry.dimension

/** Position of each name in the list of one model. */
const positions = (kind: Kind, { importance }: Explained): Map<string, number> =>
  new Map(importance[kind].map((entry, j) => [nameIn(kind, entry), j]))

/** Names of all models, those first that weigh most in any of them. */
const unionOf = (kind: Kind, explained: readonly Explained[]): string[] => {
  const weight = new Map<string, number>()
  for (const { importance } of explained)
    for (const entry of importance[kind]) {
      const name = nameIn(kind, entry)
      weight.set(name, Math.max(weight.get(name) ?? 0, entry.share))
    }
  return [...weight].toSorted((a, b) => b[1] - a[1]).map(([name]) => name)
}

/** Mean absolute points and share of every name in every model. */
const pointTable = (
  report: RunReport,
  kind: Kind,
  explained: readonly Explained[],
  extra: TableColumn<string>[],
): Child => {
  const placed = explained.map((e) => ({ ...e, position: positions(kind, e) }))
  const cell =
    ({ i, position }: (typeof placed)[number]) =>
    (name: string): Child => {
      const j = position.get(name)
      if (j === undefined) return '–'
      const path = (key: string) => ['models', i, 'importance', kind, j, key]
      return h(
        'span',
        {},
        figure(report, path('meanAbsolutePoints'), fixed(1)),
        h('small', {}, ' (', figure(report, path('share'), percent(1)), ' %)'),
      )
    }
  return table(
    kind === 'factors'
      ? 'Mean absolute points of every factor, and its share in the points of all factors.'
      : 'Mean absolute points of every dimension, and its share in the points of all dimensions.',
    [
      {
        head: kind === 'factors' ? 'factor' : 'dimension',
        cell: (name) => named(kind === 'factors' ? name : dimensionTitle(name)),
      },
      ...extra,
      ...placed.map((p) => ({ head: named(p.name), cell: cell(p) })),
    ],
    unionOf(kind, explained),
    { broad: extra.length + placed.length > 2 },
  )
}

/** Where a dimension's declared share stands in the JSON, if anywhere. */
const declaredPath = (explained: readonly Explained[], dimension: string): (string | number)[] | undefined => {
  for (const { i, importance } of explained) {
    const j = importance.dimensions.findIndex((d) => d.dimension === dimension)
    if (j >= 0 && importance.dimensions[j]!.declaredShare !== null)
      return ['models', i, 'importance', 'dimensions', j, 'declaredShare']
  }
  return undefined
}

const checksTable = (report: RunReport, explained: readonly Explained[]): Child => {
  const path = (i: number, key: string) => ['models', i, 'importance', key]
  return table(
    'The receipts behind it. In every row base + points + limit of the scale = score is added up again; the gap is the largest difference before rounding, in points.',
    [
      { head: 'model', cell: (e) => named(e.name) },
      { head: 'rows', cell: (e) => figure(report, path(e.i, 'rows'), count) },
      { head: 'persons', cell: (e) => figure(report, path(e.i, 'persons'), count) },
      { head: 'base', cell: (e) => figure(report, path(e.i, 'base'), count) },
      {
        head: 'background (whose score the base is)',
        align: 'left',
        cell: (e) => inWords(BACKGROUND_WORDS, e.importance.backgroundId),
      },
      { head: 'a factor not known', align: 'left', cell: (e) => inWords(SEMANTICS_WORDS, e.importance.semantics) },
      { head: 'points', align: 'left', cell: (e) => inWords(LINK_WORDS, e.importance.link) },
      { head: 'rows added up', cell: (e) => figure(report, path(e.i, 'rowsChecked'), count) },
      { head: 'failing', cell: (e) => figure(report, path(e.i, 'rowsFailing'), count) },
      { head: 'largest gap', cell: (e) => figure(report, path(e.i, 'additivityGap'), tiny) },
    ],
    explained,
  )
}

export const importanceSection = (report: RunReport): Section => {
  const explained = report.models.flatMap((m, i) =>
    m.importance ? [{ name: m.name, i, importance: m.importance }] : [],
  )
  const without = report.models.filter((m) => !m.importance)
  const dimensions = unionOf('dimensions', explained)
  const shareRows = dimensions.map((dimension) => {
    const found = explained.map((e) => e.importance.dimensions.find((d) => d.dimension === dimension))
    return {
      name: dimensionTitle(dimension),
      declaredShare: found.find((d) => d && d.declaredShare !== null)?.declaredShare ?? null,
      shares: found.map((d) => d?.share ?? null),
    }
  })
  const declared: TableColumn<string>[] = dimensions.some((d) => declaredPath(explained, d))
    ? [
        {
          head: 'declared, %',
          cell: (dimension) => {
            const path = declaredPath(explained, dimension)
            return path ? figure(report, path, percent(0)) : '–'
          },
        },
      ]
    : []
  return {
    id: 'importance',
    title: 'What moves the scores',
    body:
      report.models.length === 0
        ? undefined
        : [
            explained.length > 0 && [
              note(
                'From the receipts of everybody explained: how many points a factor adds or takes on average, whichever way. Intervals are of these means over persons (95 %), for the model as it is: another training would move them more. Models that count points in another way (last table of this section) are compared with care. Points say what moved the score, not what caused an outcome.',
              ),
              charts(
                dimensionShareChart(
                  shareRows,
                  explained.map((e) => e.name),
                  { source: at('models') },
                ),
                h('div', { class: 'rest' }, pointTable(report, 'dimensions', explained, declared)),
              ),
              dimensionGamePart(report, explained),
              h('h3', {}, 'Factors'),
              charts(
                explained.map(({ name, i, importance }) =>
                  barChart(
                    importance.factors
                      .slice(0, TOP)
                      .filter((f, j) => j === 0 || f.meanAbsolutePoints > 0)
                      .map(({ factor, meanAbsolutePoints, low, high }) => ({
                        name: factor,
                        value: meanAbsolutePoints,
                        low,
                        high,
                      })),
                    {
                      title: `Points by factor: ${shorten(name, 200, 15)}`,
                      axis: 'mean absolute points',
                      format: fixed(1),
                      source: at('models', i, 'importance', 'factors'),
                    },
                  ),
                ),
              ),
              factorPointsPart(report, explained),
              h('h3', {}, 'All factors, and the receipts behind them'),
              pointTable(report, 'factors', explained, []),
              checksTable(report, explained),
            ],
            permutationPart(report),
            without.map((m) => note(named(m.name), ': ', named(m.noImportance ?? 'no receipts'), '.')),
          ],
  }
}
