import type { FairnessReport } from '../fairnessReport.ts'
import { type Child, h, type Markup } from '../html.ts'
import { named } from '../labels.ts'
import { count, figure, fixed, interval, percent } from '../numbers.ts'
import type { Section } from '../page.ts'
import { type TableColumn, table } from '../table.ts'
import { groupingPart, selectionTable } from './fairnessGrouping.ts'
import { answerCell, attributesOf, hasOutcomes, type PlacedGrouping, referenceWords } from './fairnessWords.ts'

/** Every grouping of a model, attributes first. */
export const groupingsOf = (report: FairnessReport, k: number): PlacedGrouping[] => {
  const { attributes, intersections } = report.models[k]!
  return [
    ...attributes.map((grouping, j) => ({ report, grouping, path: ['models', k, 'attributes', j] })),
    ...intersections.map((grouping, j) => ({ report, grouping, path: ['models', k, 'intersections', j] })),
  ]
}

interface SmallGroup {
  placed: PlacedGrouping
  position: number
}

/** Groups with too few persons selected or not selected: listed, so that nobody is left out unsaid. */
const smallGroups = (all: readonly PlacedGrouping[]): Markup => {
  const small = all.flatMap((placed) =>
    placed.grouping.groups.flatMap((g, position): SmallGroup[] => (g.enough ? [] : [{ placed, position }])),
  )
  const groupOf = ({ placed, position }: SmallGroup) => placed.grouping.groups[position]!
  const counted = (head: string, key: 'rows' | 'persons' | 'goods' | 'bads' | 'selected'): TableColumn<SmallGroup> => ({
    head,
    cell: ({ placed, position }) => figure(placed.report, [...placed.path, 'groups', position, key], count),
  })
  if (small.length === 0) return h('p', {}, 'Every group and pair has enough persons for an answer on ratios.')
  return table(
    'No answer on ratios is given for these; that is no finding that nothing is wrong.',
    [
      { head: 'group', align: 'left', cell: (s) => named(groupOf(s).label) },
      { head: 'of', align: 'left', cell: (s) => attributesOf(s.placed.grouping.attributes) },
      counted('rows', 'rows'),
      counted('persons', 'persons'),
      ...(small.some((s) => hasOutcomes(groupOf(s))) ? [counted('good', 'goods'), counted('bad', 'bads')] : []),
      counted('selected', 'selected'),
      { head: 'four fifths', align: 'left', cell: (s) => answerCell(s.placed, groupOf(s), s.position) },
    ],
    small,
  )
}

/** One model: all groups together, each attribute, each pair, and what is too small to tell. */
export const modelSection = (report: FairnessReport, k: number): Section => {
  const { model, overall, intersections } = report.models[k]!
  const all = groupingsOf(report, k)
  const attributes = all.slice(0, all.length - intersections.length)
  const pairs = all.slice(attributes.length)
  const at = ['models', k, 'overall']
  const body: Child[] = [
    h(
      'p',
      {},
      figure(report, [...at, 'selected'], count),
      ' of ',
      figure(report, [...at, 'rows'], count),
      ' rows are selected, ',
      interval(report, [...at, 'selectionRate'], percent(1)),
      ' %. ',
      (overall.goods ?? 0) > 0 && [
        'Of the goods ',
        interval(report, [...at, 'goodsRefused'], percent(1)),
        ' % are refused, of the bads ',
        interval(report, [...at, 'falsePositiveRate'], percent(1)),
        ' % are selected. AUC ',
        interval(report, [...at, 'auc'], fixed(3)),
        '.',
      ],
    ),
    attributes.map(groupingPart),
    pairs.length > 0 && h('h3', {}, 'Pairs of attributes'),
    pairs.map((placed) => [
      h('h4', {}, attributesOf(placed.grouping.attributes)),
      h('p', { class: 'note' }, referenceWords(placed.grouping)),
      selectionTable(
        placed,
        'Counts, selection and the four-fifths line. Other figures of these groups: fairness.json.',
        true,
      ),
    ]),
    h('h3', {}, 'Groups without enough persons'),
    smallGroups(all),
  ]
  return { id: `model-${k + 1}`, title: model, body }
}
