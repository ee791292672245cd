/** What must hold of every page: its numbers are those of its JSON, and nothing from data became markup. Used by tests only. */
import { parseHTML } from 'linkedom'

interface Node {
  readonly nodeType: number
  readonly textContent: string
  readonly parentNode: Element | null
  readonly childNodes: ArrayLike<Node>
}
export interface Element extends Node {
  readonly tagName: string
  readonly attributes: ArrayLike<{ name: string; value: string }>
  readonly outerHTML: string
  getAttribute(name: string): string | null
  querySelector(selector: string): Element | null
  querySelectorAll(selector: string): ArrayLike<Element>
  closest(selector: string): Element | null
}

export const parsePage = (html: string): Element =>
  (parseHTML(html) as unknown as { document: { documentElement: Element } }).document.documentElement

export const all = (root: Element, selector: string): Element[] => Array.from(root.querySelectorAll(selector))

/** The value that a JSON pointer (RFC 6901) leads to. */
export const follow = (json: unknown, pointer: string): unknown =>
  pointer
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>(
      (value, key) =>
        value !== null && typeof value === 'object' && Object.hasOwn(value, key)
          ? (value as Record<string, unknown>)[key]
          : undefined,
      json,
    )

/** Whether a text is a number rounded to the digits that it shows: as it is, or as a percentage. */
export const saysNumber = (text: string, value: number): boolean => {
  const plain = text.replaceAll('\u2212', '-').replaceAll(',', '').replace(/^\+/, '')
  if (!/^-?\d+(\.\d+)?(e-?\d+)?$/.test(plain)) return false
  const shown = Number(plain)
  const [digits = '', exponent = '0'] = plain.split('e')
  const decimals = (digits.split('.')[1] ?? '').length
  // Half of the last digit shown; a hair more, since 0.5 and 100 x are not exact in binary.
  const half = 0.5 * 10 ** (Number(exponent) - decimals) * (1 + 1e-9)
  const near = (x: number): boolean => Math.abs(shown - x) <= half
  return near(value) || near(100 * value)
}

/** Everything wrong with the numbers of a page, one sentence each. */
export const numberProblems = (page: Element, json: unknown): string[] => {
  const problems: string[] = []
  for (const element of all(page, '[data-path]')) {
    const path = element.getAttribute('data-path')!
    const value = follow(json, path)
    const text = element.textContent
    if (value === null) {
      if (text !== 'n/a') problems.push(`${path} is null, the page says ${text}`)
    } else if (typeof value !== 'number') problems.push(`${path} leads to no number`)
    else if (element.getAttribute('value') !== String(value))
      problems.push(`${path} is ${value}, the page has another value`)
    else if (!saysNumber(text, value)) problems.push(`${path} is ${value}, the page says ${text}`)
  }
  for (const figure of all(page, '[data-source]')) {
    const source = figure.getAttribute('data-source')!
    if (follow(json, source) === undefined) problems.push(`a figure comes from ${source}, which is not there`)
  }
  for (const figure of all(page, 'figure'))
    if (figure.getAttribute('data-source') === null) problems.push('a figure without a source')
  return problems
}

const hasDigitsOfItsOwn = (node: Node): boolean => {
  if (node.nodeType === 3) return /\d/.test(node.textContent)
  if (node.nodeType !== 1) return false
  const element = node as Element
  // Numbers with their place; words of data; hashes.
  if (element.getAttribute('data-path') !== null || ['bdi', 'code'].includes(element.tagName.toLowerCase()))
    return false
  return Array.from(element.childNodes).some(hasDigitsOfItsOwn)
}

/** Cells of tables that show digits which lead nowhere. */
export const loneDigits = (page: Element): string[] =>
  all(page, 'tbody td, tbody th, thead th')
    .filter(hasDigitsOfItsOwn)
    .map((cell) => cell.textContent)

/** Markup that no page may have: what runs, loads or leaves, wherever it came from. */
export const foreignMarkup = (page: Element): string[] => {
  const found = all(
    page,
    'script, img, iframe, object, embed, link, base, form, input, video, audio, foreignObject, use, image',
  ).map((e) => e.tagName)
  for (const element of all(page, '*'))
    for (const { name, value } of Array.from(element.attributes)) {
      if (/^on/i.test(name)) found.push(`${element.tagName} ${name}`)
      if (/^(href|src|action|xlink:href)$/i.test(name) && !value.startsWith('#'))
        found.push(`${element.tagName} ${name}=${value}`)
    }
  const styles = all(page, 'style').filter((s) => /url\(|@import|</.test(s.textContent))
  return [...found, ...styles.map(() => 'a style that loads')]
}
