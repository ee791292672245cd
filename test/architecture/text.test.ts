/** What no committed file may say. */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

// The patterns are put together from pieces, so that this file does not contain what it looks for.
const FOLDERS = ['wo' + 'rk', 'tm' + 'p', 'ro' + 'ot', 'ho' + 'me', 'Use' + 'rs']
const MACHINE_PATH = new RegExp(`(^|[\\s"'\`(=:,<>|\\[]|file://)/(${FOLDERS.join('|')})(/|(?=["'\`\\s]|$))`, 'm')
const HOSTS = [
  'regis' + 'try\\.[a-z0-9-]+\\.[a-z]{2,}',
  'npm' + 'js\\.(org|com)',
  'py' + 'pi\\.org',
  'python' + 'hosted\\.org',
  'index' + '-url',
]
const REGISTRY = new RegExp(HOSTS.join('|'), 'i')
const LATER = new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME'].join('|')})\\b`)

/** What is wrong with the text of a file. */
const complaints = (path: string, text: string): string[] => {
  const found: string[] = []
  const look = (pattern: RegExp, what: string) => {
    const match = pattern.exec(text)
    if (match) found.push(`${path}: ${what}: ${match[0].trim()}`)
  }
  look(MACHINE_PATH, 'a path of one machine')
  look(REGISTRY, 'a package registry')
  if (path.startsWith('src/')) look(LATER, 'work left for later')
  return found
}

const listed = spawnSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
  maxBuffer: 1 << 26,
})
const known = listed.status === 0
if (!known) console.log('skipped: the texts cannot be checked, this is not a git checkout')

const paths = known ? listed.stdout.split('\0').filter((path) => path && existsSync(join(root, path))) : []

/** Links of a Markdown text to files of this repository that are not there. */
const deadLinks = (path: string, text: string): string[] =>
  [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map((match) => match[1]!.replace(/#.*$/, ''))
    .filter((target) => target !== '' && !/^[a-z]+:/.test(target))
    .filter((target) => !existsSync(join(root, dirname(path), target)))
    .map((target) => `${path}: ${target}`)

describe('links between documents', () => {
  it.skipIf(!known)('lead to files that are there', () => {
    const documents = paths.filter((path) => path.endsWith('.md'))
    expect(documents.length).toBeGreaterThan(10)
    expect(documents.flatMap((path) => deadLinks(path, readFileSync(join(root, path), 'utf8')))).toEqual([])
    expect(deadLinks('docs/a.md', '[there](layout.md#top) [not](nowhere.md) [out](https://example.org)')).toEqual([
      'docs/a.md: nowhere.md',
    ])
  })
})

describe('committed files', () => {
  it.skipIf(!known)('name no machine path, no registry, and src leaves nothing for later', () => {
    expect(paths.length).toBeGreaterThan(20)
    const found = paths
      .filter((path) => statSync(join(root, path)).isFile())
      .flatMap((path) => complaints(path, readFileSync(join(root, path), 'latin1')))
    expect(found).toEqual([])
  })

  it('would be caught', () => {
    const machine = ['', 'ho' + 'me', 'ann', 'data.csv'].join('/')
    expect(complaints('docs/a.md', `see ${machine}`)).toHaveLength(1)
    expect(complaints('docs/a.md', `(${machine})`)).toHaveLength(1)
    expect(complaints('docs/a.md', `cd /${'tm' + 'p'}`)).toHaveLength(1)
    expect(complaints('a.json', `https://${'regis' + 'try'}.example.org/x`)).toHaveLength(1)
    expect(complaints('src/a.ts', `// ${'TO' + 'DO'}: later`)).toHaveLength(1)
    expect(complaints('src/a.ts', 'the network, a template, ../home/x, data/tmp/x, farm work/life')).toEqual([])
  })
})
