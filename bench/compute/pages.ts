/** The generated parts of docs/performance.md. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'

/** Comments around each part. */
export interface Marks {
  begin: string
  end: string
}

const marksOf = (command: string): Marks => ({
  begin: `<!-- begin: written by ${command} -->`,
  end: `<!-- end: written by ${command} -->`,
})

export const PEERS = marksOf('npm run bench:peers')
export const GROWTH = marksOf('npm run bench:peers -- --growth')

/** A text with its generated part replaced; unchanged where it has no such part. */
export const filled = (text: string, { begin, end }: Marks, generated: string): string => {
  const from = text.indexOf(begin)
  const to = text.indexOf(end)
  if (from < 0 || to < from) return text
  return `${text.slice(0, from + begin.length)}\n\n${generated}\n\n${text.slice(to)}`
}

/** Whether the page was there and is another now. */
export const fillPage = (page: string, marks: Marks, generated: string): boolean => {
  if (!existsSync(page)) return false
  const before = readFileSync(page, 'utf8')
  const after = filled(before, marks, generated)
  if (after === before) return false
  writeFileSync(page, after)
  return true
}
