/** Small things that several sections need. */
import { type Child, h, type Markup } from '../html.ts'
import { named } from '../labels.ts'
import { pointerOf } from '../numbers.ts'

/** A list of terms and what is to be said of each; absent lines are left out. */
export const facts = (lines: readonly (readonly [term: Child, text: Child] | false | undefined)[]): Markup =>
  h(
    'dl',
    {},
    lines.flatMap((line) => (line ? [h('dt', {}, line[0]), h('dd', {}, line[1])] : [])),
  )

/** Each warning in a box of its own. */
export const warningList = (warnings: readonly string[]): readonly Markup[] =>
  warnings.map((text) => h('p', { class: 'warning' }, 'Warning: ', named(text)))

/** JSON pointer with a key path. */
export const at = (...path: readonly (string | number)[]): string => pointerOf(path)

/** A sentence in small letters. */
export const note = (...children: readonly Child[]): Markup => h('p', { class: 'note' }, children)
