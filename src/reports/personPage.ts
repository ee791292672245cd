/**
 * The page of one person whose values can be moved: a skeleton with a control for every factor, the model as data, and the program that fills
 * the rest. Nothing is loaded; the policy of the page names its one script by its hash and gives it no way out.
 */
import { createHash } from 'node:crypto'
import type { MovableFactor, PersonData } from '../page/personData.ts'
import type { FactorSpec } from '../schema/factor.ts'
import { BANDS } from '../schema/score.ts'
import { type Child, h, jsonText, type Markup, rawElement } from './html.ts'
import { named } from './labels.ts'
import { count } from './numbers.ts'
import { factorGroups } from './personControls.ts'
import { PERSON_STYLE } from './personTheme.ts'
import { STYLE_SHEET } from './theme.ts'
import { BACKGROUND_WORDS, inWords, LINK_WORDS, MODEL_WORDS, SEMANTICS_WORDS, wordsOf } from './words.ts'

/** What a person's page is made of. */
export interface PersonPage {
  data: PersonData
  /** of the model's encoding, in its order */
  factors: readonly FactorSpec[]
  /** the two files of the model */
  json: Uint8Array
  bin: Uint8Array
  /** the script, one text */
  program: string
  /** of the explanation */
  semantics: string
  backgroundId: string
  link: string
  kind: string
  /** rows of the table that ranges and percentiles come from, and how many of them were explained for the percentiles */
  rows: number
  explained: number
  /** what a reader should know: values that training never saw, factors that nobody has */
  notes: readonly string[]
  version: string
}

/** Where a reader may want to go at once. */
const CONTENTS = [
  ['reasons', 'Reasons'],
  ['alone', 'What reaches the cut-off'],
  ['factors', 'Factors'],
  ['receipt', 'Receipt'],
  ['about', 'About'],
] as const

const sourceOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

/**
 * Nothing is fetched, sent, framed or submitted: no source is named but the one script and the style sheets, by their hashes.
 * 'wasm-unsafe-eval' lets the page compile the kernels that it carries; it lets no text run as a script. Workers come from the page itself.
 */
const policyOf = (program: string, styles: readonly string[]): string =>
  [
    "default-src 'none'",
    `script-src ${sourceOf(program)} 'wasm-unsafe-eval'`,
    `style-src ${styles.map(sourceOf).join(' ')}`,
    'worker-src blob:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')

const section = (id: string, title: string, ...body: Child[]): Markup =>
  h('section', { id, 'aria-labelledby': `${id}-title` }, h('h2', { id: `${id}-title`, tabindex: -1 }, title), ...body)

/** What always stays in sight: the score, how far it has moved, and whether it reaches the cut-off. */
const bar = ({ cutoff }: PersonData): Markup =>
  h(
    'div',
    { class: 'bar', role: 'region', 'aria-label': 'Score' },
    h(
      'div',
      { class: 'bar-inner' },
      h(
        'p',
        { class: 'score-now' },
        h('span', { class: 'quiet-label' }, 'Score'),
        h('output', { id: 'score', 'aria-live': 'off' }, '…'),
      ),
      h(
        'p',
        { class: 'score-words' },
        h('span', { id: 'difference' }),
        h('span', { id: 'band' }),
        h('span', { id: 'reach' }),
      ),
      h('button', { type: 'button', id: 'reset-all', class: 'print-no', 'aria-disabled': 'true' }, 'Reset all'),
      h('div', { id: 'scale', class: 'scale', 'aria-hidden': 'true' }),
    ),
    h('p', { id: 'status', role: 'status', 'aria-live': 'polite', class: 'unseen' }),
    h('p', { class: 'unseen' }, `Scores go from 350 to 950; the cut-off is ${cutoff}.`),
  )

/** Months that may pass while a change comes about. */
const MONTHS = [0, 6, 12, 24, 36]

const togetherSection = ({ cutoff }: PersonData): Markup =>
  section(
    'together',
    `The cheapest allowed change that reaches ${cutoff}`,
    h(
      'p',
      { class: 'print-no together-head' },
      h('label', { for: 'months' }, 'Months that may pass '),
      h(
        'select',
        { id: 'months' },
        MONTHS.map((months) => h('option', { value: months, selected: months === 12 }, String(months))),
      ),
    ),
    h('p', { id: 'together-status', role: 'status', class: 'unseen' }),
    h('div', { id: 'together-list' }),
    note(
      'Several factors at once, by the rules of the catalogue: locked factors stay, windows and rates take their months, linked factors hold together. Cost: for each change 0.25 and its share of the usual spread, and 1/12 a month; the numbers are a choice of ours.',
    ),
  )

const note = (text: string): Markup => h('p', { class: 'note' }, text)

