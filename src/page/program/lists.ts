/** What stands beside the controls: reasons, what was moved, single changes, dimensions, receipt. Each is drawn anew. */
import type { FactorSpec } from '../../schema/factor.ts'
import { valueText } from '../../schema/valueText.ts'
import { signed } from '../../util/numberFormats.ts'
import { receiptName } from '../../util/receiptName.ts'
import type { OneChange } from '../alongFactor.ts'
import type { MovedPerson } from '../movePerson.ts'
import type { MovableFactor, PersonData, Values } from '../personData.ts'
import { type Content, element, saidBriefly } from './elements.ts'

/** What all lists read. */
export interface Shown {
  data: PersonData
  specs: readonly FactorSpec[]
  values: Values
  own: MovedPerson
  now: MovedPerson
}

const change = (points: number, text = signed(points)): HTMLElement =>
  element('span', { class: points > 0 ? 'up' : points < 0 ? 'down' : '' }, text)

const fromTo = ({ own }: MovableFactor, spec: FactorSpec, to: Values[number]): Content => [
  saidBriefly(valueText(own, spec)),
  ' → ',
  element('strong', {}, saidBriefly(valueText(to, spec))),
]

/** Entries of a list that a sheet of paper holds; the style sheet hides the others there. */
export const PRINTED = { moved: 8, alone: 3, together: 6 } as const

/** On paper: how many entries are left off. */
export const leftOff = (entries: number, printed: number): Content =>
  entries > printed && element('li', { class: 'print-only rest' }, `and ${entries - printed} more`)

/** The principal reasons for the moved values, against the model's own base. */
export const reasonList = ({ now, data, specs, values }: Shown): Content => {
  const { reasons, further } = now.reasons
  if (reasons.length === 0) return element('p', {}, 'No factor takes points away.')
  return [
    element(
      'ol',
      { class: 'reasons' },
      reasons.map((reason) => {
        const f = data.factors.findIndex(({ name }) => name === reason.factor)
        return element(
          'li',
          {},
          saidBriefly(reason.text),
          ': ',
          element('strong', {}, change(reason.points)),
          element('br'),
          element(
            'span',
            { class: 'meta' },
            saidBriefly(data.factors[f]!.title),
            ': ',
            saidBriefly(valueText(values[f]!, specs[f]!)),
            reason.reference === null ? null : [', usual ', saidBriefly(valueText(reason.reference, specs[f]!))],
          ),
        )
      }),
    ),
    element(
      'p',
      { class: 'note' },
      `Points of related factors are added up.${further > 0 ? ` ${further} smaller one${further === 1 ? '' : 's'} not listed.` : ''} Not advice on what to change.`,
    ),
  ]
}

/** Changes that were made, each with what takes it back. */
export const changedList = ({ data, specs, values, own, now }: Shown, reset: (f: number) => void): Content => {
  const moved = data.factors.flatMap((factor, f) => (values[f] === factor.own ? [] : [{ factor, f }]))
  if (moved.length === 0) return element('p', { class: 'quiet' }, 'Nothing yet.')
  const difference = now.score - own.score
  return [
    element(
      'ul',
      { class: 'change-list' },
      moved.map(({ factor, f }) => {
        const button = element(
          'button',
          { type: 'button', class: 'small', 'aria-label': `Reset ${factor.title}` },
          'reset',
        )
        button.addEventListener('click', () => reset(f))
        return element(
          'li',
          {},
          element('span', { class: 'what' }, saidBriefly(factor.title), ': ', fromTo(factor, specs[f]!, values[f]!)),
          button,
        )
      }),
      leftOff(moved.length, PRINTED.moved),
    ),
    element(
      'p',
      {},
      `Together: ${own.score} → ${now.score}, `,
      change(difference, difference === 0 ? 'no difference' : `${signed(difference)} points`),
      '.',
    ),
  ]
}

/** How far a change goes: in usual spreads of the factor; 1 for another level. */
const farOf = ({ data, values }: Shown, { factor, to }: OneChange): number => {
  const from = values[factor]
  const { name, levels } = data.factors[factor]!
  const spread = data.spreads[name]?.spread ?? 1
  return typeof from === 'number' && typeof to === 'number' && !levels ? Math.abs(to - from) / spread : 1
}

/** Changes in sight unless all are asked for. */
export const SHORT_LIST = 6

/** Changes that reach the cut-off by themselves, the shortest first; those that only time brings last. */
export const aloneList = (
  shown: Shown,
  found: readonly OneChange[],
  most: number,
  take: (change: OneChange) => void,
): Content => {
  const { data, specs, values, now } = shown
  const { cutoff } = data
  const late = ({ factor }: OneChange): number => (data.factors[factor]!.change === 'time' ? 1 : 0)
  const changes = found.toSorted(
    (a, b) => late(a) - late(b) || farOf(shown, a) - farOf(shown, b) || a.factor - b.factor,
  )
  if (now.score >= cutoff) return element('p', {}, `The score reaches the cut-off of ${cutoff} as it is.`)
  if (changes.length === 0)
    return element(
      'p',
      {},
      `No single factor reaches ${cutoff} by itself within the range of its slider. ${cutoff - now.score} points are lacking.`,
    )
  return [
    element(
      'ul',
      { class: 'change-list' },
      changes.slice(0, most).map((one) => {
        const { factor: f, to, score } = one
        const { title, change: kind } = data.factors[f]!
        const button = element(
          'button',
          { type: 'button', class: 'small', 'aria-label': `Try: ${title}, ${valueText(to, specs[f]!)}` },
          'try',
        )
        button.addEventListener('click', () => take(one))
        return element(
          'li',
          {},
          element(
            'span',
            { class: 'what' },
            saidBriefly(title),
            ': ',
            saidBriefly(valueText(values[f]!, specs[f]!)),
            ' → ',
            element('strong', {}, saidBriefly(valueText(to, specs[f]!))),
            kind === 'time' && element('span', { class: 'quiet' }, ' (with time only)'),
            kind === null && element('span', { class: 'quiet' }, ' (whether it can change is not stated)'),
          ),
          element('span', { class: 'gain' }, `${score} `, change(score - now.score, `(${signed(score - now.score)})`)),
          button,
        )
      }),
      leftOff(changes.length, PRINTED.alone),
    ),
    element(
      'p',
      { class: 'note' },
      'For each factor the nearest value that reaches the cut-off with all others as they are now, the shortest way first, measured in the usual spread of the factor. Exact for this model, and a statement about the model only.',
    ),
  ]
}

