/** docs/bad-inputs.md is made by several tests: one makes what stands before the first heading, each other one a part. */
import { readFileSync } from 'node:fs'

/** For `toMatchFileSnapshot` in a folder of test/. */
export const BAD_INPUTS = '../../docs/bad-inputs.md'

/** One line of a table of messages. */
export const badInputLine = (name: string, message: string): string => `| ${name} | ${message.replaceAll('|', '\\|')} |`

/**
 * The document with one part of it made anew; parts stand in the order of their headings.
 * @param heading of level 2; undefined for what stands before the first one
 */
export const withPart = (heading: string | undefined, text: string): string => {
  const [head, ...parts] = readFileSync(new URL('../../docs/bad-inputs.md', import.meta.url), 'utf8').split(/^(?=## )/m)
  const all =
    heading === undefined
      ? [text, ...parts]
      : [head!, ...[...parts.filter((p) => !p.startsWith(`## ${heading}\n`)), `## ${heading}\n\n${text}`].sort()]
  return `${all.map((p) => p.trim()).join('\n\n')}\n`
}
