import { charts } from '../chart.ts'
import { intervalChart } from '../charts/intervals.ts'
import { type Child, h } from '../html.ts'
import { named } from '../labels.ts'
import { count, figure, fixed, interval, percent } from '../numbers.ts'
import type { OpacityReport } from '../opacityReport.ts'
import type { Section } from '../page.ts'
import { table } from '../table.ts'
import { seriesStyle } from '../theme.ts'
import { cell, cellOr, modelColumn, type PlacedModel, placed } from './opacityWords.ts'
import { at, note } from './parts.ts'

/** (b) The pentagon. */
export const opacityPentagon = (report: OpacityReport): Section => {
  const some = placed(report).some(({ model }) => model.pentagon !== null)
  return {
    id: 'pentagon',
    title: 'What does the pentagon tell?',
    body: some
      ? [
          h(
            'p',
            {},
            'People were shown a pentagon without numbers. A reader that has seen the drawings of many people with their scores tries to read score and first reason off the drawing alone. What it cannot read, nobody can who was given no more: who was refused and looks at the drawing does not learn by how much, nor why.',
          ),
          table(
            'Read off the drawing, on people that the reader did not know [95 % interval].',
            [
              modelColumn,
              { head: 'variance of the score (%)', cell: cellOr('n/a', 'pentagon', percent(0), 'r2') },
              { head: 'rank correlation', cell: cellOr('n/a', 'pentagon', fixed(2), 'rankCorrelation') },
              { head: 'band right (%)', cell: cellOr('n/a', 'pentagon', percent(0), 'band') },
              { head: 'always the usual band (%)', cell: cellOr('n/a', 'pentagon', percent(0), 'bandBase') },
              { head: 'first reason right (%)', cell: cellOr('n/a', 'pentagon', percent(0), 'reason') },
              { head: 'by the shortest axis (%)', cell: cellOr('n/a', 'pentagon', percent(0), 'shortest') },
              { head: 'always the usual one (%)', cell: cellOr('n/a', 'pentagon', percent(0), 'reasonBase') },
              { head: 'all reasons right (%)', cell: cellOr('n/a', 'pentagon', percent(0), 'reasonSet') },
              { head: 'always the usual ones (%)', cell: cellOr('n/a', 'pentagon', percent(0), 'reasonSetBase') },
              {
                head: 'people',
                cell: ({ model, k }) =>
                  model.pentagon === null ? 'n/a' : figure(report, ['models', k, 'pentagon', 'rows'], count),
              },
            ],
            placed(report),
            { stack: true },
          ),
          note(
            'An axis is the percentile of the points of the dimension among the training people. The drawing is rescaled to its longest axis and read to one percent; it has no base. First reason: its dimension. All reasons: the dimensions of all principal reasons, four at most, in any order.',
          ),
        ]
      : [note('The factors are of fewer than three dimensions, of which no polygon can be made.')],
  }
}

/** (c) Interactions. */
export const opacityInteractions = (report: OpacityReport): Section => ({
  id: 'interactions',
  title: 'How much is in no factor alone?',
  body: [
    h(
      'p',
      {},
      'Where factors act together, no sentence about one of them is true for everybody: the same change helps one person and does nothing for another. Who gives advice from a list of factors then misleads.',
    ),
    charts(
      intervalChart(
        report.models.map((m) => ({ name: m.model, ...m.interactions.share })),
        {
          title: 'Share of interactions',
          axis: 'share of absolute effects (%)',
          percent: true,
          reference: 0,
          caption: 'At zero a score is a sum of functions of one factor each. Line: 95 % interval.',
          source: at('models'),
          style: seriesStyle,
        },
      ),
    ),
    table(
      'Absolute interaction values as a share of all absolute effects (exact SHAP interaction values; of their sizes, not of the variance). Value [95 % interval].',
      [
        modelColumn,
        { head: 'between factors (%)', cell: cell(percent(1), 'interactions', 'share') },
        {
          head: 'between dimensions (%)',
          cell: cellOr('n/a', 'dimensionInteractions', percent(1), 'share'),
        },
        {
          head: 'strongest pair',
          align: 'left',
          cell: ({ model, k }) => {
            const [pair] = model.interactions.pairs
            return pair
              ? [
                  named(pair.first),
                  ' and ',
                  named(pair.second),
                  ': ',
                  figure(report, ['models', k, 'interactions', 'pairs', 0, 'share'], percent(1)),
                  ' %',
                ]
              : 'none'
          },
        },
      ],
      placed(report),
      { stack: true },
    ),
    claimTable(report),
  ],
})

