/** Reasons of one person: as a notice would list them, each with its own and its reference value and the evidence beside it. */
import { type Child, h, type Markup } from '../html.ts'
import { named } from '../labels.ts'
import { count, figure, interval, percent, signed } from '../numbers.ts'
import type { Section } from '../page.ts'
import type { ReasonEvidenceOf, ReasonsReport } from '../reasonsReport.ts'
import { table } from '../table.ts'
import { inWords, LINK_WORDS, missingWords, SEMANTICS_WORDS } from '../words.ts'
import { formatOf, unitAfter } from './ownValue.ts'
import { facts, note } from './parts.ts'

type Path = readonly (string | number)[]

/** What was drawn again, in words. */
const DRAWN: readonly [keyof ReasonEvidenceOf<unknown>, string][] = [
  ['retrained', 'Model trained again'],
  ['background', 'Background drawn again'],
  ['both', 'Both'],
]

const shownValue = (
  report: ReasonsReport,
  path: Path,
  key: 'value' | 'reference',
  value: number | string | null,
  unit: string,
): Child => {
  if (value === null) return 'none'
  if (typeof value === 'string') return named(value)
  return [figure(report, [...path, key], formatOf(unit)), unitAfter(value, unit)]
}

const repaired = (report: ReasonsReport, path: Path, reaches: boolean | null): Child => [
  'score ',
  figure(report, [...path, 'score'], count),
  reaches === null ? '' : reaches ? ', reaches the cut-off' : ', stays below the cut-off',
]

const staysLines = (
  report: ReasonsReport,
  path: Path,
  kept: ReasonEvidenceOf<unknown>,
): (readonly [Child, Child] | false)[] =>
  DRAWN.map(([name, words]) =>
    kept[name] === undefined ? false : [words, interval(report, [...path, 'kept', name, 'share'], percent(0))],
  )

const reasonItem = (report: ReasonsReport, i: number, k: number): Markup => {
  const reason = report.people[i]!.reasons[k]!
  const path = ['people', i, 'reasons', k]
  const evidence = staysLines(report, path, reason.kept)
  return h(
    'li',
    {},
    h(
      'div',
      { class: 'charts' },
      h(
        'div',
        {},
        h('strong', {}, named(reason.text)),
        ': ',
        figure(report, [...path, 'points'], signed),
        ' points.',
        facts([
          [
            'Own value',
            reason.value === null && reason.missing
              ? ['none: ', named(missingWords(reason.missing))]
              : shownValue(report, path, 'value', reason.value, reason.unit),
          ],
          ['Reference', shownValue(report, path, 'reference', reason.reference, reason.unit)],
        ]),
        h('span', { class: 'meta' }, named(reason.factor), reason.definition ? [': ', named(reason.definition)] : null),
      ),
      h(
        'div',
        {},
        evidence.every((line) => line === false)
          ? facts([['Stays a reason', 'not assessed']])
          : [h('span', { class: 'meta' }, 'Stays a reason in so many draws, %'), facts(evidence)],
        facts([['Repaired', repaired(report, [...path, 'repair'], reason.repair.reaches)]]),
      ),
    ),
  )
}

const othersTable = (report: ReasonsReport, i: number): Child => {
  const { others } = report.people[i]!
  const rows = new Map<string, { text: string; at: Partial<Record<string, number>> }>()
  for (const [name] of DRAWN)
    others[name]?.forEach(({ group, text }, at) => {
      const row = rows.get(group) ?? { text, at: {} }
      row.at[name] = at
      rows.set(group, row)
    })
  if (rows.size === 0) return null
  return table(
    'Groups that are no reason here and become one in some draw, and in how many draws, %.',
    [
      { head: 'group', cell: (row) => named(row.text) },
      ...DRAWN.filter(([name]) => others[name] !== undefined).map(([name, words]) => ({
        head: words,
        cell: (row: { at: Partial<Record<string, number>> }) =>
          row.at[name] === undefined
            ? '–'
            : interval(report, ['people', i, 'others', name, row.at[name], 'share'], percent(0)),
      })),
    ],
    [...rows.values()],
    { stack: true },
  )
}

