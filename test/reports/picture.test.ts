/** Charts as one SVG file: well-formed, self-contained, with titles, legends and drawings of every chart, whatever names hold. */
import { describe, expect, it } from 'vitest'
import { intervalChart } from '../../src/reports/charts/intervals.ts'
import { receiptChart } from '../../src/reports/charts/receipt.ts'
import { rocChart } from '../../src/reports/charts/roc.ts'
import { h } from '../../src/reports/html.ts'
import { pictureSvg } from '../../src/reports/picture.ts'

const HOSTILE = ['<img src=x onerror=alert(1)>', '"><script>alert(1)</script>', 'a & b', ']]>', '{x}']

const receipt = (names: readonly string[]) =>
  receiptChart({
    base: 700,
    factors: names.map((factor, i) => ({ factor, points: i + 1 })),
    scaleLimit: 0,
    score: 700 + (names.length * (names.length + 1)) / 2,
  })
const roc = (names: readonly string[]) =>
  rocChart(
    names.map((model) => ({
      model,
      points: [
        { falsePositiveRate: 0, truePositiveRate: 0 },
        { falsePositiveRate: 1, truePositiveRate: 1 },
      ],
    })),
  )
const intervals = (names: readonly string[]) =>
  intervalChart(
    names.map((name) => ({ name, value: 0.7, low: 0.6, high: 0.8 })),
    { axis: 'AUC' },
  )

/** What an XML parser would object to; a text of tags, attributes in quotes and escaped text has nothing of it. */
const malformed = (xml: string): string[] => {
  const open: string[] = []
  const faults: string[] = []
  const token = /<(\/?)([A-Za-z][\w:-]*)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>|([^<]+)|(<)/g
  for (const [all, close, name, attributes, alone, text, stray] of xml.matchAll(token)) {
    if (stray) faults.push(`a stray < before ${xml.slice(xml.indexOf(all), 40)}`)
    else if (text !== undefined) {
      if (/&(?!(amp|lt|gt|quot|apos|#\d+|#x[0-9a-f]+);)/i.test(text) || text.includes(']]>'))
        faults.push(`text ${text}`)
    } else {
      if (/&(?!(amp|lt|gt|quot|apos|#\d+|#x[0-9a-f]+);)/i.test(attributes!)) faults.push(`attribute ${attributes}`)
      if (close && open.pop() !== name) faults.push(`</${name}>`)
      if (!close && !alone) open.push(name!)
    }
  }
  return [...faults, ...open.map((name) => `<${name}> is never closed`)]
}

const tags = (svg: string, name: string): number => svg.match(new RegExp(`<${name}[\\s>/]`, 'g'))?.length ?? 0

describe('pictureSvg', () => {
  it('is one well-formed file that loads nothing', () => {
    const svg = pictureSvg([receipt(['a', 'b']), roc(['one', 'two']), intervals(['x'])], { title: 'three' })
    expect(malformed(svg)).toEqual([])
    expect(tags(svg, 'svg')).toBe(1)
    expect(svg).toMatch(/^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/)
    for (const name of ['script', 'image', 'use', 'a', 'foreignObject']) expect(tags(svg, name)).toBe(0)
    expect(svg).not.toMatch(/url\(|href=|@import/)
  })

  it('has the title and legend of every chart', () => {
    const svg = pictureSvg([receipt(['a']), roc(['model one', 'model two'])], { title: 'two' })
    for (const words of ['Receipt', 'ROC', 'model one', 'model two']) expect(svg).toContain(`>${words}</text>`)
    expect(svg).toContain('aria-label="two"')
  })

  it('stands in columns', () => {
    const size = (columns: number) => {
      const figures = [intervals(['x']), intervals(['x']), intervals(['x'])]
      const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(pictureSvg(figures, { title: 't', columns }))!
      return [Number(width), Number(height)] as const
    }
    expect(size(3)[0]).toBe(3 * size(1)[0])
    expect(size(1)[1]).toBeGreaterThan(2 * size(3)[1])
    expect(size(9)).toEqual(size(3))
  })

  it('holds hostile names as text', () => {
    const svg = pictureSvg([receipt(HOSTILE), roc(HOSTILE), intervals(HOSTILE)], { title: HOSTILE.join(' ') })
    expect(malformed(svg)).toEqual([])
    expect(tags(svg, 'script') + tags(svg, 'img')).toBe(0)
    expect(svg).toContain('&lt;img src=x')
  })

  it('would be caught unescaped, or cut off', () => {
    const svg = pictureSvg([receipt(HOSTILE)], { title: 't' })
    expect(malformed(svg.replace('&lt;', '<')).length).toBeGreaterThan(0)
    expect(malformed(svg.replace('&amp;', '&')).length).toBeGreaterThan(0)
    expect(malformed(svg.slice(0, -10)).length).toBeGreaterThan(0)
  })

  it('gives the same bytes for the same charts', () => {
    const draw = () => pictureSvg([receipt(['a', 'b']), roc(['one'])], { title: 't' })
    expect(draw()).toBe(draw())
  })

  it('takes charts alone', () => {
    expect(() => pictureSvg([h('p', {}, 'no chart')], { title: 't' })).toThrow('figures with a chart')
  })
})
