/** `glasscore audit fairness` as a user meets it. Needs dist/ (npm test builds it). */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { random } from '../../src/util/random.ts'
import { workshop } from '../stages/workshop.ts'

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
const folder = workshop()

const audit = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, 'audit', 'fairness', ...args], {
    cwd: folder,
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

beforeAll(() => {
  const stream = random(2)
  const lines = ['id,points,"group, first",age,paid']
  for (let i = 0; i < 500; i++) {
    const young = i % 4 === 0
    const points = Math.round(600 + 40 * stream.normal() - (young ? 60 : 0))
    lines.push(
      `${i},${points},${young ? 'young, urban' : 'other'},${18 + stream.integer(50)},${stream.next() < 0.2 ? 'no' : 'yes'}`,
    )
  }
  // A comma inside a name and inside a value.
  writeFileSync(join(folder, 'loans.csv'), `${lines.join('\n').replaceAll('young, urban', '"young, urban"')}\n`)
})

const FILE = ['loans.csv', '--score', 'points', '--cutoff', '590', '--outcome', 'paid', '--bad', 'no']

describe('glasscore audit fairness', () => {
  it('knows its options', () => {
    const { status, stdout } = audit('--help')
    expect(status).toBe(0)
    for (const option of ['--cutoff', '--rows', '--reference', '--bands', '--min-cell', '--groups', '--out', '--json'])
      expect(stdout).toContain(option)
  })

  it('audits a file, prints the table and the paths, and does not do it twice', () => {
    const { status, stdout, stderr } = audit(...FILE, '--groups', 'age')
    expect(stderr).toBe('')
    expect(status).toBe(0)
    expect(stdout).toMatch(/points +age +under 25 +\d+ +\d+ +0\.\d{3} +\d\.\d{3} \[\d\.\d{3}, \d\.\d{3}\]/)
    expect(stdout).toMatch(/cutoff 590; of 5 groups compared/)
    expect(stdout).toMatch(/written: .*loans\.csv\.fairness\n/)
    expect(existsSync(join(folder, 'loans.csv.fairness', 'fairness.html'))).toBe(true)
    expect(audit(...FILE, '--groups', 'age').stdout).toMatch(/unchanged: /)
  })

  it('takes a column with a comma in its name, and references and bands with commas between them', () => {
    const { status, stdout } = audit(
      ...FILE,
      '--groups',
      'group\\, first',
      '--groups',
      'age',
      '--bands',
      'age=30,45',
      '--reference',
      'age=30-44,group\\, first=other',
      '--json',
      '--out',
      'both',
    )
    expect(status).toBe(0)
    const { lines } = JSON.parse(stdout).summary as {
      lines: { attribute: string; group: string; fourFifths: string }[]
    }
    expect(lines.map((l) => `${l.attribute}: ${l.group}`)).toEqual([
      'group, first: other',
      'group, first: young, urban',
      'age: under 30',
      'age: 30-44',
      'age: 45 and over',
    ])
    expect(lines.filter((l) => l.fourFifths === 'reference').map((l) => l.group)).toEqual(['other', '30-44'])
    expect(lines[1]!.fourFifths).toBe('below four fifths')
    const page = readFileSync(join(folder, 'both', 'fairness.html'), 'utf8')
    expect(page).toContain('young, urban')
  })

  it('says what is wrong with an option, and with which exit code', () => {
    expect(audit('loans.csv', '--score', 'points', '--groups', 'age')).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/^error: option cutoff: /) as string,
    })
    expect(audit(...FILE, '--groups', 'sex').status).toBe(2)
    expect(audit(...FILE, '--groups', 'age', '--bands', 'age').stderr).toMatch(/expected ATTRIBUTE=VALUE/)
    expect(audit(...FILE, '--groups', 'age', '--bands', 'age=30,45', '--bands', 'age=20').stderr).toMatch(
      /age is given twice/,
    )
    expect(audit(...FILE, '--groups', 'age', '--reference', 'age=30,age=40').stderr).toMatch(/age is given twice/)
    expect(audit(...FILE, '--groups', 'age', '--rows', 'all').stderr).toMatch(/held-out, scored/)
    expect(audit('nowhere', '--cutoff', '600')).toMatchObject({ status: 3 })
    const { status, stderr } = audit('nowhere', '--json')
    expect(status).toBe(3)
    expect(JSON.parse(stderr)).toMatchObject({ error: { kind: 'data', file: 'nowhere' } })
  })
})
