/** One model in the explanation of all: its dimensions in both forms and its factors, by background. */
import { charts } from '../chart.ts'
import { barChart } from '../charts/bars.ts'
import { dimensionShareChart } from '../charts/dimensionShares.ts'
import type { ExplanationOfAll } from '../explanationReport.ts'
import { type Child, h } from '../html.ts'
import { dimensionTitle, named, shortenAll } from '../labels.ts'
import { figure, fixed, percent } from '../numbers.ts'
import type { Section } from '../page.ts'
import { table } from '../table.ts'
import { backgroundCode, formsNote } from './explanationParts.ts'
import { at, note } from './parts.ts'

const TOP = 15

type Model = ExplanationOfAll['models'][number]

/** Names over all backgrounds, in the order of the first that has them. */
const union = (lists: readonly (readonly string[])[]): string[] => [...new Set(lists.flat())]

const dimensionChart = ({ backgrounds }: Model, k: number): Child => {
  const names = union(backgrounds.map((b) => b.dimensions.map((d) => d.dimension)))
  const rows = names.map((name) => ({
    name: dimensionTitle(name),
    declaredShare: null,
    shares: backgrounds.map((b) => b.dimensions.find((d) => d.dimension === name)?.share ?? null),
  }))
  return dimensionShareChart(
    rows,
    backgrounds.map((b) => b.backgroundId),
    {
      caption: 'Share of the mean absolute points of the game that each dimension has, by background.',
      source: at('models', k, 'backgrounds'),
    },
  )
}

const dimensionTable = (report: ExplanationOfAll, model: Model, k: number): Child => {
  const names = union(model.backgrounds.map((b) => b.dimensions.map((d) => d.dimension)))
  const lines = names.flatMap((name) =>
    model.backgrounds.flatMap((background, b) => {
      const j = background.dimensions.findIndex((d) => d.dimension === name)
      return j < 0 ? [] : [{ name, b, j }]
    }),
  )
  const cell =
    (key: string, format = fixed(2)) =>
    ({ b, j }: (typeof lines)[number]): Child =>
      figure(report, ['models', k, 'backgrounds', b, 'dimensions', j, key], format)
  return table(
    'Dimensions in both forms: mean absolute points before rounding, and how far apart the forms are in a row.',
    [
      { head: 'dimension', cell: ({ name }) => named(dimensionTitle(name)) },
      { head: 'background', align: 'left', cell: ({ b }) => backgroundCode(model.backgrounds[b]!) },
      { head: 'share, %', cell: cell('share', percent(1)) },
      { head: 'points of the game', cell: cell('game') },
      { head: 'sum of its factors', cell: cell('members') },
      { head: 'mean difference', cell: cell('meanDifference') },
      { head: 'largest difference', cell: cell('largestDifference') },
    ],
    lines,
  )
}

const factorTable = (report: ExplanationOfAll, { backgrounds }: Model, k: number): Child => {
  const places = backgrounds.map((b) => new Map(b.factors.map((f, j) => [f.factor, j])))
  const dimensionOf = new Map(backgrounds.flatMap((b) => b.factors.map((f) => [f.factor, f.dimension] as const)))
  return table(
    'Mean absolute points of every factor over all receipts [95 % interval over persons], and its share in the points of all factors. Where a background was drawn and points have an error of their own, ± is the mean standard error of a receipt.',
    [
      { head: 'factor', cell: (name) => named(name) },
      { head: 'dimension', align: 'left', cell: (name) => named(dimensionTitle(dimensionOf.get(name) ?? '')) },
      ...backgrounds.map((background, b) => ({
        head: backgroundCode(background),
        cell: (name: string): Child => {
          const j = places[b]!.get(name)
          if (j === undefined) return '–'
          const path = (key: string) => ['models', k, 'backgrounds', b, 'factors', j, key]
          const { low, standardError } = backgrounds[b]!.factors[j]!
          return h(
            'span',
            {},
            figure(report, path('meanAbsolutePoints'), fixed(1)),
            low !== null &&
              h(
                'small',
                {},
                ' [',
                figure(report, path('low'), fixed(1)),
                ', ',
                figure(report, path('high'), fixed(1)),
                ']',
              ),
            standardError !== undefined && h('small', {}, ' ± ', figure(report, path('standardError'), fixed(2))),
            h('small', {}, ' (', figure(report, path('share'), percent(1)), ' %)'),
          )
        },
      })),
    ],
    union(backgrounds.map((b) => b.factors.map((f) => f.factor))),
    { broad: backgrounds.length > 1 },
  )
}

/** @param k position of the model in the report */
export const explainedModelSection = (report: ExplanationOfAll, k: number): Section => {
  const model = report.models[k]!
  const titles = shortenAll(
    model.backgrounds.map((b) => b.backgroundId),
    260,
    15,
  )
  return {
    id: `model-${k}`,
    title: `Model ${model.name}`,
    body: [
      charts(dimensionChart(model, k)),
      dimensionTable(report, model, k),
      note(formsNote(model.linear)),
      charts(
        model.backgrounds.map((background, b) =>
          barChart(
            background.factors
              .slice(0, TOP)
              .map(({ factor, meanAbsolutePoints: value, low, high }) => ({ name: factor, value, low, high })),
            {
              title: `Factors: ${titles[b]!}`,
              axis: 'mean absolute points',
              format: fixed(1),
              source: at('models', k, 'backgrounds', b, 'factors'),
            },
          ),
        ),
      ),
      factorTable(report, model, k),
    ],
  }
}
