/** Words of data in the little room that a chart has; tables show them whole. */
import { DIMENSIONS } from '../schema/dimensions.ts'
import { printable } from '../util/errors.ts'
import { type Child, h, type Markup } from './html.ts'

/** Size of the letters of a chart in pixels. */
export const LETTER = 11

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]|\p{Extended_Pictographic}/u
const NARROW = /^[iIjlrtf.,:;'|!()[\] /-]$/
const BROAD = /^[mwMW%@—…<>=+~#&]$|^\p{Lu}$/u

/** What is shown of a name: control signs replaced, and a name that would be invisible said to be so. */
const visible = (text: string): string => printable(text).trim() || '(blank)'

/** About how many pixels wide a text is drawn; a wide sans-serif letter is assumed, so it is rather too much than too little. */
export const textWidth = (text: string, letter: number = LETTER): number => {
  let ems = 0
  for (const { segment } of graphemes.segment(text))
    ems += WIDE.test(segment) ? 1.3 : NARROW.test(segment) ? 0.4 : BROAD.test(segment) ? 0.85 : 0.62
  return ems * letter
}

/** At most so many pixels of a text; what is cut off is said by an ellipsis. Signs made of several code points stay whole. */
export const shorten = (text: string, width: number, letter: number = LETTER): string => {
  const shown = visible(text)
  if (textWidth(shown, letter) <= width) return shown
  let kept = ''
  for (const { segment } of graphemes.segment(shown)) {
    if (textWidth(`${kept}${segment}…`, letter) > width) break
    kept += segment
  }
  return `${kept.trimEnd()}…`
}

/** The head and the tail of a text, with an ellipsis between them. */
const shortenMiddle = (text: string, width: number, letter: number): string => {
  const signs = [...graphemes.segment(visible(text))].map((s) => s.segment)
  let [from, to] = [0, signs.length]
  const put = (): string => `${signs.slice(0, from).join('')}…${signs.slice(to).join('')}`
  while (from < to) {
    const kept = put()
    from++
    if (textWidth(put(), letter) > width) return kept
    const longer = put()
    to--
    if (textWidth(put(), letter) > width) return longer
  }
  return put()
}

/** Several texts shortened to the same room so that different ones stay different: cut in the middle, or numbered, where their heads are alike. */
export const shortenAll = (texts: readonly string[], width: number, letter: number = LETTER): string[] => {
  const heads = texts.map((text) => shorten(text, width, letter))
  const alike = (cut: readonly string[], i: number): boolean =>
    cut.some((other, k) => k !== i && other === cut[i] && texts[k] !== texts[i])
  const middles = heads.map((head, i) => (alike(heads, i) ? shortenMiddle(texts[i]!, width, letter) : head))
  return middles.map((cut, i) =>
    alike(middles, i) ? `${i + 1} ${shorten(texts[i]!, width - textWidth(`${i + 1} `, letter), letter)}` : cut,
  )
}

/** A text in lines of at most so many pixels, broken between words; the last line is shortened. */
export const wrap = (text: string, width: number, lines: number): string[] => {
  const out: string[] = []
  for (const word of visible(text).split(/[ _]+/)) {
    const longer = out.length ? `${out.at(-1)} ${word}` : word
    if (out.length === 0) out.push(word)
    else if (textWidth(longer) <= width || out.length === lines) out[out.length - 1] = longer
    else out.push(word)
  }
  return out.map((line) => shorten(line, width))
}

/** Room for labels on one side of a chart: that of the longest, at most `most` pixels. */
export const marginFor = (labels: readonly string[], most: number): number =>
  Math.ceil(Math.min(most, Math.max(0, ...labels.map((label) => textWidth(label))))) + 12

const TITLES = new Map<string, string>(DIMENSIONS.map((d) => [d.name, d.title]))

/** Title of a dimension: "Credit history" for one of ours, its own name for a group of a mapping. */
export const dimensionTitle = (name: string): string => TITLES.get(name) ?? name

/** A word of data in a text: marked as such, and its direction of writing kept to itself. */
export const named = (text: string): Markup => h('bdi', {}, visible(text))

/** Several of them, with commas. */
export const namedList = (texts: readonly string[]): Child => texts.map((text, i) => [i > 0 && ', ', named(text)])
