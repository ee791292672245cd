/**
 * Elements of a page. Text reaches the page through the DOM alone (linkedom), which escapes it; nothing here or in any report
 * puts text together into markup.
 */
import { escape as escapeMarkup } from 'html-escaper'
import { parseHTML } from 'linkedom'
import { printable } from '../util/errors.ts'

/** An element of the report document; charts are elements too. */
export interface Markup {
  readonly outerHTML: string
}

/** What an element may hold: text is escaped, absent things are left out. */
export type Child = Markup | string | number | null | undefined | false | readonly Child[]

/** Values of attributes; absent ones and `false` are left out, `true` is an empty one. */
export type Attributes = Record<string, string | number | boolean | null | undefined>

interface DomNode {
  readonly nodeType: number
}
interface DomElement extends DomNode, Markup {
  setAttribute(name: string, value: string): void
  append(...nodes: (DomNode | Markup)[]): void
}
interface DomDocument {
  createElement(tag: string): DomElement
  createTextNode(text: string): DomNode
}

/** The document that makes elements; they are never attached to it. Observable Plot draws with it too. */
export const reportDocument = (
  parseHTML('<!doctype html><html><head></head><body></body></html>') as unknown as { document: DomDocument }
).document

/**
 * The serializer of linkedom quotes an attribute but leaves its other signs as they are; in SVG files of their own these must be
 * escaped too.
 */
export const attributeText = (value: string): string => escapeMarkup(printable(value))

const appendAll = (element: DomElement, child: Child): void => {
  if (child === null || child === undefined || child === false) return
  if (typeof child === 'string' || typeof child === 'number')
    element.append(reportDocument.createTextNode(printable(String(child))))
  else if ('outerHTML' in child) element.append(child)
  else for (const one of child) appendAll(element, one)
}

/**
 * An element.
 * @param tag a literal of the source, never a value from data
 * @param attributes names are literals; values are escaped
 */
export const h = (tag: string, attributes: Attributes = {}, ...children: Child[]): Markup => {
  const element = reportDocument.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue
    element.setAttribute(name, value === true ? '' : attributeText(String(value)))
  }
  appendAll(element, children)
  return element
}

/**
 * A script or style sheet of our own, or data for one, as it is: such text is no markup and is not escaped.
 * @throws an internal error for text that would end the element, or begin a comment in it
 */
export const rawElement = (tag: 'script' | 'style', attributes: Attributes, text: string): Markup => {
  if (/<(\/(script|style)|!--)/i.test(text)) throw new Error(`the text of a ${tag} would end it`)
  const element = h(tag, attributes) as DomElement
  element.append(reportDocument.createTextNode(text))
  return element
}

/** JSON as the text of a script element: no sign in it can end the element, or a line of a script. */
export const jsonText = (value: unknown): string =>
  JSON.stringify(value).replaceAll(
    /[<>&\u2028\u2029]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
