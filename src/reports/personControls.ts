/** A control for every factor of a person's page, by dimension. The program of the page finds them by their position in the encoding. */
import type { MovableFactor } from '../page/personData.ts'
import type { FactorSpec } from '../schema/factor.ts'
import { COUNTED, CURRENCY, numberText, valueText } from '../schema/valueText.ts'
import { type Child, h, type Markup } from './html.ts'
import { dimensionTitle, named } from './labels.ts'
import { missingWords, unitWords } from './words.ts'

/** A factor with its position in the encoding. */
export interface ControlledFactor {
  factor: MovableFactor
  spec: FactorSpec
  f: number
}

const CHANGE_WORDS = {
  free: 'may be changed',
  time: 'changes with time only',
  up: 'can only rise',
  fixed: 'cannot be changed',
} as const

/** What the number of a factor counts, to stand behind its field. */
const unitBehind = (unit: string): Child =>
  CURRENCY.test(unit) || COUNTED.test(unit) ? h('span', { class: 'unit' }, named(unit)) : null

/** Allowed values in words. */
const allowed = ({ min, max, change, own }: MovableFactor, { unit }: FactorSpec): string => {
  const from = change === 'up' && typeof own === 'number' ? Math.max(own, min ?? own) : min
  if (from === null && max === null) return 'no limits are stated'
  if (max === null) return `allowed: ${numberText(from!, unit)} or more`
  if (from === null) return `allowed: up to ${numberText(max, unit)}`
  return `allowed: ${numberText(from, unit)} to ${numberText(max, unit)}`
}

const ownText = ({ own, missing }: MovableFactor, spec: FactorSpec): Child =>
  own === null && missing !== null
    ? ['own value: none, ', named(missingWords(missing))]
    : ['own value: ', named(valueText(own, spec))]

/** Range, own value, how it may change, what it is. */
const meta = ({ factor, spec, f }: ControlledFactor): Markup => {
  const { change, maxChangePerMonth, context, levels } = factor
  const parts: Child[] = [
    ownText(factor, spec),
    levels ? null : allowed(factor, spec),
    change && CHANGE_WORDS[change],
    maxChangePerMonth === null ? null : `at most ${numberText(maxChangePerMonth, spec.unit)} a month`,
    context === 'social' && 'reads other people’s behavior',
    context === 'inferred' && 'is the output of another model',
  ]
  return h(
    'p',
    { class: 'meta', id: `d${f}` },
    parts.filter(Boolean).map((part, k) => [k > 0 && ' · ', part]),
    h('br'),
    spec.definition !== spec.name && spec.definition && [named(spec.definition), ' '],
    spec.unit &&
      !CURRENCY.test(spec.unit) &&
      !COUNTED.test(spec.unit) &&
      spec.unit !== 'yes/no' && ['(', named(unitWords(spec.unit)), ') '],
    h('code', {}, named(spec.name)),
  )
}

const selectOf = ({ factor, spec, f }: ControlledFactor, locked: boolean): Markup => {
  const { levels, own } = factor
  return h(
    'select',
    { id: `v${f}`, 'data-value': f, disabled: locked, 'aria-describedby': `d${f}` },
    own === null && h('option', { value: '', selected: true }, 'no value'),
    levels!.map(({ value, text }, k) =>
      h('option', { value: String(k), selected: value === own }, text || valueText(value, spec)),
    ),
    own !== null && factor.mayBeMissing && h('option', { value: '' }, 'no value'),
  )
}

