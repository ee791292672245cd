/** One person's receipt by one model, background beside background. */

import { receiptName } from '../../util/receiptName.ts'
import { charts } from '../chart.ts'
import { pentagonChart } from '../charts/pentagon.ts'
import { receiptChart } from '../charts/receipt.ts'
import type { ExplainedFactor, ExplainedPerson, ExplanationOfPerson } from '../explanationReport.ts'
import { type Child, h, type Markup } from '../html.ts'
import { dimensionTitle, named, shortenAll } from '../labels.ts'
import { count, figure, percent, signed } from '../numbers.ts'
import type { Section } from '../page.ts'
import { table } from '../table.ts'
import { backgroundCode, formsNote } from './explanationParts.ts'
import { ownValue } from './ownValue.ts'
import { at, facts, note } from './parts.ts'

interface Line {
  kind: 'base' | 'factor' | 'limit' | 'score'
  i: number
}

const receiptTable = (report: ExplanationOfPerson, person: ExplainedPerson, k: number): Markup => {
  const lines: Line[] = [
    { kind: 'base', i: -1 },
    ...person.factors.map((_, i) => ({ kind: 'factor' as const, i })),
    { kind: 'limit', i: -1 },
    { kind: 'score', i: -1 },
  ]
  const words = { base: 'base: score of the background', limit: 'limit of the scale', score: '= score' } as const
  const ofFactor = (line: Line, show: (f: ExplainedFactor, i: number) => Child): Child =>
    line.kind === 'factor' ? show(person.factors[line.i]!, line.i) : ''
  const points =
    (b: number) =>
    ({ kind, i }: Line): Child => {
      if (kind === 'factor') return figure(report, ['models', k, 'factors', i, 'points', b], signed)
      if (kind === 'base') return figure(report, ['models', k, 'backgrounds', b, 'base'], count)
      if (kind === 'limit') return figure(report, ['models', k, 'scaleLimit'], signed)
      return figure(report, ['models', k, 'score'], count)
    }
  return table(
    'The whole receipt, a column of points for each background. Each adds up from its base to the score, to the last point.',
    [
      {
        head: 'factor',
        cell: (l) =>
          l.kind === 'factor' ? named(receiptName(person.factors[l.i]!.factor)) : h('em', {}, words[l.kind]),
      },
      {
        head: 'own value',
        align: 'left',
        cell: (l) => ofFactor(l, (f, i) => ownValue(report, ['models', k, 'factors', i], f)),
      },
      ...person.backgrounds.map((background, b) => ({ head: backgroundCode(background), cell: points(b) })),
      { head: 'dimension', align: 'left', cell: (l) => ofFactor(l, (f) => named(dimensionTitle(f.dimension))) },
      { head: 'what it is', align: 'left', wide: true, cell: (l) => ofFactor(l, (f) => named(f.definition)) },
    ],
    lines,
    {
      rowClass: (l) =>
        l.kind === 'score'
          ? 'total'
          : l.kind === 'base'
            ? 'start'
            : l.kind === 'factor' && person.factors[l.i]!.points.every((p) => p === 0)
              ? 'quiet'
              : undefined,
    },
  )
}

const dimensionTable = (report: ExplanationOfPerson, person: ExplainedPerson, k: number): Markup => {
  const lines = person.dimensions.flatMap(({ dimension }, d) => person.backgrounds.map((_, b) => ({ dimension, d, b })))
  const cell =
    (key: string, format: typeof signed) =>
    ({ d, b }: (typeof lines)[number]): Child =>
      figure(report, ['models', k, 'dimensions', d, 'against', b, key], format)
  return table(
    'Dimensions: points of the game, which are rounded for themselves to the same score, the sum of the points of their factors, and the percentile among the people explained.',
    [
      { head: 'dimension', cell: ({ dimension }) => named(dimensionTitle(dimension)) },
      { head: 'background', align: 'left', cell: ({ b }) => backgroundCode(person.backgrounds[b]!) },
      { head: 'points of the game', cell: cell('points', signed) },
      { head: 'sum of its factors', cell: cell('members', signed) },
      { head: 'percentile', cell: cell('percentile', percent(1)) },
    ],
    lines,
  )
}

/** @param k position of the model in the report */
export const explainedPersonSection = (report: ExplanationOfPerson, k: number): Section => {
  const person = report.models[k]!
  const { scaleLimit, score } = person
  const titles = shortenAll(
    person.backgrounds.map((b) => b.backgroundId),
    230,
    15,
  )
  return {
    id: `model-${k}`,
    title: `Model ${person.name}`,
    body: [
      facts([['Score', [figure(report, ['models', k, 'score'], count), ' points, band ', named(person.band)]]]),
      charts(
        person.backgrounds.map(({ base }, b) => {
          const factors = person.factors.map(({ factor, points }) => ({ factor, points: points[b]! }))
          const options = {
            title: `Receipt: ${titles[b]!}`,
            source: at('models', k),
            ...(b > 0 ? { caption: null } : {}),
          }
          return receiptChart({ base, factors, scaleLimit, score }, options)
        }),
      ),
      charts(
        person.backgrounds.map((_, b) =>
          pentagonChart(
            person.dimensions.map(({ dimension, against }) => ({
              name: dimensionTitle(dimension),
              points: against[b]!.points,
              percentile: against[b]!.percentile,
            })),
            {
              title: `Dimensions: ${titles[b]!}`,
              source: at('models', k, 'dimensions'),
              ...(b > 0 ? { caption: null } : {}),
            },
          ),
        ),
      ),
      dimensionTable(report, person, k),
      note(formsNote(person.linear)),
      receiptTable(report, person, k),
    ],
  }
}
