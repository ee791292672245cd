import { h } from './html.ts'
import { named } from './labels.ts'
import { page } from './page.ts'
import type { RunReport } from './runReport.ts'
import { approvalSection } from './sections/approval.ts'
import { factorsSection } from './sections/factors.ts'
import { importanceSection } from './sections/importance.ts'
import { modelsSection } from './sections/models.ts'
import { personSection } from './sections/person.ts'
import { provenanceSection } from './sections/provenance.ts'
import { scoreTablesSection } from './sections/scoreTables.ts'
import { summarySection } from './sections/summary.ts'
import { waterfallSection } from './sections/waterfall.ts'

/**
 * The report of a run as one HTML file: no script, nothing loaded, every number with its place in the JSON of the same report.
 * The same report gives the same bytes.
 * @param report as it is written to report.json beside the page
 */
export const renderRunReport = (report: RunReport): string =>
  page(
    {
      title: `Credit scores: ${report.name}`,
      lead: ['What the models of this run can tell, whom they are measured on, and how every point comes about.'],
      foot: [
        'Made by glasscore ',
        named(report.glasscore),
        '. Numbers: ',
        h('code', {}, 'report.json'),
        ' beside this page.',
      ],
    },
    [
      summarySection(report),
      waterfallSection(report),
      modelsSection(report),
      scoreTablesSection(report),
      approvalSection(report),
      factorsSection(report),
      importanceSection(report),
      personSection(report),
      provenanceSection(report),
    ],
  )
