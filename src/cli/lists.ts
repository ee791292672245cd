/** Options that hold several values in one text. */
import { InvalidArgumentError } from 'commander'

/** A number. */
export const number = (text: string): number => {
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('expected a number.')
  return value
}

/** A comma that is part of a name is written \\, */
const unescaped = (text: string): string => text.replaceAll('\\,', ',').trim()

/** `a,b`, and the option again for more. */
export const list = (text: string, earlier: string[] = []): string[] => [
  ...earlier,
  ...text.split(/(?<!\\),/).flatMap((name) => (name.trim() ? [unescaped(name)] : [])),
]

/** Names and values as they are written, commas that belong to them still marked. */
const written = (text: string): [string, string][] =>
  text.split(/(?<!\\),(?=(?:[^,=]|\\,)+=)/).map((part) => {
    const at = part.indexOf('=')
    if (at < 1 || at === part.length - 1) throw new InvalidArgumentError('expected ATTRIBUTE=VALUE.')
    return [unescaped(part.slice(0, at)), part.slice(at + 1)]
  })

/** `a=x,b=y`, and the option again for more: a comma parts two of them where `name=` follows. */
export const pairs = (text: string): [string, string][] =>
  written(text).map(([name, value]) => [name, unescaped(value)])

/** One more of each; the second of one attribute would be taken in silence for the only one. */
export const withMore = <T>(earlier: ReadonlyMap<string, T>, more: readonly [string, T][]): Map<string, T> => {
  const all = new Map(earlier)
  for (const [name, value] of more) {
    if (all.has(name)) throw new InvalidArgumentError(`${name} is given twice.`)
    all.set(name, value)
  }
  return all
}

/** `a=1,b=2`, and the option again for more. */
export const namedNumbers = (text: string, earlier: Record<string, number> = {}): Record<string, number> =>
  Object.fromEntries(
    withMore(
      new Map(Object.entries(earlier)),
      pairs(text).map(([name, value]): [string, number] => [name, number(value)]),
    ),
  )

/** `name=a,b`, and the option again for more names. */
export const namedLists = (text: string, earlier: Record<string, string[]> = {}): Record<string, string[]> =>
  Object.fromEntries(
    withMore(
      new Map(Object.entries(earlier)),
      written(text).map(([name, values]): [string, string[]] => [name, list(values)]),
    ),
  )