/** Points of dimensions, now and at first, with their place. */
export const dimensionTable = ({ own, now }: Shown): HTMLElement => {
  const moved = now.dimensions.some(({ points }, d) => points !== own.dimensions[d]!.points)
  return element(
    'table',
    {},
    element(
      'caption',
      {},
      `P: percentile of the points in the table, 100 the best; the dashed ring is the median${moved ? ', the dotted line the own values' : ''}. Dimensions are shared out for themselves: base and their points add up to the same score.`,
    ),
    element(
      'thead',
      {},
      element(
        'tr',
        {},
        element('th', { scope: 'col', class: 'text' }, 'dimension'),
        element('th', { scope: 'col', class: 'n' }, 'points'),
        moved && element('th', { scope: 'col', class: 'n' }, 'before'),
        element('th', { scope: 'col', class: 'n' }, 'P'),
      ),
    ),
    element(
      'tbody',
      {},
      now.dimensions.map(({ title, points, place }, d) =>
        element(
          'tr',
          {},
          element('th', { scope: 'row', class: 'text' }, saidBriefly(title)),
          element('td', { class: 'n' }, change(points)),
          moved && element('td', { class: 'n' }, signed(own.dimensions[d]!.points)),
          element('td', { class: 'n' }, place === null ? 'n/a' : String(Math.round(100 * place))),
        ),
      ),
    ),
  )
}

/** Lines of a receipt that are shown unless all are asked for. */
export const SHORT_RECEIPT = 12

/** Factors that have points or had some, largest points first. */
const receiptLines = ({ own, now }: Shown): { points: number; f: number }[] =>
  now.points
    .map((points, f) => ({ points, f }))
    .filter(({ points, f }) => points !== 0 || own.points[f] !== 0)
    .sort((a, b) => Math.abs(b.points) - Math.abs(a.points) || a.f - b.f)

/** Whether some lines have to share one unless all are asked for. */
export const isLongReceipt = (all: Shown): boolean => receiptLines(all).length > SHORT_RECEIPT + 1

/** base + points = score, largest points first; beyond `most` lines the rest is one line. */
export const receiptTable = (all: Shown, most: number): HTMLElement => {
  const { data, specs, values, own, now } = all
  const moved = values.some((value, f) => value !== data.factors[f]!.own)
  const lines = receiptLines(all)
  const shown = lines.length > most + 1 ? lines.slice(0, most) : lines
  const rest = lines.slice(shown.length)
  const sumOf = (points: readonly number[]): number => rest.reduce((sum, { f }) => sum + points[f]!, 0)
  const row = (name: string, head: Content, value: Content, points: Content, before: Content): HTMLElement =>
    element(
      'tr',
      name ? { class: name } : {},
      element('th', { scope: 'row', class: 'text' }, head),
      element('td', { class: 'text' }, value),
      element('td', { class: 'n' }, points),
      moved && element('td', { class: 'n' }, before),
    )
  return element(
    'table',
    {},
    element('caption', {}, 'Base and points add up to the score, to the last point.'),
    element(
      'thead',
      {},
      element(
        'tr',
        {},
        element('th', { scope: 'col', class: 'text' }, 'factor'),
        element('th', { scope: 'col', class: 'text' }, 'value'),
        element('th', { scope: 'col', class: 'n' }, 'points'),
        moved && element('th', { scope: 'col', class: 'n' }, 'before'),
      ),
    ),
    element(
      'tbody',
      {},
      row('start', element('em', {}, 'base: score of the background'), '', String(now.base), String(own.base)),
      shown.map(({ points, f }) =>
        row(
          values[f] === data.factors[f]!.own ? '' : 'moved',
          saidBriefly(receiptName(data.factors[f]!.title)),
          saidBriefly(valueText(values[f]!, specs[f]!)),
          change(points),
          signed(own.points[f]!),
        ),
      ),
      rest.length > 0 &&
        row(
          'quiet',
          element('em', {}, `${rest.length} others`),
          '',
          signed(sumOf(now.points)),
          signed(sumOf(own.points)),
        ),
      (now.scaleLimit !== 0 || own.scaleLimit !== 0) &&
        row('', element('em', {}, 'limit of the scale'), '', signed(now.scaleLimit), signed(own.scaleLimit)),
      row('total', element('em', {}, '= score'), '', String(now.score), String(own.score)),
    ),
  )
}