/** What a model has learned of a claimed pair. */
const claimTable = (report: OpacityReport): Child => {
  const { claims } = report
  if (!claims) return null
  const rows = placed(report).flatMap(({ model, k }) => model.claims.map((claim, c) => ({ model, k, claim, c })))
  type Row = (typeof rows)[number]
  const standing =
    (draw: (path: (string | number)[], row: Row) => Child) =>
    (row: Row): Child =>
      row.claim.standing ? draw(['models', row.k, 'claims', row.c, 'standing'], row) : 'no interactions'
  return [
    h('h3', {}, 'A claim that two factors act together'),
    h('p', {}, named(claims.text)),
    table(
      'The claimed pair among all pairs that one of the two belongs to, in the model that was audited. Mean absolute interaction; direction: [95 % interval over persons].',
      [
        { head: 'model', align: 'left', cell: ({ model }: Row) => named(model.model) },
        {
          head: 'pair',
          align: 'left',
          cell: ({ claim }: Row) => [named(claim.first), ' and ', named(claim.second)],
        },
        { head: 'found', align: 'left', cell: ({ claim }: Row) => (claim.found ? 'yes' : 'no') },
        {
          head: 'rank',
          cell: standing((path) => [
            figure(report, [...path, 'rank'], count),
            ' of ',
            figure(report, [...path, 'of'], count),
          ]),
        },
        {
          head: 'mean absolute',
          cell: standing((path, { claim }) => [
            figure(report, [...path, 'meanAbsolute'], fixed(2)),
            ' ',
            named(claim.unit),
          ]),
        },
        {
          head: 'strongest other',
          align: 'left',
          cell: standing((path, { claim }) => [
            named(claim.standing!.strongestOther.first),
            ' and ',
            named(claim.standing!.strongestOther.second),
            ': ',
            figure(report, [...path, 'strongestOther', 'meanAbsolute'], fixed(2)),
          ]),
        },
        { head: 'median other', cell: standing((path) => figure(report, [...path, 'medianOther'], fixed(2))) },
        {
          head: 'direction',
          cell: ({ k, c }: Row) => interval(report, ['models', k, 'claims', c, 'direction'], fixed(2)),
        },
        {
          head: 'rank of its size',
          cell: ({ k, c, claim }: Row) =>
            claim.directionRank
              ? [
                  figure(report, ['models', k, 'claims', c, 'directionRank', 'rank'], count),
                  ' of ',
                  figure(report, ['models', k, 'claims', c, 'directionRank', 'of'], count),
                ]
              : 'n/a',
        },
      ],
      rows,
      { stack: true },
    ),
    note(
      'Found: first of these pairs, by mean absolute value or by the size of the direction; the others are its null. Direction: what the pair adds where both factors are above their medians or neither is, less what it adds where one is; above zero the two together are safer than each by itself lets expect. A pair that a model has not learned may still be in the people: no is not evidence of absence.',
    ),
  ]
}

const bestCard = ({ report, model, k }: PlacedModel, key: 'r2' | 'agreement'): Child =>
  model.surrogates.cards.length === 0
    ? 'n/a'
    : interval(report, ['models', k, 'surrogates', 'cards', model.surrogates.cards.length - 1, key], percent(1))

const fidelityTable = ({ report, model, k }: PlacedModel): Child => {
  const path = (kind: string, i: number, key: string) => ['models', k, 'surrogates', kind, i, key]
  return h(
    'details',
    {},
    h('summary', {}, 'By size: ', named(model.model)),
    table(
      'Trees of rising depth. Variance of the score told, and same decision, on people they did not see [95 % interval].',
      [
        { head: 'depth', align: 'left', cell: (_, i) => figure(report, path('trees', i, 'depth'), count) },
        { head: 'leaves', cell: (_, i) => figure(report, path('trees', i, 'leaves'), count) },
        { head: 'variance (%)', cell: (_, i) => interval(report, path('trees', i, 'r2'), percent(1)) },
        { head: 'same decision (%)', cell: (_, i) => interval(report, path('trees', i, 'agreement'), percent(1)) },
      ],
      model.surrogates.trees,
      { stack: true },
    ),
    table(
      'Scorecards, a factor more each: the one that came in.',
      [
        { head: 'factors', align: 'left', cell: (_, i) => figure(report, path('cards', i, 'factors'), count) },
        { head: 'came in', align: 'left', cell: (card) => named(card.added) },
        { head: 'variance (%)', cell: (_, i) => interval(report, path('cards', i, 'r2'), percent(1)) },
        { head: 'same decision (%)', cell: (_, i) => interval(report, path('cards', i, 'agreement'), percent(1)) },
      ],
      model.surrogates.cards,
      { stack: true },
    ),
  )
}

