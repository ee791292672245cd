// Makes data/sample/ again: a small synthetic data set, and the tables of outcomes and hashes in its README. Needs dist/ (npm run build).
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { simulate, VERSION } from '../dist/index.js'
import { sha256 } from '../dist/util/hash.js'

const sample = fileURLToPath(new URL('../data/sample/', import.meta.url))
const readme = join(sample, 'README.md')
const START = '<!-- hashes: written by scripts/sample.mjs -->'
const END = '<!-- end of hashes -->'
const OUTCOMES = ['good', 'bad', 'indeterminate', 'excluded', 'not_eligible']
/** Small enough to lie beside the code: under 1 MB in all. */
const PEOPLE = 100

const work = mkdtempSync(join(tmpdir(), 'glasscore-sample-'))
try {
  const out = join(work, 'population')
  const { summary } = await simulate({ people: PEOPLE, asOf: '2025-01-01', seed: 3, out })
  // What the machine and the moment add is not part of the data.
  for (const name of ['manifest.json', 'summary.json', 'summary.html']) rmSync(join(out, name))
  rmSync(join(sample, 'population'), { recursive: true, force: true })
  cpSync(out, join(sample, 'population'), { recursive: true })

  const files = readdirSync(out, { recursive: true })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => statSync(join(out, path)).isFile())
    .sort()
  const rows = files.map((path) => {
    const bytes = readFileSync(join(out, path))
    return `| \`population/${path}\` | ${bytes.length} | \`${sha256(bytes)}\` |`
  })
  const table = ['| file | bytes | SHA-256 |', '|---|---:|---|', ...rows].join('\n')
  const text = OUTCOMES.reduce(
    (before, status) => {
      const line = new RegExp(`^\\| ${status.replaceAll('_', ' ')} \\| \\d+ \\|$`, 'm')
      if (!line.test(before)) throw new Error(`data/sample/README.md has lost its outcome ${status}`)
      return before.replace(line, `| ${status.replaceAll('_', ' ')} | ${summary.outcomes[status] ?? 0} |`)
    },
    readFileSync(readme, 'utf8'),
  )
  const from = text.indexOf(START)
  const to = text.indexOf(END)
  if (from < 0 || to < from) throw new Error('data/sample/README.md has lost its markers')
  writeFileSync(readme, `${text.slice(0, from)}${START}\nMade by glasscore ${VERSION}.\n\n${table}\n${text.slice(to)}`)
  console.log(`data/sample: ${files.length} files`)
} finally {
  rmSync(work, { recursive: true, force: true })
}
