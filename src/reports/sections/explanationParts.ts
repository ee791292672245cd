/** What both pages of an explanation say of backgrounds, and where their numbers come from. */
import type { ExplanationReport, ReportedBackground } from '../explanationReport.ts'
import { type Child, h } from '../html.ts'
import { named } from '../labels.ts'
import { figure } from '../numbers.ts'
import type { Section } from '../page.ts'
import { table } from '../table.ts'
import { inWords, LINK_WORDS, SEMANTICS_WORDS } from '../words.ts'
import { facts } from './parts.ts'

/** The identity of a background, as it stands in receipts.parquet. */
export const backgroundCode = ({ backgroundId }: Pick<ReportedBackground, 'backgroundId'>): Child =>
  h('code', {}, named(backgroundId))

/** Points of different backgrounds are answers to different questions. */
export const BACKGROUND_NOTE =
  'Points say what moved a score away from the base, which is the score of the background. Another background gives another base and other points; they are not to be added to each other.'

/** Why dimensions have two columns of points. */
export const formsNote = (linear: boolean): string =>
  linear
    ? 'This model adds up what its columns say, so the points of the game of dimensions and the sums over their factors are equal by definition; whole numbers can differ by what rounding takes and gives.'
    : 'Points of the game: dimensions are the players, and what several factors do together is shared equally among their dimensions. Sum of its factors: factors are the players, and it is shared equally among the factors. Both add up to the score; they differ where three or more factors act together, more of them from one dimension than from another.'

const MISSING_NOTE = 'Points are no causes: changing a factor need not change an outcome, or the score by as much.'

/** Terms, notes and files. */
export const explanationProvenance = (report: ExplanationReport): Section => {
  const backgrounds = report.models.flatMap((m) => m.backgrounds)
  const semantics = [...new Set(backgrounds.map((b) => b.semantics))]
  const links = [...new Set(backgrounds.map((b) => b.link))]
  return {
    id: 'provenance',
    title: 'How to read this, and where it comes from',
    body: [
      facts([
        ['Receipt', 'base + points of all factors + limit of the scale = score, in whole points, in every row.'],
        ['A factor not known', semantics.map((s, i) => [i > 0 && '; or it ', inWords(SEMANTICS_WORDS, s)])],
        ['Points', [links.map((l, i) => [i > 0 && '; or ', inWords(LINK_WORDS, l)]), '. ', MISSING_NOTE]],
      ]),
      report.notes.length > 0 && [
        h('h3', {}, 'Notes'),
        h(
          'ul',
          {},
          report.notes.map((text) => h('li', {}, named(text))),
        ),
      ],
      h('h3', {}, 'Provenance'),
      facts([
        ['Feature table', named(report.source)],
        ['Version', ['glasscore ', named(report.glasscore)]],
        ['Seed', figure(report, ['seed'], String)],
        [
          'Numbers',
          [
            'every one on this page carries its place in ',
            h('code', {}, 'explanation.json'),
            ' beside it (attribute ',
            h('code', {}, 'data-path'),
            ')',
          ],
        ],
      ]),
      table(
        'Models and the SHA-256 of their files.',
        [
          { head: 'model', cell: (m) => named(m.name) },
          { head: 'hash', align: 'left', cell: (m) => h('code', {}, m.modelHash) },
        ],
        report.models as readonly { name: string; modelHash: string }[],
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
  }
}
