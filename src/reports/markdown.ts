/** Markdown from values: text of data can say nothing but itself in it. CommonMark with the tables of GitHub. */
import { printable } from '../util/errors.ts'

/** Markdown as it is to be written. Made by the functions of this file from text that is not. */
export type Markdown = string

/** Signs that mean something in a line of CommonMark or of GitHub's tables, links and mentions. */
const MEANING = /[\\`*_{}[\]<>&|~#$@!]|:(?=\/\/)|(?<=\bwww)\./gi

/** A text of data: every sign of it is shown, none is obeyed; it stays on one line. */
export const text = (value: string): Markdown =>
  printable(value)
    .trim()
    .replaceAll(MEANING, (sign) => `\\${sign}`)
    // At the beginning of a paragraph these would begin a list or a heading.
    .replace(/^(\d+)([.)])(?=\s|$)/, '$1\\$2')
    .replace(/^[-+=]/, '\\$&')

/** A name of data as code. */
export const code = (value: string): Markdown => {
  const shown = printable(value).trim() || ' '
  // A fence longer than any run of backticks within; in a table a bar ends the cell even within code.
  const fence = '`'.repeat(1 + Math.max(0, ...Array.from(shown.matchAll(/`+/g), ([run]) => run.length)))
  const room = /^`|`$/.test(shown) ? ' ' : ''
  return `${fence}${room}${shown.replaceAll('|', '\\|')}${room}${fence}`
}

/** A table; numbers stand to the right. */
export const markdownTable = (
  head: readonly { title: string; numeric?: boolean }[],
  rows: readonly (readonly Markdown[])[],
): Markdown =>
  [head.map((h) => h.title), head.map((h) => (h.numeric === false ? '---' : '---:')), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n')

/** A list with a dash before each item. */
export const markdownList = (items: readonly Markdown[]): Markdown => items.map((item) => `- ${item}`).join('\n')
