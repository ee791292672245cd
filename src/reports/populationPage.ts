import { h } from './html.ts'
import { named } from './labels.ts'
import { page } from './page.ts'
import type { PopulationReport } from './populationReport.ts'
import {
  groupsSection,
  outcomesSection,
  populationProvenance,
  populationSummary,
  rhythmSection,
  switchesSection,
} from './sections/populationSections.ts'

/**
 * A simulated population as one HTML file: no script, nothing loaded, every number with its place in the JSON beside it.
 * @param report as it is written to summary.json beside the page
 */
export const renderPopulation = (report: PopulationReport): string =>
  page(
    {
      title: 'A population that does not exist',
      lead: ['What was simulated, what was turned on in it, and how it looks.'],
      foot: [
        'Made by glasscore ',
        named(report.glasscore),
        '. Numbers: ',
        h('code', {}, 'summary.json'),
        ' beside this page.',
      ],
    },
    [
      populationSummary(report),
      switchesSection(report),
      rhythmSection(report),
      outcomesSection(report),
      groupsSection(report),
      populationProvenance(report),
    ],
  )
