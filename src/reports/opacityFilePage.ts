import type { MaskedPart } from '../audits/opacity/opacityOfScores.ts'
import { charts } from './chart.ts'
import { declaredEffectiveChart } from './charts/declaredEffective.ts'
import { h } from './html.ts'
import { dimensionTitle, named } from './labels.ts'
import { count, figure, fixed, interval, percent } from './numbers.ts'
import type { OpacityFileReport } from './opacityFileReport.ts'
import { page, type Section } from './page.ts'
import { COMPONENT_TITLES } from './sections/opacityWords.ts'
import { at } from './sections/parts.ts'
import { type TableColumn, table } from './table.ts'

const summary = (report: OpacityFileReport): Section => ({
  id: 'summary',
  title: 'Summary',
  body: [
    h(
      'p',
      {},
      figure(report, ['findings', 'rows'], count),
      ' rows of ',
      figure(report, ['findings', 'persons'], count),
      ' persons, ',
      figure(report, ['findings', 'factors'], count),
      ' factors. Surrogates learned from ',
      figure(report, ['findings', 'learned'], count),
      ' rows and are measured on ',
      figure(report, ['findings', 'looked'], count),
      ' others. Selected from ',
      figure(report, ['findings', 'cutoff'], (x) => String(x)),
      '.',
    ),
    h(
      'p',
      {},
      'All factors together tell ',
      interval(report, ['findings', 'reader', 'r2'], percent(1)),
      ' % of the variance of the score to a strong reader, who makes the same decision for ',
      interval(report, ['findings', 'reader', 'agreement'], percent(1)),
      ' % of the people. What is left cannot be known from this file: a person who asks why is then told a reason that is not the whole of it.',
    ),
    h(
      'p',
      {},
      'The index of what can be had from a file: ',
      figure(report, ['findings', 'index', 'value'], fixed(2)),
      '. It has fewer parts than that of a model and is not to be compared with it.',
    ),
    table(
      'Its parts, each on 0 to 1.',
      [
        { head: 'part', align: 'left', cell: (p) => COMPONENT_TITLES[p.component] },
        { head: 'value', cell: (_, p) => figure(report, ['findings', 'index', 'parts', p, 'value'], fixed(2)) },
        { head: 'what it is', align: 'left', wide: true, cell: (p) => named(p.text) },
      ],
      report.findings.index.parts,
    ),
  ],
})

const partColumns = (report: OpacityFileReport, key: 'byFactor' | 'byDimension'): TableColumn<MaskedPart>[] => [
  {
    head: key === 'byFactor' ? 'factor' : 'dimension',
    align: 'left',
    cell: (p) => (key === 'byFactor' ? named(p.name) : dimensionTitle(p.name)),
  },
  ...(key === 'byDimension'
    ? [
        {
          head: 'declared (%)',
          cell: (_: MaskedPart, i: number) => figure(report, ['findings', key, i, 'declared'], percent(0)),
        },
      ]
    : []),
  { head: 'variance lost (%)', cell: (_, i) => interval(report, ['findings', key, i, 'lost'], percent(1)) },
  { head: 'share (%)', cell: (_, i) => interval(report, ['findings', key, i, 'share'], percent(1)) },
]

const NOT_TOLD =
  'These factors do not tell the score: the strong reader is no better on people it did not see than their mean score.'

const weights = (report: OpacityFileReport): Section => ({
  id: 'weights',
  title: 'What the score seems to weigh',
  body: !report.findings.told
    ? [h('p', {}, NOT_TOLD, ' Nothing can be said of what they weigh.')]
    : [
        h(
          'p',
          {},
          'What is lost of the score when a factor is dealt anew among the people, as the surrogate sees it. Who was told other weights works on the wrong things. ',
          named(report.declared.text),
        ),
        report.findings.byDimension.length > 0 &&
          charts(
            declaredEffectiveChart(
              report.findings.byDimension.map((d) => ({
                name: dimensionTitle(d.name),
                declared: d.declared,
                effective: [{ ...d.share, chance: null, retrained: null }],
              })),
              ['surrogate'],
              {
                caption: 'Symbol: share of the variance that is lost when its values are dealt anew.',
                source: at('findings', 'byDimension'),
              },
            ),
          ),
        report.findings.byDimension.length > 0 &&
          table('Dimensions [95 % interval].', partColumns(report, 'byDimension'), report.findings.byDimension, {
            stack: true,
          }),
        report.findings.distance !== null &&
          h(
            'p',
            {},
            'Weight that lies elsewhere than declared: ',
            interval(report, ['findings', 'distance'], percent(1)),
            ' %.',
          ),
        table(
          'Factors, the strongest first [95 % interval].',
          partColumns(report, 'byFactor'),
          report.findings.byFactor,
          {
            stack: true,
          },
        ),
      ],
})

