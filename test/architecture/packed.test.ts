/** What `npm pack` would put into the package: what is used and documented, nothing of the workshop. */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'

interface PackedFile {
  path: string
  size: number
}

const root = fileURLToPath(new URL('../..', import.meta.url))
const TOP = ['dist', 'docs', 'pipelines']
const ALONE = ['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json']
const MIB = 2 ** 20

/** What does not belong into the package. */
const complaints = (files: readonly PackedFile[]): string[] => [
  ...files
    .filter(({ path }) => !ALONE.includes(path) && !TOP.includes(path.split('/')[0]!))
    .map(({ path }) => `${path}: not a part of the package`),
  ...files
    .filter(({ path }) => /^docs\/api\/|\.map$|\.sources$|\.tmp-|\.test\.|^dist\/.*(?<!\.d)\.ts$/.test(path))
    .map(({ path }) => `${path}: of the workshop`),
  // The command is one bundle of everything.
  ...files
    .filter(({ path, size }) => size > (path === 'dist/cli/main.js' ? 1.5 * MIB : MIB / 2))
    .map(({ path, size }) => `${path}: ${size} bytes`),
]

let files: PackedFile[] = []
beforeAll(() => {
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  const options = { cwd: root, encoding: 'utf8', shell: npm.endsWith('.cmd'), maxBuffer: 64 * MIB } as const
  const packed = spawnSync(npm, ['pack', '--dry-run', '--json'], options)
  files = (JSON.parse(packed.stdout) as { files: PackedFile[] }[])[0]!.files
})

describe('the package', () => {
  it('holds built code, documents and pipelines, and nothing else', () => {
    expect(complaints(files)).toEqual([])
    expect(files.reduce((sum, f) => sum + f.size, 0)).toBeLessThan(8 * MIB)
  })

  it('holds every file that an entry or a command leads to', () => {
    const { exports, bin } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as {
      exports: Record<string, string | Record<string, string>>
      bin: Record<string, string>
    }
    const targets = Object.values(exports).flatMap((e) => (typeof e === 'string' ? [e] : Object.values(e)))
    const paths = new Set(files.map((f) => f.path))
    for (const target of [...targets, ...Object.values(bin)]) expect(paths).toContain(target.replace(/^\.\//, ''))
    // Threads start from a file of their own, which nothing imports.
    expect(paths).toContain('dist/threads/worker.js')
  })

  it('holds every document that its README leads to', () => {
    const paths = files.map((f) => f.path)
    const links = [...readFileSync(`${root}README.md`, 'utf8').matchAll(/\]\(((?:docs|pipelines)\/[^)\s#]*)/g)]
    expect(links.length).toBeGreaterThan(5)
    for (const [, link] of links)
      expect(paths.some((p) => p.startsWith(link!)) && existsSync(root + link), link).toBe(true)
  })

  it('would be caught with something else in it', () => {
    const size = 10
    for (const path of ['src/index.ts', 'test/a.test.ts', 'runs/demo/run.json', 'docs/api/index.html', 'dist/a.js.map'])
      expect(complaints([{ path, size }]), path).not.toEqual([])
    expect(complaints([{ path: 'dist/index.js', size: 5 * MIB }])).toHaveLength(1)
    expect(complaints([{ path: 'dist/index.d.ts', size }])).toEqual([])
  })
})
