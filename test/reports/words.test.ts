import { describe, expect, it } from 'vitest'
import { renderRunReport } from '../../src/reports/reportPage.ts'
import {
  BACKGROUND_WORDS,
  CALIBRATION_WORDS,
  LINK_WORDS,
  MODEL_WORDS,
  missingWords,
  OUTCOME_WORDS,
  SEMANTICS_WORDS,
  unitWords,
} from '../../src/reports/words.ts'
import { MISSING_REASONS } from '../../src/schema/factor.ts'
import { FACTOR_CATALOGUE } from '../../src/schema/factorCatalogue.ts'
import { OUTCOME_STATUSES } from '../../src/schema/outcome.ts'
import { MODEL_NAMES } from '../../src/stages/learners.ts'
import { all, type Element, parsePage } from './checkPage.ts'
import { fixtureReport } from './fixture.ts'

/** Codes of the program that a reader of the page cannot know. */
const CODE =
  /path_dependent|interventional|tree_covers|training_mean|\bplatt\b|\bisotonic\b|dpd90|not_eligible|no_exposure|\d\.\.\d/

/** Text of an element, what stands in <code> apart. */
const plainText = (element: Element): string =>
  Array.from(element.childNodes, (node) =>
    node.nodeType === 3
      ? node.textContent
      : node.nodeType === 1 && (node as Element).tagName.toLowerCase() !== 'code'
        ? plainText(node as Element)
        : '',
  ).join('')

/** Texts of a page that hold such a code. */
const bareCodes = (html: string): string[] =>
  all(parsePage(html), 'p, dd, dt, li, td, th, caption, figcaption')
    .map(plainText)
    .filter((text) => CODE.test(text))

describe('words', () => {
  it('are there for every code', () => {
    const has = (words: ReadonlyMap<string, string>, codes: readonly string[]) => {
      for (const code of codes) expect(words.get(code), code).toMatch(/^[a-z][^_]*$/)
    }
    has(MODEL_WORDS, MODEL_NAMES)
    has(CALIBRATION_WORDS, ['platt', 'beta', 'isotonic'])
    has(SEMANTICS_WORDS, ['path_dependent', 'interventional'])
    has(BACKGROUND_WORDS, ['tree_covers', 'training_mean'])
    has(LINK_WORDS, ['linear', 'rescaled'])
    has(OUTCOME_WORDS, OUTCOME_STATUSES)
    for (const reason of MISSING_REASONS.slice(1)) expect(missingWords(reason)).not.toContain('_')
    expect(missingWords('of a mapping')).toBe('of a mapping')
  })

  it('say the range of a unit, and leave other units alone', () => {
    expect(unitWords('share 0..1')).toBe('share, 0 to 1')
    expect(unitWords('CNY per month')).toBe('CNY per month')
    for (const { unit } of FACTOR_CATALOGUE) expect(unitWords(unit)).not.toContain('..')
  })

  it('stand on the page in place of codes', () => {
    const report = fixtureReport()
    report.person!.outcome = 'not_eligible'
    for (const factor of report.person!.factors) factor.unit = 'share 0..1'
    const html = renderRunReport(report)
    expect(bareCodes(html)).toEqual([])
    expect(html).toContain('0 to 1')
  })

  it('would be missed', () => {
    const report = fixtureReport()
    report.person!.outcome = 'platt'
    expect(bareCodes(renderRunReport(report))).toEqual(['platt'])
  })
})