const size = (report: OpacityFileReport): Section => ({
  id: 'size',
  title: 'Can it be told in few words?',
  body: [
    h(
      'p',
      {},
      'A score that a short card tells as well could be published as that card. ',
      !report.findings.told
        ? NOT_TOLD
        : report.findings.cardForReader === null
          ? 'No card of up to ten factors tells nearly as much as all factors together.'
          : [
              'A card of ',
              figure(report, ['findings', 'cardForReader'], count),
              report.findings.cardForReader === 1 ? ' factor' : ' factors',
              ' tells nearly as much as all of them.',
            ],
    ),
    table(
      'Scorecards, a factor more each, on people they did not see [95 % interval].',
      [
        {
          head: 'factors',
          align: 'left',
          cell: (_, i) => figure(report, ['findings', 'surrogates', 'cards', i, 'factors'], count),
        },
        { head: 'came in', align: 'left', cell: (card) => named(card.added) },
        {
          head: 'variance (%)',
          cell: (_, i) => interval(report, ['findings', 'surrogates', 'cards', i, 'r2'], percent(1)),
        },
        {
          head: 'same decision (%)',
          cell: (_, i) => interval(report, ['findings', 'surrogates', 'cards', i, 'agreement'], percent(1)),
        },
      ],
      report.findings.surrogates.cards,
      { stack: true },
    ),
    table(
      'Trees of rising depth.',
      [
        {
          head: 'depth',
          align: 'left',
          cell: (_, i) => figure(report, ['findings', 'surrogates', 'trees', i, 'depth'], count),
        },
        { head: 'leaves', cell: (_, i) => figure(report, ['findings', 'surrogates', 'trees', i, 'leaves'], count) },
        {
          head: 'variance (%)',
          cell: (_, i) => interval(report, ['findings', 'surrogates', 'trees', i, 'r2'], percent(1)),
        },
        {
          head: 'same decision (%)',
          cell: (_, i) => interval(report, ['findings', 'surrogates', 'trees', i, 'agreement'], percent(1)),
        },
      ],
      report.findings.surrogates.trees,
      { stack: true },
    ),
  ],
})

const groups = (report: OpacityFileReport): Section => ({
  id: 'groups',
  title: 'Can it be told as well for everybody?',
  body:
    report.findings.groups.length === 0
      ? undefined
      : [
          h(
            'p',
            {},
            'Where the score of one group can be told less well, its people are given worse reasons. Groups are read here and are no factors.',
          ),
          table(
            'By the strong reader [95 % interval].',
            [
              { head: 'by', align: 'left', cell: (g) => named(g.by) },
              { head: 'group', align: 'left', cell: (g) => named(g.group) },
              { head: 'persons', cell: (_, i) => figure(report, ['findings', 'groups', i, 'persons'], count) },
              {
                head: 'variance (%)',
                cell: (g, i) =>
                  g.r2 ? interval(report, ['findings', 'groups', i, 'r2'], percent(1)) : 'not enough evidence',
              },
              {
                head: 'same decision (%)',
                cell: (g, i) =>
                  g.agreement
                    ? interval(report, ['findings', 'groups', i, 'agreement'], percent(1))
                    : 'not enough evidence',
              },
            ],
            report.findings.groups,
            { stack: true },
          ),
        ],
})

const provenance = (report: OpacityFileReport): Section => ({
  id: 'provenance',
  title: 'What is not here, and where this comes from',
  body: [
    h(
      'ul',
      {},
      [...report.findings.leftOut.map((l) => `${l.part}: ${l.reason}`), ...report.notes].map((text) =>
        h('li', {}, named(text)),
      ),
    ),
    table(
      'What was read, with its SHA-256.',
      [
        { head: 'file', align: 'left', cell: ([file]) => named(file) },
        { head: 'hash', align: 'left', cell: ([, hash]) => h('code', {}, hash) },
      ],
      Object.entries(report.inputs),
    ),
  ],
})

/**
 * The audit of opacity of a scored file as one HTML file: no script, nothing loaded.
 * @param report as it is written to opacity.json beside the page
 */
export const renderOpacityFile = (report: OpacityFileReport): string =>
  page(
    {
      title: `Opacity: ${report.name}`,
      lead: ['What can be seen of a score through its values alone, without its model.'],
      foot: [
        'Made by glasscore ',
        named(report.glasscore),
        '. Numbers: ',
        h('code', {}, 'opacity.json'),
        ' beside this page.',
      ],
    },
    [summary(report), weights(report), size(report), groups(report), provenance(report)],
  )