/** (d) Surrogates and (e) factors needed. */
export const opacitySize = (report: OpacityReport): Section => ({
  id: 'size',
  title: 'Can it be told in few words?',
  body: [
    h(
      'p',
      {},
      'A score that a card of ten factors tells as well could be published as that card. Where it does not, every short account of the score leaves something out, and the person cannot know whether it is what decided them.',
    ),
    table(
      'The best small substitutes, fitted to scores of training people and measured on people they did not see, and the factors that carry 95 % of the points. Value [95 % interval].',
      [
        modelColumn,
        {
          head: 'card of ten factors: variance (%)',
          cell: (row) => bestCard(row, 'r2'),
        },
        { head: 'same decision (%)', cell: (row) => bestCard(row, 'agreement') },
        {
          head: 'deepest tree: variance (%)',
          cell: ({ model, k }) =>
            interval(report, ['models', k, 'surrogates', 'trees', model.surrogates.trees.length - 1, 'r2'], percent(1)),
        },
        { head: 'the same for all (%)', cell: cell(percent(1), 'surrogates', 'sameForAll') },
        { head: 'factors for a person', cell: cell(fixed(1), 'needed', 'people') },
        { head: 'factors for everybody', cell: cell(fixed(0), 'needed', 'population') },
        { head: 'factors in use', cell: ({ k }) => figure(report, ['models', k, 'needed', 'used'], count) },
      ],
      placed(report),
      { stack: true },
    ),
    note('The same for all: the share of the more frequent decision, which needs no model.'),
    ...placed(report).map(fidelityTable),
  ],
})

/** (g) Methods. */
export const opacityMethods = (report: OpacityReport): Section => ({
  id: 'methods',
  title: 'Does the reason depend on who explains?',
  body: [
    h(
      'p',
      {},
      'Two honest ways to explain the same score may name different reasons. Then the person who is given one of them has been told a choice of the explainer, and could contest the other.',
    ),
    table(
      'People whose first reason is another. Value [95 % interval].',
      [
        modelColumn,
        { head: 'by any two methods (%)', cell: cell(percent(0), 'methods', 'anyOther') },
        { head: 'people', cell: ({ k }) => figure(report, ['models', k, 'methods', 'rows'], count) },
      ],
      placed(report),
    ),
    ...placed(report).map(({ model, k }) =>
      h(
        'details',
        {},
        h('summary', {}, 'Pairs of methods: ', named(model.model)),
        table(
          'Rank correlation of the factors of a person, people whose first reason is another, and mean absolute difference of a factor in points [95 % interval].',
          [
            { head: 'one', align: 'left', cell: (p) => named(p.first) },
            { head: 'other', align: 'left', cell: (p) => named(p.second) },
            {
              head: 'rank correlation',
              cell: (_, i) => interval(report, ['models', k, 'methods', 'pairs', i, 'rankCorrelation'], fixed(2)),
            },
            {
              head: 'other reason (%)',
              cell: (_, i) => interval(report, ['models', k, 'methods', 'pairs', i, 'otherReason'], percent(0)),
            },
            {
              head: 'points',
              cell: (_, i) => interval(report, ['models', k, 'methods', 'pairs', i, 'difference'], fixed(2)),
            },
          ],
          model.methods.pairs,
          { stack: true },
        ),
        h(
          'ul',
          {},
          model.methods.methods.map(({ method, text }) => h('li', {}, named(method), ': ', named(text))),
          model.methods.without.map(({ method, reason }) => h('li', {}, named(method), ' left out: ', named(reason))),
        ),
      ),
    ),
  ],
})
