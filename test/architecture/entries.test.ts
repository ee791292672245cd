/** The nine entries at the top of the repository: each is there and holds what it is for. */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { readPipeline } from '../../src/stages/config.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Entry -> paths that must be among its files; a pattern a line. */
const ENTRIES: Record<string, readonly RegExp[]> = {
  pipelines: [/^pipelines\/.+\.yaml$/, /^pipelines\/.+\.ts$/, /^pipelines\/mappings\/.+\.yaml$/],
  src: [/^src\/index\.ts$/, /^src\/shap\.ts$/, /^src\/charts\.ts$/, /^src\/cli\/main\.ts$/],
  data: [/^data\/README\.md$/, /^data\/sample\/README\.md$/, /^data\/sample\/population\/.+\.parquet$/],
  models: [
    /^models\/README\.md$/,
    /^models\/reference\/model\.(json)$/,
    /^models\/reference\/model\.bin$/,
    /^models\/reference\/card\.md$/,
  ],
  notebooks: [/^notebooks\/README\.md$/, /^notebooks\/01-first-scores\.ipynb$/],
  test: [/^test\/.+\.test\.ts$/, /^test\/fixtures\/.+\.py$/],
  'package.json': [/^package\.json$/],
  'tsconfig.json': [/^tsconfig\.json$/],
  'README.md': [/^README\.md$/],
}

/** Entries that lack something, given the files of the repository and their sizes. */
const lacking = (files: ReadonlyMap<string, number>): string[] =>
  Object.entries(ENTRIES).flatMap(([entry, patterns]) =>
    patterns
      .filter((pattern) => ![...files].some(([path, size]) => size > 0 && pattern.test(path)))
      .map((pattern) => `${entry}: nothing like ${pattern.source}`),
  )

// Files that are in git or about to be; what git ignores does not count, however full the folder is on this machine.
const listed = spawnSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
  maxBuffer: 1 << 26,
})
const known = listed.status === 0
if (!known) console.log('skipped: the entries cannot be listed, this is not a git checkout')
const files = new Map(
  (known ? listed.stdout.split('\0') : [])
    .filter((path) => path && existsSync(join(root, path)))
    .map((path) => [path, statSync(join(root, path)).size]),
)

describe('top-level entries', () => {
  it.skipIf(!known)('are all there and not empty', () => {
    expect(Object.keys(ENTRIES)).toHaveLength(9)
    expect(lacking(files)).toEqual([])
  })

  it.skipIf(!known)('would be missed', () => {
    for (const entry of Object.keys(ENTRIES)) {
      const without = new Map([...files].filter(([path]) => path !== entry && !path.startsWith(`${entry}/`)))
      expect(lacking(without).filter((line) => line.startsWith(`${entry}:`)).length, entry).toBeGreaterThan(0)
    }
    const emptied = new Map(files).set('models/reference/model.bin', 0)
    expect(lacking(emptied)).toHaveLength(1)
  })

  it('hold pipelines that can be read', async () => {
    for (const name of ['sesame', 'reference', 'berka', 'taiwan', 'german'])
      expect((await readPipeline(join(root, 'pipelines', `${name}.yaml`))).name).toBe(name)
  })

  it('have a README that shows its pictures, with words for those who cannot see them', () => {
    const shown = [
      ...readFileSync(join(root, 'README.md'), 'utf8').matchAll(/!\[([^\]]*)\]\((docs\/pictures\/[^)]+)\)/g),
    ]
    expect(shown.map((m) => m[2])).toEqual([
      'docs/pictures/receipt.svg',
      'docs/pictures/models.svg',
      'docs/pictures/declared-effective.svg',
    ])
    for (const [, words] of shown) expect(words!.length).toBeGreaterThan(30)
  })

  it('have pictures that are what the code makes', () => {
    const check = spawnSync(process.execPath, ['scripts/pictures.mjs', '--check'], { cwd: root, encoding: 'utf8' })
    expect(check.stderr).toBe('')
    expect(check.status).toBe(0)
  })
})
