/** The tables of docs/switches.md, made from the catalogue and from what the tests look for. */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { SWITCH_NAMES, SWITCHES } from '../../src/population/switches.ts'
import { hyphenated } from '../../src/util/hyphenated.ts'
import { MEASURES } from './switchMeasures.ts'

const DOCUMENT = '../../docs/switches.md'
/** From here on the document is made; what stands before is written by hand. */
const MADE = '## Every switch\n'

const row = (...cells: (string | number)[]): string => `| ${cells.join(' | ')} |`

const made = (): string[] => [
  'Made from the catalogue (`src/population/switches.ts`) by `test/population/switchesDocument.test.ts`.',
  '',
  '| switch | default | at most | what the strength is | who could be harmed where this happens |',
  '|---|---:|---:|---|---|',
  ...SWITCH_NAMES.map((name) => {
    const { byDefault, most, about, harm } = SWITCHES[name]
    return row(`\`${hyphenated(name)}\``, byDefault, most, about, harm)
  }),
  '',
  '## What is looked for\n',
  '| switch | strength | people | what is looked for | figure | seen from |',
  '|---|---:|---:|---|---|---:|',
  ...MEASURES.map((m) => row(`\`${hyphenated(m.switch)}\``, m.strength, m.people, m.what, m.unit, m.seen)),
]

const withTables = (document: string, lines: readonly string[]): string =>
  `${document.split(MADE)[0]!.trimEnd()}\n\n${MADE}\n${lines.join('\n').trimEnd()}\n`

it('docs/switches.md has the catalogue and what is looked for', async () => {
  const document = readFileSync(new URL(DOCUMENT, import.meta.url), 'utf8')
  await expect(withTables(document, made())).toMatchFileSnapshot(DOCUMENT)
})

it('every switch says what it is and whom it could harm', () => {
  for (const name of SWITCH_NAMES) {
    const { byDefault, most, about, harm } = SWITCHES[name]
    expect([name, about.length > 20, harm.length > 20, most > 0]).toEqual([name, true, true, true])
    expect([name, byDefault]).toEqual([name, name === 'interaction' ? 1 : 0])
    for (const text of [about, harm]) expect(text).not.toMatch(/[|\n]/)
  }
})
