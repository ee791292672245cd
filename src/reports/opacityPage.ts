import { h } from './html.ts'
import { named } from './labels.ts'
import type { OpacityReport } from './opacityReport.ts'
import { page } from './page.ts'
import { opacityMultiplicity, opacityReasons } from './sections/opacityChance.ts'
import { opacityInteractions, opacityMethods, opacityPentagon, opacitySize } from './sections/opacityExplained.ts'
import {
  opacityIndexSection,
  opacityProvenance,
  opacityStacked,
  opacitySummary,
  opacityTruthSection,
} from './sections/opacityTotals.ts'
import { opacityWeights } from './sections/opacityWeights.ts'

/**
 * The audit of opacity as one HTML file: no script, nothing loaded, every number with its place in the JSON of the same audit.
 * @param report as it is written to opacity.json beside the page
 */
export const renderOpacity = (report: OpacityReport): string =>
  page(
    {
      title: `Opacity: ${report.name}`,
      lead: [
        'How much of these scores can be seen: whether the declared weights hold, how much can be explained in few words, and whose decision is a matter of chance.',
      ],
      foot: [
        'Made by glasscore ',
        named(report.glasscore),
        '. Numbers: ',
        h('code', {}, 'opacity.json'),
        ' beside this page.',
      ],
    },
    [
      opacitySummary(report),
      opacityWeights(report),
      opacityPentagon(report),
      opacityInteractions(report),
      opacitySize(report),
      opacityReasons(report),
      opacityMethods(report),
      opacityMultiplicity(report),
      opacityStacked(report),
      opacityIndexSection(report),
      opacityTruthSection(report),
      opacityProvenance(report),
    ],
  )
