/** Switches of the population on the command line: --switch name=strength, names with hyphens. */
import { InvalidArgumentError } from 'commander'
import { parseDocument } from 'yaml'

/** What was given, by name; checked with the rest of the options. */
export type GivenSwitches = Record<string, unknown>

const camelCase = (name: string): string => name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())

/** For an option that may be given many times; a later one takes the place of an earlier one of the same name. */
export const collectSwitches = (text: string, before: GivenSwitches = {}): GivenSwitches => {
  const [, name = '', given = ''] = /^\s*([a-z][a-z-]*)\s*=(.*)$/is.exec(text) ?? []
  const document = parseDocument(given)
  if (name === '' || given.trim() === '' || document.errors.length > 0)
    throw new InvalidArgumentError('expected NAME=STRENGTH, for example label-bias=0.2.')
  return { ...before, [camelCase(name)]: document.toJS() as unknown }
}
