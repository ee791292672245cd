import { h } from './html.ts'
import { named } from './labels.ts'
import { page } from './page.ts'
import type { ReasonsReport } from './reasonsReport.ts'
import { earlierSection, reasonsProvenance, reasonsReading, reasonsSection } from './sections/personReasons.ts'

/**
 * The reasons of one person as one HTML file: no script, nothing loaded, every number with its place in the JSON beside it. The latest date
 * of the person is shown in full.
 * @param report as it is written to reasons.json beside the page
 */
export const renderReasons = (report: ReasonsReport): string => {
  const dates = report.people.map((p) => p.observationDate).sort()
  const latest = dates.at(-1)
  const shown = report.people.flatMap((p, i) => (p.observationDate === latest ? [i] : []))
  const earlier = report.people.flatMap((p, i) => (p.observationDate === latest ? [] : [i]))
  return page(
    {
      title: 'Principal reasons of a score',
      lead: report.people[0]
        ? [
            named(report.people[0].personId),
            ' on ',
            named(latest ?? ''),
            ': what took most points away, and how sure that is.',
          ]
        : 'Nobody was asked for.',
      foot: [
        'Made by glasscore ',
        named(report.glasscore),
        '. Numbers: ',
        h('code', {}, 'reasons.json'),
        ' beside this page.',
      ],
    },
    [
      ...shown.map((i, k) => reasonsSection(report, i, k)),
      earlierSection(report, earlier),
      reasonsReading(report),
      reasonsProvenance(report),
    ],
  )
}