const numbersOf = ({ factor, spec, f }: ControlledFactor, locked: boolean): Child => {
  const { title, min, max, mayBeMissing, own } = factor
  return [
    h('input', {
      type: 'range',
      id: `r${f}`,
      'data-slider': f,
      min: 0,
      disabled: locked,
      'aria-label': `${title}, slider`,
    }),
    h(
      'span',
      { class: 'field' },
      h('input', {
        type: 'number',
        id: `v${f}`,
        'data-value': f,
        inputmode: 'decimal',
        step: 'any',
        min,
        max,
        disabled: locked,
        'aria-describedby': `d${f} e${f}`,
      }),
      unitBehind(spec.unit),
    ),
    (mayBeMissing || own === null) &&
      h(
        'label',
        { class: 'missing' },
        h('input', { type: 'checkbox', id: `m${f}`, 'data-missing': f, disabled: locked, checked: own === null }),
        ' no value',
      ),
  ]
}

const control = (controlled: ControlledFactor): Markup => {
  const { factor, f } = controlled
  const locked = factor.change === 'fixed'
  return h(
    'li',
    { class: locked ? 'factor locked' : 'factor', id: `f${f}`, 'data-factor': f },
    h(
      'div',
      { class: 'factor-head' },
      h('label', { for: `v${f}` }, named(factor.title), locked && h('span', { class: 'lock' }, ' (locked)')),
      h('span', { class: 'points', id: `p${f}` }),
    ),
    h(
      'div',
      { class: factor.levels ? 'factor-move choice' : 'factor-move' },
      factor.levels ? selectOf(controlled, locked) : numbersOf(controlled, locked),
      h(
        'button',
        {
          type: 'button',
          id: `b${f}`,
          'data-reset': f,
          class: 'small',
          hidden: true,
          'aria-label': `Reset ${factor.title}`,
        },
        'reset',
      ),
    ),
    h('p', { class: 'error', id: `e${f}`, 'aria-live': 'polite', hidden: true }),
    meta(controlled),
  )
}

const groupOf = (dimension: string, d: number, factors: readonly ControlledFactor[]): Markup =>
  h(
    'details',
    { class: 'group', id: `g${d}`, 'data-group': d },
    h(
      'summary',
      {},
      h('span', { class: 'group-title' }, named(dimensionTitle(dimension))),
      ' ',
      h('span', { class: 'quiet', id: `gn${d}` }, `${factors.length} factor${factors.length === 1 ? '' : 's'}`),
      h('span', { class: 'points', id: `gp${d}` }),
    ),
    h('ul', { class: 'factor-list' }, factors.map(control)),
  )

/** Filter, groups of controls, and the factors that the model does not read. */
export const factorGroups = (factors: readonly ControlledFactor[]): Child => {
  const dimensions = [...new Set(factors.map(({ spec }) => spec.dimension))]
  const read = factors.filter(({ factor }) => factor.used)
  const unread = factors.filter(({ factor }) => !factor.used)
  return [
    h(
      'div',
      { class: 'finder print-no' },
      h('label', { for: 'find' }, 'Find a factor'),
      h('input', { type: 'search', id: 'find', autocomplete: 'off', placeholder: 'a word of its name or meaning' }),
      h('label', { for: 'show' }, 'Show'),
      h(
        'select',
        { id: 'show' },
        h('option', { value: 'all' }, 'all factors'),
        h('option', { value: 'movable' }, 'those that can be changed'),
        h('option', { value: 'cost' }, 'those that cost points'),
        h('option', { value: 'moved' }, 'those that I have moved'),
      ),
      h('p', { id: 'found', role: 'status', class: 'quiet' }),
    ),
    dimensions.map((dimension, d) => {
      const own = read.filter(({ spec }) => spec.dimension === dimension)
      return own.length > 0 && groupOf(dimension, d, own)
    }),
    unread.length > 0 &&
      h(
        'details',
        { class: 'group unread' },
        h(
          'summary',
          {},
          h('span', { class: 'group-title' }, 'Not read by this model'),
          ' ',
          h('span', { class: 'quiet' }, `${unread.length} factor${unread.length === 1 ? '' : 's'}`),
        ),
        h(
          'ul',
          { class: 'plain-list' },
          unread.map(({ factor, spec }) => h('li', {}, named(factor.title), ': ', named(valueText(factor.own, spec)))),
        ),
      ),
  ]
}
