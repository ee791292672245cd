/** How to read the page, and where its numbers come from. */
import { h } from '../html.ts'
import { named } from '../labels.ts'
import { count, figure } from '../numbers.ts'
import type { Section } from '../page.ts'
import type { RunReport } from '../runReport.ts'
import { table } from '../table.ts'
import { facts } from './parts.ts'

const TERMS: readonly (readonly [string, string])[] = [
  ['Bad', 'the event that the models predict, as the outcome defines it; everything else that is known is good.'],
  [
    'Score',
    'a whole number from 350 to 950; higher is safer. 650 points mean odds good : bad of 16 to 1, and 60 points more double them.',
  ],
  [
    'AUC',
    'the chance that a bad row is ranked as riskier than a good one, ties by half. Gini is twice the AUC less 1.',
  ],
  [
    'KS',
    'the widest distance between the shares of bad and of good rows up to a value of the model’s output (Kolmogorov–Smirnov). Curves and tables go by whole scores, and can differ from it.',
  ],
  ['Brier score', 'the mean squared difference between the probability and what happened.'],
  ['Log loss', 'the mean negative logarithm of the probability given to what happened.'],
  [
    'Calibration slope',
    'of a logistic regression of the outcome on the log-odds of the prediction; 1 is best. Its intercept is best at 0.',
  ],
  [
    'Interval',
    '95 %. Figures of a model: from a bootstrap over persons, stratified by outcome, on fixed predictions, which says nothing about another training. AUC and Gini by Student’s t on log-odds; KS at the threshold of the sample, less its bias; the others by percentiles, the number of bad persons being drawn as well. Rates: after Wilson, over persons.',
  ],
  [
    'IV, PSI',
    'information value and population stability index: sums over bins of (difference of shares) × ln(ratio of shares).',
  ],
  [
    'Points',
    'what a factor adds to or takes from the score of the background (the base), by Shapley values of the model’s margin, rounded so that they add up.',
  ],
]

export const provenanceSection = (report: RunReport): Section => ({
  id: 'provenance',
  title: 'How to read this, and where it comes from',
  body: [
    facts(TERMS),
    h('h3', {}, 'Provenance'),
    facts([
      ['Run', named(report.name)],
      ['Definition of the outcome', h('code', {}, named(report.outcome.name))],
      ['Version', ['glasscore ', named(report.glasscore)]],
      ['Seed', figure(report, ['seed'], String)],
      ['Bootstrap samples', figure(report, ['settings', 'replicates'], count)],
      [
        'Numbers',
        [
          'every one on this page carries its place in ',
          h('code', {}, 'report.json'),
          ' beside it (attribute ',
          h('code', {}, 'data-path'),
          ')',
        ],
      ],
    ]),
    report.models.some((m) => m.modelHash !== null) &&
      table(
        'Models and the SHA-256 of their files.',
        [
          { head: 'model', cell: (m) => named(m.name) },
          {
            head: 'hash',
            align: 'left',
            cell: (m) => (m.modelHash === null ? 'not kept' : h('code', {}, m.modelHash)),
          },
        ],
        report.models,
      ),
    table(
      'Files that the numbers come from, and their SHA-256.',
      [
        { head: 'file', cell: ([file]) => named(file) },
        { head: 'hash', align: 'left', cell: ([, hash]) => h('code', {}, hash) },
      ],
      Object.entries(report.inputs),
    ),
  ],
})