/** One model's reasons of the person. @param i position among the people of the report */
export const reasonsSection = (report: ReasonsReport, i: number, k: number): Section => {
  const person = report.people[i]!
  const model = report.models[person.model]!
  const path = ['people', i]
  const { repairAll } = person
  return {
    id: `model-${k}`,
    title: `${person.model}: ${person.belowCutoff ? 'below the cut-off' : 'at or above the cut-off'}`,
    body: [
      facts([
        [
          'Score',
          [
            figure(report, [...path, 'score'], count),
            person.belowCutoff ? ', below the cut-off of ' : ', at or above the cut-off of ',
            figure(report, ['cutoff'], count),
          ],
        ],
        [
          'Measured from',
          [named(model.background.sentence), ' Their base: ', figure(report, [...path, 'base'], count), ' points.'],
        ],
      ]),
      person.reasons.length === 0
        ? h('p', {}, 'No group of factors took points away.')
        : h(
            'ol',
            { class: 'reasons', style: 'max-width: none' },
            person.reasons.map((_, r) => reasonItem(report, i, r)),
          ),
      facts([
        person.further > 0 && [
          'Further groups that took points',
          [figure(report, [...path, 'further'], count), ', each less than these reasons'],
        ],
        repairAll !== null && ['All repaired together', repaired(report, [...path, 'repairAll'], repairAll.reaches)],
      ]),
      othersTable(report, i),
    ],
  }
}

/** Dates of the person before the latest one. */
export const earlierSection = (report: ReasonsReport, rows: readonly number[]): Section => ({
  id: 'earlier',
  title: 'Earlier dates',
  body:
    rows.length === 0
      ? undefined
      : [
          table(
            'The same person on earlier observation dates, largest loss first. All of it is in reasons.json.',
            [
              { head: 'model', cell: (i) => named(report.people[i]!.model) },
              { head: 'date', align: 'left', cell: (i) => named(report.people[i]!.observationDate) },
              { head: 'score', cell: (i) => figure(report, ['people', i, 'score'], count) },
              {
                head: 'reasons',
                align: 'left',
                wide: true,
                cell: (i) =>
                  report.people[i]!.reasons.map((r, k) => [
                    k > 0 && '; ',
                    named(r.text),
                    ' ',
                    figure(report, ['people', i, 'reasons', k, 'points'], signed),
                  ]),
              },
            ],
            rows,
          ),
        ],
})

/** What the figures mean, and what they do not. */
export const reasonsReading = (report: ReasonsReport): Section => {
  const models = Object.entries(report.models)
  const term = (name: string, what: string): Child =>
    models.length > 1 ? [named(name), `: ${what.toLowerCase()}`] : what
  return {
    id: 'reading',
    title: 'How to read it',
    body: [
      facts([
        [
          'A reason',
          'A group of related factors whose points, of the receipt, add up to a loss. At most four are named, and none is skipped for a smaller one. A factor that the model does not read, or that the data could not have shown, is none.',
        ],
        ['Reference', 'The value in the middle of the background, or its most frequent one.'],
        [
          'Stays',
          'In how many draws the group is again one of the reasons, with a 95 % interval of the draws (Wilson). Trained again: on persons drawn with replacement from those of the training, and the background chosen anew by the same rule. Background drawn again: its persons drawn with replacement, the model as it is.',
        ],
        [
          'Repaired',
          'What the same model says with the values of the background in the place of the person’s own, for the factors of this reason. The score may rise by more or fewer points than the reason took: these are counted from all rows of the background, and a repair sets one usual value. It is no advice: nobody may be able to change these values, and changing one changes others.',
        ],
        ...models.flatMap(([name, m]): (readonly [Child, Child])[] => [
          [
            term(name, 'Draws'),
            DRAWN.some(([drawn]) => m.kept[drawn])
              ? DRAWN.filter(([drawn]) => m.kept[drawn]).map(([drawn, what], k) => [
                  k > 0 && '; ',
                  `${what.toLowerCase()} `,
                  figure(report, ['models', name, 'kept', drawn, 'draws'], count),
                ])
              : 'none',
          ],
          [
            term(name, 'Points'),
            ['a factor not known ', inWords(SEMANTICS_WORDS, m.semantics), '; ', inWords(LINK_WORDS, m.link)],
          ],
        ]),
      ]),
      note(
        'A reason is what moved this score in this model. It is not the cause of a default. Whether a notice satisfies a law is for its sender to judge.',
      ),
    ],
  }
}

/** Where the numbers come from. */
export const reasonsProvenance = (report: ReasonsReport): Section => ({
  id: 'provenance',
  title: 'Where it comes from',
  body: [
    facts([
      ['Version', ['glasscore ', named(report.glasscore)]],
      ['Seed of the draws', figure(report, ['seed'], String)],
      ['Outcome', named(report.outcome)],
      ...Object.entries(report.models).map(([name, m]): readonly [Child, Child] => [
        ['Model ', named(name)],
        [
          h('code', {}, m.modelHash),
          '; rows checked for a larger loss that was skipped: ',
          figure(report, ['models', name, 'check', 'rows'], count),
          ', with a fault: ',
          figure(report, ['models', name, 'check', 'failing'], count),
        ],
      ]),
    ]),
    ...report.notes.map((text) => note(named(text))),
  ],
})
