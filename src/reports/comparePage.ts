import type { CompareReport } from './compareReport.ts'
import { h } from './html.ts'
import { named } from './labels.ts'
import { count, figure } from './numbers.ts'
import { page, type Section } from './page.ts'
import { baselinesSection } from './sections/compareBaselines.ts'
import { differencesSection } from './sections/compareDifferences.ts'
import { modelsSection } from './sections/compareModels.ts'
import { summarySection } from './sections/compareSummary.ts'
import { swapsSection } from './sections/compareSwaps.ts'
import { facts } from './sections/parts.ts'
import { table } from './table.ts'

const provenanceSection = (report: CompareReport): Section => ({
  id: 'provenance',
  title: 'Where it comes from',
  body: [
    facts([
      ['Version', ['glasscore ', named(report.glasscore)]],
      ['Seed of the bootstrap', figure(report, ['seed'], String)],
      ['Bootstrap samples', figure(report, ['replicates'], count)],
      [
        'Intervals',
        '95 %, over persons, stratified by outcome, on fixed predictions: they say nothing about another training',
      ],
    ]),
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

/**
 * A comparison as one HTML file: no script, nothing loaded, every number with its place in the JSON of the same comparison.
 * @param report as it is written to compare.json beside the page
 */
export const renderComparison = (report: CompareReport): string =>
  page(
    {
      title: 'Models compared',
      lead: ['Which model is better, on the same people, and where these people cannot tell.'],
      foot: [
        'Made by glasscore ',
        named(report.glasscore),
        '. Numbers: ',
        h('code', {}, 'compare.json'),
        ' beside this page.',
      ],
    },
    [
      summarySection(report),
      modelsSection(report),
      differencesSection(report),
      swapsSection(report),
      baselinesSection(report),
      provenanceSection(report),
    ],
  )
