/** The scale from the lowest to the highest score, with its bands, the cut-off, the own score and the moved one. */
import { BANDS, SCORE_MAX, SCORE_MIN } from '../../schema/score.ts'
import { element } from './elements.ts'

/** Place on the scale, in percent. */
const at = (score: number): string => `${((100 * (score - SCORE_MIN)) / (SCORE_MAX - SCORE_MIN)).toFixed(2)}%`

const placed = (score: number, name: string, text = ''): HTMLElement => {
  const mark = element('span', { class: name }, text)
  mark.style.left = at(score)
  return mark
}

/** Draws the scale once; gives back what moves its marks. */
export const scaleBar = (into: HTMLElement, own: number, cutoff: number): ((now: number) => void) => {
  const bands = BANDS.map(({ from, to }, k) => {
    const band = element('span', { class: `band band-${k}` })
    band.style.flexGrow = String(Math.min(SCORE_MAX, to + 1) - from)
    return band
  })
  const before = placed(own, 'mark before')
  const now = placed(own, 'mark now')
  const edges = [...BANDS.map(({ from }) => from), SCORE_MAX]
  into.replaceChildren(
    element('div', { class: 'track' }, bands, placed(cutoff, 'cutoff'), before, now),
    element(
      'div',
      { class: 'edges' },
      edges.map((edge) => placed(edge, edge === cutoff ? 'edge strong' : 'edge', String(edge))),
      edges.includes(cutoff) ? null : placed(cutoff, 'edge strong', String(cutoff)),
    ),
  )
  return (score) => {
    now.style.left = at(score)
    before.hidden = score === own
  }
}
