/** `glasscore counterfactual` as a user meets it. Needs dist/ (npm test builds it). */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Counterfactuals } from '../../src/counterfactuals/counterfactual.ts'
import { counterfactuals } from '../../src/stages/counterfactuals.ts'
import { BAD_INPUTS, badInputLine, withPart } from '../sources/badInputsDocument.ts'
import { workshop, writeMapping, writeTable } from '../stages/workshop.ts'

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
const folder = workshop()
const at = (...parts: string[]): string => join(folder, ...parts)

const glasscore = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], { cwd: folder, encoding: 'utf8' })
  return { status, stdout, stderr }
}
const counterfactual = (...args: string[]) =>
  glasscore('counterfactual', 'models', '--features', 'table', '--cutoff', '560', ...args)

beforeAll(() => {
  writeTable(folder, { rows: 200 })
  writeMapping(folder)
  const trained = ['--models', 'logistic,forest', '--trees', '8', '--threads', '1']
  expect(glasscore('ingest', '--mapping', 'customers.mapping.yaml', '--out', 'table')).toMatchObject({ status: 0 })
  expect(glasscore('train', 'table', '--out', 'models', ...trained)).toMatchObject({ status: 0 })
})

const asked = () => ({ models: [at('models')], features: at('table'), cutoff: 560, options: 1 })

describe('glasscore counterfactual', () => {
  it('prints the options of a person, and JSON', () => {
    const { status, stdout, stderr } = counterfactual('--person', 'c00007', '--cutoff', '700')
    expect(stderr).toBe('')
    expect(status).toBe(0)
    expect(stdout).toMatch(/c00007 on 2024-06-30, model forest: score \d{3}; 700 within 12 months: /)
    expect(stdout).toContain('no advice, and no promise')
    const json = JSON.parse(
      counterfactual('--person', 'c00007', '--cutoff', '700', '--json').stdout,
    ) as Counterfactuals[]
    expect(json.map(({ model, personId }) => [model, personId])).toEqual([
      ['forest', 'c00007'],
      ['logistic', 'c00007'],
    ])
  })

  it('writes the same bytes for everybody below, whatever the number of threads', () => {
    for (const threads of ['1', '2']) {
      const { status, stdout, stderr } = counterfactual('--all-below', '--out', `all${threads}`, '--threads', threads)
      expect(stderr).toBe('')
      expect(status).toBe(0)
      expect(stdout).toContain('solved to proof')
    }
    for (const file of ['counterfactuals.parquet', 'counterfactuals.json', 'summary.json'])
      expect(readFileSync(at('all2', file)).equals(readFileSync(at('all1', file))), file).toBe(true)
  })

  it('leaves nothing behind when it is interrupted, with one thread and with two', async () => {
    for (const threads of [1, 2]) {
      const before = readdirSync(folder).sort()
      const controller = new AbortController()
      const progress = (step: string): void => {
        if (step.startsWith('counterfactuals')) controller.abort()
      }
      const out = at('stopped')
      await expect(counterfactuals({ ...asked(), out, threads, progress, signal: controller.signal })).rejects.toThrow(
        'stopped by the user',
      )
      expect(readdirSync(folder).sort()).toEqual(before)
    }
  })

  it('says in one line what is wrong, and writes nothing', async () => {
    writeFileSync(at('empty.txt'), '\n\n')
    writeFileSync(at('other.csv'), readFileSync(at('customers.csv'), 'utf8').replaceAll('debt', 'rent'))
    const mapping = readFileSync(at('customers.mapping.yaml'), 'utf8')
    writeFileSync(at('other.mapping.yaml'), mapping.replaceAll('debt', 'rent').replace('customers.csv', 'other.csv'))
    expect(glasscore('ingest', '--mapping', 'other.mapping.yaml', '--out', 'other')).toMatchObject({ status: 0 })
    const one = ['--person', 'c00007']
    const wrong: [string, number, string[]][] = [
      ['a person who is not in the table', 3, ['--person', 'nobody']],
      ['nobody asked for', 2, []],
      ['two ways to say who', 2, [...one, '--all-below']],
      ['a file of persons that is not there', 3, ['--people', 'nowhere.txt']],
      ['a file of persons without one', 3, ['--people', 'empty.txt']],
      ['a cutoff that no score can reach', 2, [...one, '--cutoff', '1000']],
      ['months that are not whole', 2, [...one, '--months', '1.5']],
      ['a factor to `--fix` that the model does not have', 2, [...one, '--fix', 'luck']],
      ['no box to look at', 2, [...one, '--nodes', '0']],
      ['no number of threads', 2, ['--all-below', '--threads', '0', '--out', 'x']],
    ]
    const lines = wrong.map(([name, code, args]) => {
      const { status, stderr } = counterfactual(...args)
      expect(status, name).toBe(code)
      expect(existsSync(at('x'))).toBe(false)
      // What the command line itself refuses has a second line: where help is.
      const [message, help] = stderr.trim().split('\n') as [string, string?]
      expect(help ?? '--help', name).toContain('--help')
      return badInputLine(name, message.replace(/^error: /, ''))
    })
    const { status, stderr } = glasscore('counterfactual', 'models', '--features', 'other', ...one)
    expect(status).toBe(3)
    lines.push(badInputLine('a table without the columns of the model', stderr.trim().replace(/^error: /, '')))
    const text = `What \`glasscore counterfactual\` says, beyond what \`score\` says of models and tables; made by \`test/cli/counterfactual.test.ts\`.

| input | message |
|---|---|
${lines.join('\n')}
`
    await expect(withPart('Counterfactuals', text)).toMatchFileSnapshot(BAD_INPUTS)
  })
})
