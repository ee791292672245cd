/** `glasscore train`: options of models on the command line. Needs dist/ (npm test builds it). */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { readJson, workshop, writeMapping, writeTable } from '../stages/workshop.ts'

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
const folder = workshop()
const glasscore = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], { cwd: folder, encoding: 'utf8' })
  return { status, stdout, stderr }
}

beforeAll(() => {
  writeTable(folder)
  writeMapping(folder)
  const { status, stderr } = glasscore('ingest', '--mapping', 'customers.mapping.yaml', '--out', 'features')
  expect(stderr).toBe('')
  expect(status).toBe(0)
})

describe('glasscore train --set', () => {
  it('reaches every option of every model, values as YAML', () => {
    const { status, stderr } = glasscore(
      ...['train', 'features', '--out', 'trained', '--models', 'logistic,forest,boosting', '--seed', '3', '--json'],
      ...['--set', 'logistic.elasticNet.alpha=0.5', '--set', 'logistic.elasticNet.steps=20'],
      ...['--set', 'logistic.signs={income: down}', '--set', 'forest.classWeight=[1, 3]', '--trees', '20'],
      ...['--set', 'forest.replace=false', '--set', 'forest.sampleRatio=0.6', '--set', 'boosting.rounds=9'],
      ...['--set', 'boosting.rounds=12', '--set', 'boosting.monotone=catalogue'],
    )
    expect(stderr).toBe('')
    expect(status).toBe(0)
    const { models } = readJson<{ models: Record<string, { report: { options: object } }> }>(
      join(folder, 'trained', 'metrics.json'),
    )
    expect(models['logistic']!.report.options).toMatchObject({
      elasticNet: { alpha: 0.5, steps: 20, lambda: 'oneStandardError' },
      signs: { income: 'down' },
    })
    expect(models['forest']!.report.options).toMatchObject({
      trees: 20,
      classWeight: [1, 3],
      replace: false,
      sampleRatio: 0.6,
    })
    // The later of two.
    expect(models['boosting']!.report.options).toMatchObject({ rounds: 12, monotone: 'catalogue' })
  })

  it.each([
    [
      'boosting.rounds=0',
      'option models.boosting.rounds: invalid value; expected a whole number from 1 to 10,000; got 0',
    ],
    ['boosting.round=5', 'option models.boosting.round: there is no such option'],
    ['boosting.monotone={income: up}', 'option models.boosting.monotone: invalid value; expected catalogue, or names'],
    [
      'forest.trees=9',
      'option set forest.trees: this model is not trained; expected an option of boosting; got "forest"',
    ],
    ['boosting=1', 'expected MODEL.OPTION=VALUE, for example boosting.learningRate=0.1'],
    ['boosting.rounds', 'expected MODEL.OPTION=VALUE'],
    ['boosting.monotone={', 'expected MODEL.OPTION=VALUE'],
    ['boosting.__proto__.rounds=3', 'expected MODEL.OPTION=VALUE'],
  ])('%s is refused, and nothing is written', (setting, message) => {
    const { status, stderr } = glasscore('train', 'features', '--out', 'no', '--models', 'boosting', '--set', setting)
    expect(status).toBe(2)
    expect(stderr).toContain(message)
    expect(stderr).not.toMatch(/\n {4}at /)
    expect(existsSync(join(folder, 'no'))).toBe(false)
  })
})

describe('Ctrl-C', () => {
  it.each(['1', '2'])(
    'in the midst of boosting on %s threads ends it soon, with nothing half-written',
    async (threads) => {
      const before = readdirSync(folder)
      // By itself it would take minutes.
      const slow = [
        'rounds=10000',
        'patience=10000',
        'learningRate=0.001',
        'maxLeaves=400',
        'minLeaf=1',
        'minHessian=1e-9',
      ]
      const child = spawn(
        process.execPath,
        [
          ...[main, 'train', 'features', '--out', 'stopped', '--models', 'boosting', '--threads', threads],
          ...slow.flatMap((setting) => ['--set', `boosting.${setting}`]),
        ],
        { cwd: folder },
      )
      let text = ''
      child.stderr.on('data', (data) => {
        text += data
      })
      const exit = new Promise((resolve) => child.on('exit', resolve))
      while (readdirSync(folder).length === before.length && child.exitCode === null) await wait(20)
      await wait(1500)
      expect(child.exitCode).toBe(null)
      child.kill('SIGINT')
      expect(await exit).toBe(130)
      expect(text).toBe('error: stopped by the user; run the same command again: finished stages are kept\n')
      expect(readdirSync(folder)).toEqual(before)
    },
  )
})
