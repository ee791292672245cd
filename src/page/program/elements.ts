/** Elements of the page. Text is set as text: nothing is ever parsed as markup. */

/** What an element may hold; absent things are left out. */
export type Content = Node | string | number | null | undefined | false | readonly Content[]

const SVG = 'http://www.w3.org/2000/svg'

const fill = (element: Element, attributes: Record<string, string | number | boolean>, content: Content): void => {
  for (const [name, value] of Object.entries(attributes))
    if (value !== false) element.setAttribute(name, value === true ? '' : String(value))
  const add = (child: Content): void => {
    if (child === null || child === undefined || child === false) return
    if (typeof child === 'string' || typeof child === 'number') element.append(String(child))
    else if (child instanceof Node) element.append(child)
    else for (const one of child) add(one)
  }
  add(content)
}

/** An HTML element. */
export const element = <K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, string | number | boolean> = {},
  ...content: Content[]
): HTMLElementTagNameMap[K] => {
  const made = document.createElement(tag)
  fill(made, attributes, content)
  return made
}

/** An element of a drawing. */
export const drawn = (
  tag: string,
  attributes: Record<string, string | number | boolean> = {},
  ...content: Content[]
): SVGElement => {
  const made = document.createElementNS(SVG, tag)
  fill(made, attributes, content)
  return made
}

/** The element of the skeleton with an id. @throws when the skeleton is another one */
export const part = <T extends HTMLElement = HTMLElement>(id: string): T => {
  const found = document.getElementById(id)
  if (!found) throw new Error(`the page has no part ${id}`)
  return found as T
}

/** The same, or null where the page has none. */
export const partIfAny = <T extends HTMLElement = HTMLElement>(id: string): T | null =>
  document.getElementById(id) as T | null

/** Letters of a name or a value in a list, more than any reason of the catalogue has; the controls show it whole. */
const BRIEF = 72

const letters = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** Text of data in a sentence: its direction of writing is kept to itself. */
export const said = (text: string): HTMLElement => element('bdi', {}, text)

/** The same in a list, where a long one is cut: the whole is there for the pointer. */
export const saidBriefly = (text: string): HTMLElement => {
  if (text.length <= BRIEF) return said(text)
  const all = [...letters.segment(text)]
  if (all.length <= BRIEF) return said(text)
  const head = all.slice(0, BRIEF - 1).map(({ segment }) => segment)
  return element('bdi', { title: text }, `${head.join('')}…`)
}
