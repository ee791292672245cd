import { type Child, h, type Markup } from './html.ts'
import { STYLE_SHEET } from './theme.ts'

/** One part of a page; its id is a literal of the source. */
export interface Section {
  id: string
  title: string
  /** absent: what the title promises is not there; the section is left out */
  body: readonly Child[] | undefined
}

/** What a page says of itself. */
export interface PageHead {
  title: string
  /** what stands below the title: name of the run, date, definition of the outcome */
  lead: Child
  /** where the numbers are, how they were made */
  foot: Child
}

/** Nothing may be loaded, nothing may run: what a page shows travels in it. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"

/** A whole page as text: one file, no script, nothing from elsewhere. */
export const page = ({ title, lead, foot }: PageHead, sections: readonly Section[]): string => {
  const shown = sections.filter((s) => s.body !== undefined)
  const style = h('style', {}, STYLE_SHEET)
  const html: Markup = h(
    'html',
    { lang: 'en' },
    h(
      'head',
      {},
      h('meta', { charset: 'utf-8' }),
      h('meta', { 'http-equiv': 'Content-Security-Policy', content: POLICY }),
      h('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
      h('meta', { name: 'generator', content: 'glasscore' }),
      h('title', {}, title),
      style,
    ),
    h(
      'body',
      {},
      h('header', {}, h('h1', {}, title), h('div', { class: 'lead' }, lead)),
      h(
        'nav',
        { 'aria-label': 'Contents' },
        h(
          'ul',
          {},
          shown.map((s) => h('li', {}, h('a', { href: `#${s.id}` }, s.title))),
        ),
      ),
      h(
        'main',
        {},
        shown.map((s) => h('section', { id: s.id }, h('h2', {}, s.title), ...(s.body ?? []))),
      ),
      h('footer', {}, foot),
    ),
  )
  return `<!doctype html>\n${html.outerHTML}\n`
}
