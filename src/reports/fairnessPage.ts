import type { FairnessReport } from './fairnessReport.ts'
import { type Child, h } from './html.ts'
import { named } from './labels.ts'
import { count, figure, fixed, interval, percent, plain } from './numbers.ts'
import { page, type Section } from './page.ts'
import { fairnessLimits, fairnessMeasures } from './sections/fairnessMeasures.ts'
import { modelSection } from './sections/fairnessModel.ts'
import { answerCell, attributesOf, hasOutcomes, type PlacedGrouping } from './sections/fairnessWords.ts'
import { table } from './table.ts'

const ROWS: Record<FairnessReport['rows'], string> = {
  'held-out': 'rows that no model had seen when it scored them',
  scored: 'rows of everybody whom the models scored, training rows among them, without outcomes',
  file: 'rows of the file',
}

/** Each attribute by each model: the group with the lowest ratio. */
const lowestTable = (report: FairnessReport): Child => {
  const rows = report.models.flatMap(({ attributes }, k) =>
    attributes.map((grouping, j): PlacedGrouping => ({ report, grouping, path: ['models', k, 'attributes', j] })),
  )
  const lowest = ({ grouping }: PlacedGrouping) => (grouping.lowest === null ? null : grouping.groups[grouping.lowest]!)
  const beside = (placed: PlacedGrouping, key: string, format: typeof count): Child =>
    lowest(placed) &&
    interval(report, [...placed.path, 'groups', placed.grouping.lowest!, 'againstReference', key], format)
  return table(
    'By model and attribute, the group with the lowest selection rate beside the reference, among groups of enough persons.',
    [
      { head: 'model', align: 'left', cell: (p) => named(report.models[Number(p.path[1])]!.model) },
      { head: 'attribute', align: 'left', cell: (p) => attributesOf(p.grouping.attributes) },
      { head: 'reference', align: 'left', cell: (p) => p.grouping.reference && named(p.grouping.reference.label) },
      {
        head: 'lowest',
        align: 'left',
        cell: (p) => (lowest(p) ? named(lowest(p)!.label) : 'no other of enough persons'),
      },
      { head: 'adverse impact ratio', cell: (p) => beside(p, 'adverseImpactRatio', fixed(2)) },
      {
        head: 'four fifths',
        align: 'left',
        cell: (p) => lowest(p) && answerCell(p, lowest(p)!, p.grouping.lowest!),
      },
      {
        head: 'goods refused, more than in the reference (points)',
        cell: (p) => beside(p, 'goodsRefusedDifference', percent(1)),
      },
    ],
    rows,
    { stack: true },
  )
}

const summary = (report: FairnessReport): Section => {
  const { answers, models } = report
  const overall = ['models', 0, 'overall']
  const { persons, rows, unlabeled } = models[0]!.overall
  return {
    id: 'summary',
    title: 'Summary',
    body: [
      h(
        'p',
        {},
        'Audited: ',
        figure(report, [...overall, 'rows'], count),
        ` ${ROWS[report.rows]}`,
        persons !== rows && [', of ', figure(report, [...overall, 'persons'], count), ' persons'],
        hasOutcomes(models[0]!.overall) && [
          '; ',
          figure(report, [...overall, 'goods'], count),
          ' good, ',
          figure(report, [...overall, 'bads'], count),
          ' bad',
          unlabeled > 0 && [
            ', ',
            figure(report, [...overall, 'unlabeled'], count),
            ' with an outcome that is not known',
          ],
        ],
        '. Selected is who has ',
        report.higherIs === 'safety' ? 'at least ' : 'at most ',
        figure(report, ['cutoff'], plain),
        report.higherIs === 'safety' ? ' (a higher score is safer).' : ' (a higher score is riskier).',
      ),
      report.outcome !== null && h('p', { class: 'note' }, 'Outcome: ', named(report.outcome)),
      lowestTable(report),
      h(
        'p',
        {},
        'Of ',
        figure(report, ['answers', 'compared'], count),
        ' comparisons with a reference, pairs of attributes and all models among them, ',
        figure(report, ['answers', 'below'], count),
        ' lie below four fifths, ',
        figure(report, ['answers', 'atOrAbove'], count),
        ' at or above, and for ',
        figure(report, ['answers', 'notEnough'], count),
        ' there is not enough evidence; in ',
        figure(report, ['answers', 'lowerAllTheSame'], count),
        ' of these the selection rate is shown to be lower than that of the reference all the same. ',
        answers.compared > 1 &&
          'Each interval misses the truth in one sample of twenty, so among many comparisons some are wrong by chance.',
      ),
    ],
  }
}

const provenance = (report: FairnessReport): Section => ({
  id: 'provenance',
  title: 'Where the numbers come from',
  body: [
    report.notes.length > 0 && [
      h('h3', {}, 'Notes'),
      h(
        'ul',
        {},
        report.notes.map((note) => h('li', {}, named(note))),
      ),
    ],
    h('h3', {}, 'Files'),
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
 * The audit of fairness as one HTML file: no script, nothing loaded, every number with its place in the JSON of the same audit.
 * @param report as it is written to fairness.json beside the page
 */
export const renderFairness = (report: FairnessReport): string =>
  page(
    {
      title: `Fairness: ${report.name}`,
      lead: [
        'Who is selected at the cutoff, by protected group; which group loses what; and where the evidence does not reach.',
      ],
      foot: [
        'Made by glasscore ',
        named(report.glasscore),
        '. Numbers: ',
        h('code', {}, 'fairness.json'),
        ' beside this page.',
      ],
    },
    [
      summary(report),
      fairnessMeasures(report),
      ...report.models.map((_, k) => modelSection(report, k)),
      fairnessLimits(report),
      provenance(report),
    ],
  )
