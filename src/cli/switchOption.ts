/** Switches of the population on the command line: --switch name=strength, names with hyphens. */
import { InvalidArgumentError } from 'commander'
import { SWITCHES } from '../index.ts'
import { hyphenated } from '../util/hyphenated.ts'

/** What was given, by name; checked with the rest of the options. */
export type GivenSwitches = Record<string, unknown>

/** As they are written on the command line. */
const NAMES: readonly string[] = [...Object.keys(SWITCHES), 'interactionForm', 'group'].map(hyphenated)

const camelCase = (name: string): string => name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())

/** For an option that may be given many times, once a name. Strengths are decimal numbers; forms and groups are words. */
export const collectSwitches = (text: string, before: GivenSwitches = {}): GivenSwitches => {
  const [, name = '', given = ''] = /^\s*([a-z][a-z-]*)\s*=\s*(.*?)\s*$/is.exec(text) ?? []
  if (name === '' || given === '') throw new InvalidArgumentError('expected NAME=STRENGTH, for example label-bias=0.2.')
  if (!NAMES.includes(name)) {
    const near = NAMES.find((known) => camelCase(known) === name)
    throw new InvalidArgumentError(
      `expected ${near ? `the name ${near}` : `one of ${NAMES.join(', ')}`}; got "${name}".`,
    )
  }
  const key = camelCase(name)
  if (key in before) throw new InvalidArgumentError(`${name} is given twice.`)
  return { ...before, [key]: /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(given) ? Number(given) : given }
}
