/** Text of data in Markdown shows itself and does nothing: read again by a CommonMark parser with GitHub's tables and links. */
import { createRequire } from 'node:module'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { code, markdownTable, text } from '../../src/reports/markdown.ts'
import { printable } from '../../src/util/errors.ts'

interface Token {
  type: string
  content: string
  children: Token[] | null
}
interface Parser {
  linkify: { set(options: { fuzzyLink: boolean }): void }
  parse(source: string, environment: object): Token[]
}
// The parser that comes with typedoc.
const require = createRequire(createRequire(import.meta.url).resolve('typedoc'))
const MarkdownIt = require('markdown-it') as new (options: object) => Parser
const parser = new MarkdownIt({ html: true, linkify: true })
/** Bare domains such as a.co become links in no Markdown of GitHub; the parser's own guess at them is left out for random text. */
const soberParser = new MarkdownIt({ html: true, linkify: true })
soberParser.linkify.set({ fuzzyLink: false })

const flat = (tokens: readonly Token[]): Token[] => tokens.flatMap((t) => [t, ...flat(t.children ?? [])])
const HOSTILE = [
  '<img src=x onerror=alert(1)>',
  '"><script>alert(1)</script>',
  '[click](javascript:alert(1))',
  '![x](http://example.org/x.png)',
  'https://example.org www.example.org a@example.org',
  '`code` ``more`` *a* _b_ __c__ ~~d~~ |cell| $x$ &lt; &amp;',
  '# heading',
  '1. list',
  '- list',
  '> quote',
  '+ plus',
  '=====',
  '---',
  'a\\',
  '\\`',
  'two\nlines\r\n\r\n# three',
  '*',
  'x'.repeat(200),
]
const anything = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.string({ minLength: 1, unit: 'grapheme' }),
  fc.string({ minLength: 1 }),
)

/** What is shown of a paragraph that holds nothing but plain text; undefined when anything else came of it. */
const plainText = (markdown: string): string | undefined => {
  const tokens = flat(parser.parse(markdown, {}))
  const harmless = ['paragraph_open', 'paragraph_close', 'inline', 'text', 'text_special', 'softbreak']
  if (tokens.some((t) => !harmless.includes(t.type))) return undefined
  return tokens
    .filter((t) => t.type === 'text')
    .map((t) => t.content)
    .join('')
}
const oneLine = (value: string): string => printable(value).trim()

describe('text', () => {
  it('is shown as it is, whatever it holds', () => {
    for (const value of HOSTILE) expect(plainText(text(value)), value).toBe(oneLine(value))
  })

  it('would be caught unescaped', () => {
    expect(HOSTILE.filter((value) => plainText(value) !== oneLine(value)).length).toBeGreaterThan(12)
  })
})

describe('code', () => {
  it('is shown as it is, also with backticks', () => {
    for (const value of HOSTILE) {
      const tokens = flat(parser.parse(code(value), {})).filter((t) => t.type === 'code_inline')
      expect(
        tokens
          .map((t) => t.content)
          .join('')
          .replaceAll('\\|', '|')
          .trim(),
        value,
      ).toBe(oneLine(value))
    }
  })
})

describe('a table', () => {
  it('keeps its cells, whatever they hold', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(anything, anything), { minLength: 1, maxLength: 4 }), (rows) => {
        const head = [{ title: 'a', numeric: false }, { title: 'b' }]
        const tokens = soberParser.parse(
          markdownTable(
            head,
            rows.map(([a, b]) => [text(a), code(b)]),
          ),
          {},
        )
        expect(tokens.filter((t) => t.type === 'td_open')).toHaveLength(2 * rows.length)
        expect(
          flat(tokens)
            .map((t) => t.type)
            .filter((type) => /html|link|image|heading|em_|strong/.test(type)),
        ).toEqual([])
      }),
    )
    const broken = parser.parse(markdownTable([{ title: 'a' }], [['<b>y</b>']]), {})
    expect(flat(broken).some((t) => t.type === 'html_inline')).toBe(true)
  })
})