const aboutPage = (page: PersonPage): Markup => {
  const { data, kind, semantics, backgroundId, link, rows, explained, notes, version } = page
  return section(
    'about',
    'What this page is',
    h(
      'dl',
      {},
      h('dt', {}, 'Model'),
      h(
        'dd',
        {},
        named(data.model),
        ': ',
        wordsOf(MODEL_WORDS, kind),
        '; SHA-256 ',
        h('code', {}, data.modelHash.slice(0, 16)),
      ),
      h('dt', {}, 'Base'),
      h('dd', {}, 'score of the background: ', inWords(BACKGROUND_WORDS, backgroundId)),
      h('dt', {}, 'A factor not known'),
      h('dd', {}, inWords(SEMANTICS_WORDS, semantics)),
      h('dt', {}, 'Points'),
      h('dd', {}, inWords(LINK_WORDS, link)),
      h('dt', {}, 'Bands'),
      h('dd', {}, BANDS.map((b) => `${b.name} ${b.from}–${b.to}`).join(', ')),
      h('dt', {}, 'Sliders and percentiles'),
      h(
        'dd',
        {},
        `ends of sliders without a stated limit and usual values: ${count(rows)} rows of the table; percentiles of dimensions: ${count(explained)} of them. The page holds summaries of these rows, not the rows.`,
      ),
      h('dt', {}, 'Made by'),
      h('dd', {}, `glasscore ${version}`),
    ),
    notes.length > 0 &&
      h(
        'ul',
        { class: 'warning' },
        notes.map((note) => h('li', {}, named(note))),
      ),
    h(
      'p',
      { class: 'note' },
      'The page assesses what this model would say of other values. It does not say that a change would come about, that it would lower the risk itself, or how a lender would decide. One control moves one factor alone: factors that hang together in life, such as the same count over one and three months, do not move along.',
    ),
  )
}

/** The page as text: one file. Equal input gives equal bytes. */
export const renderPersonPage = (page: PersonPage): string => {
  const { data, factors, json, bin, program } = page
  const title = `Score of ${data.personId}, to be moved`
  const styles = [STYLE_SHEET, PERSON_STYLE].map((text) => text.replaceAll(/[\r\n]+/g, ' '))
  const movable = data.factors.map((factor: MovableFactor, f) => ({ factor, spec: factors[f]!, f }))
  const html = h(
    'html',
    { lang: 'en' },
    h(
      'head',
      {},
      h('meta', { charset: 'utf-8' }),
      h('meta', { 'http-equiv': 'Content-Security-Policy', content: policyOf(program, styles) }),
      h('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
      h('meta', { name: 'generator', content: 'glasscore' }),
      h('meta', { name: 'referrer', content: 'no-referrer' }),
      h('title', {}, title),
      styles.map((text) => rawElement('style', {}, text)),
    ),
    h(
      'body',
      { class: 'person' },
      h(
        'header',
        {},
        h('h1', {}, 'Person ', named(data.personId), ': what moves the score'),
        h(
          'p',
          { class: 'lead' },
          'Model ',
          named(data.model),
          ', values of ',
          named(data.observationDate),
          `, cut-off ${data.cutoff}. `,
          h(
            'span',
            { class: 'print-no' },
            'Move a factor: score, points and reasons are worked out here, by the model itself. Nothing leaves this page.',
          ),
        ),
        h(
          'nav',
          { 'aria-label': 'Contents' },
          h(
            'ul',
            {},
            CONTENTS.map(([id, words]) => h('li', {}, h('a', { href: `#${id}` }, words))),
          ),
        ),
        h(
          'noscript',
          {},
          h('p', { class: 'warning' }, 'This page works the score out where it is shown, and needs scripts for that.'),
        ),
        h('p', { id: 'failure', class: 'warning', role: 'alert', hidden: true }),
      ),
      bar(data),
      h(
        'main',
        {},
        h(
          'div',
          { class: 'side', tabindex: 0, role: 'region', 'aria-label': 'What the moved values come to' },
          section(
            'dimensions',
            'Points by dimension',
            h('div', { id: 'pentagon' }),
            h('div', { id: 'dimension-table' }),
          ),
          section('reasons', 'What costs most points', h('div', { id: 'reason-list' })),
          section('changed', 'What you have moved', h('div', { id: 'changed-list' })),
        ),
        h(
          'div',
          { class: 'work' },
          section('alone', `One change that reaches ${data.cutoff}`, h('div', { id: 'alone-list' })),
          togetherSection(data),
          section('factors', 'Factors', factorGroups(movable)),
          section('receipt', 'Receipt', h('div', { id: 'receipt-table' })),
          aboutPage(page),
          h(
            'p',
            { class: 'note print-only' },
            `Model SHA-256 ${data.modelHash.slice(0, 16)}, glasscore ${page.version}. What this model says of these values: no advice, and no decision of a lender.`,
          ),
        ),
      ),
      rawElement('script', { type: 'application/json', id: 'person-data' }, jsonText(data)),
      rawElement('script', { type: 'text/plain', id: 'model-json' }, base64(json)),
      rawElement('script', { type: 'text/plain', id: 'model-bin' }, base64(bin)),
      rawElement('script', {}, program),
    ),
  )
  return `<!doctype html>\n${html.outerHTML}\n`
}
