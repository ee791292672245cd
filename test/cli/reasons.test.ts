/** `glasscore reasons` as a user meets it. Needs dist/ (npm test builds it). */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { workshop, writeMapping, writeTable } from '../stages/workshop.ts'

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
const folder = workshop()

const glasscore = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], { cwd: folder, encoding: 'utf8' })
  return { status, stdout, stderr }
}
const reasons = (...args: string[]) =>
  glasscore('reasons', 'models', '--features', 'table', '--cutoff', '560', '--threads', '1', ...args)

beforeAll(() => {
  writeTable(folder, { rows: 300 })
  writeMapping(folder)
  expect(glasscore('ingest', '--mapping', 'customers.mapping.yaml', '--out', 'table')).toMatchObject({ status: 0 })
  expect(glasscore('train', 'table', '--out', 'models', '--models', 'logistic')).toMatchObject({ status: 0 })
})

describe('glasscore reasons', () => {
  it('prints everybody in short', () => {
    const { status, stdout, stderr } = reasons('--out', 'all')
    expect(stderr).toBe('')
    expect(status).toBe(0)
    expect(stdout).toMatch(/logistic +300 +\d+ .* 300 +0 *\n/)
    expect(stdout).toContain('applicants with a score from 560')
    expect(stdout).toContain('reasons that stay: not assessed')
    expect(existsSync(join(folder, 'all', 'reasons.html'))).toBe(false)
    expect(reasons('--out', 'all').stdout).toContain('unchanged: ')
  })

  it('prints the reasons of one person with their evidence, and writes a page', () => {
    const asked = ['--person', 'c00007', '--out', 'one', '--retrainings', '2', '--background-draws', '2']
    const { status, stdout, stderr } = reasons(...asked)
    expect(stderr).toBe('')
    expect(status).toBe(0)
    expect(stdout).toMatch(/logistic: c00007 on 2024-06-30, score \d{3}, (below|at or above) 560/)
    expect(stdout).toContain('It is no advice.')
    expect(stdout.trimEnd().split('\n').at(-1)).toMatch(/^open .*one.reasons\.html$/)
    expect(readFileSync(join(folder, 'one', 'reasons.html'), 'utf8')).toContain('c00007')
    expect(JSON.parse(reasons(...asked, '--json').stdout)).toMatchObject({
      summary: { models: { logistic: { retrainings: { asked: 2, done: 2 }, check: { failing: 0 } } } },
      people: [{ personId: 'c00007' }],
    })
  })

  it('says in one line what is wrong', () => {
    const wrong: [string[], number, RegExp][] = [
      [['--out', 'x', '--person', 'nobody'], 3, /^error: .*no such person/],
      [['--out', 'x', '--background', 'own'], 2, /option background: reasons are measured from rows/],
      [['--out', 'x', '--background', 'best'], 2, /option background: this is no background/],
      [['--out', 'x', '--retrainings', '2000'], 2, /retrainings: expected a whole number from 0 to 1000/],
      [[], 2, /option out: where to write is not said/],
    ]
    for (const [args, code, message] of wrong) {
      const { status, stderr } = reasons(...args)
      expect(stderr).toMatch(message)
      expect(status).toBe(code)
      expect(existsSync(join(folder, 'x'))).toBe(false)
    }
  })
})
