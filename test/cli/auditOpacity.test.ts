/** `glasscore audit opacity` as a user meets it. Needs dist/ (npm test builds it). */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { random } from '../../src/util/random.ts'
import { workshop } from '../stages/workshop.ts'

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
const folder = workshop()

const audit = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, 'audit', 'opacity', ...args], {
    cwd: folder,
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

beforeAll(() => {
  const stream = random(2)
  const lines = ['id,"income, net",debt,paid,points']
  for (let i = 0; i < 300; i++) {
    const [income, debt] = [stream.normal(), stream.normal()]
    lines.push(`${i},${income},${debt},${i % 5 ? 'yes' : 'no'},${600 + 40 * income - 10 * debt}`)
  }
  writeFileSync(join(folder, 'loans.csv'), `${lines.join('\n')}\n`)
  mkdirSync(join(folder, 'runs'))
})

const FILE = ['loans.csv', '--score', 'points', '--cutoff', '590', '--ignore', 'id,paid', '--replicates', '40']

describe('glasscore audit opacity', () => {
  it('audits a file, with commas in names and weights of its own dimensions, and does not do it twice', () => {
    const all = [
      ...FILE,
      '--dimension',
      'money=income\\, net',
      '--dimension',
      'burden=debt',
      '--declared',
      'money=50,burden=50',
    ]
    const { status, stdout, stderr } = audit(...all)
    expect(stderr).toBe('')
    expect(status).toBe(0)
    expect(stdout).toContain('300 rows, 2 factors; measured on 90 rows')
    expect(stdout).toMatch(/money +0\.50 +0\.9\d/)
    expect(stdout).toMatch(/not here: pentagon/)
    expect(stdout).toMatch(/written: .*loans\.csv\.opacity\n/)
    expect(existsSync(join(folder, 'loans.csv.opacity', 'opacity.html'))).toBe(true)
    expect(audit(...all).stdout).toMatch(/unchanged: /)
  })

  it('refuses weights, factors and cutoffs that the file does not have, and says that weights were scaled', () => {
    const parts = ['--dimension', 'money=income\\, net', '--dimension', 'burden=debt']
    const refused = (...args: string[]) => {
      const { status, stderr } = audit(...FILE, ...parts, ...args, '--out', 'refused')
      expect(status).toBe(2)
      return stderr
    }
    expect(refused('--declared', 'money=60,credit=40')).toContain('there are: money, burden')
    expect(refused('--made-elsewhere', 'dept')).toContain('did you mean debt?')
    expect(refused('--cutoff', '5000')).toContain('within the scores, which lie from ')
    expect(existsSync(join(folder, 'refused'))).toBe(false)
    const { stdout } = audit(...FILE, ...parts, '--declared', 'money=3,burden=1', '--out', 'scaled')
    expect(stdout).toContain('note: The declared weights (money 3, burden 1) add up to 4 and were scaled to 100 %.')
    expect(stdout).toContain('a card of 2 factors tells')
  })

  it('refuses options of a run for a file, and of a file for a run, and writes nothing', () => {
    const file = audit(...FILE, '--retrainings', '5', '--out', 'other')
    expect(file.status).toBe(2)
    expect(file.stderr).toContain('option retrainings: this is an option for a run')
    const run = audit('runs', '--higher-is', 'risk', '--out', 'other')
    expect(run.status).toBe(2)
    expect(run.stderr).toContain('option higher-is: this is an option for a file')
    expect(audit('runs', '--tolerance', '0.7').stderr).toContain('a number from 0 to 0.5')
    expect(audit('nowhere').status).toBe(3)
    expect(existsSync(join(folder, 'other'))).toBe(false)
  })
})
