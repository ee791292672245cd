/** The command line as a user meets it: a process with arguments, two streams and an exit code. Needs dist/ (npm test builds it). */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { random } from '../../src/util/random.ts'
import { readJson, workshop, writeMapping, writeTable } from '../stages/workshop.ts'

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
const folder = workshop()

const glasscore = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], { cwd: folder, encoding: 'utf8' })
  return { status, stdout, stderr }
}

const PIPELINE = `name: customers
seed: 5
source: { kind: mapping, mapping: customers.mapping.yaml }
train:
  models: { logistic: {}, forest: { trees: 40, minLeaf: 10 } }
  replicates: 200
`

beforeAll(() => {
  writeTable(folder)
  writeMapping(folder)
  writeFileSync(join(folder, 'customers.yaml'), PIPELINE)
})

describe('glasscore', () => {
  it('knows its commands and exit codes', () => {
    const { status, stdout } = glasscore('--help')
    expect(status).toBe(0)
    for (const command of [
      'simulate',
      'ingest',
      'factors',
      'features',
      'train',
      'score',
      'explain',
      'run',
      'report',
      'compare',
    ])
      expect(stdout).toContain(`\n  ${command} `)
    expect(stdout).toMatch(/130 {2}stopped by the user/)
    for (const command of [
      'simulate',
      'ingest',
      'factors',
      'features',
      'train',
      'score',
      'explain',
      'run',
      'report',
      'compare',
    ]) {
      const help = glasscore(command, '--help').stdout
      for (const option of ['--seed', '--threads', '--out', '--json']) expect(help, command).toContain(option)
    }
  })

  it('runs a pipeline, quiet in a pipe, and prints the summary and the paths', () => {
    const { status, stdout, stderr } = glasscore('run', 'customers.yaml', '--out', 'run', '--threads', '2')
    expect(stderr).toBe('')
    expect(status).toBe(0)
    expect(stdout).toMatch(/logistic +0\.\d{3} \[0\.\d{3}, 0\.\d{3}\]/)
    expect(stdout).toContain('in 1,200 rows checked, 0 failing')
    expect(stdout).toContain('all of it in run (metrics.json, run.json)')
    expect(stdout.trimEnd().split('\n').at(-1)).toBe(`open ${join('run', 'report', 'report.html')}`)
    expect(glasscore('run', 'customers.yaml', '--out', 'run').stdout.match(/unchanged/g)).toHaveLength(5)
  })

  it('compares the models of a run, and says which word it does not know', () => {
    const asked = ['compare', 'run', '--baselines', 'best_factor', '--reference', 'forest', '--threads', '1']
    const { status, stdout, stderr } = glasscore(...asked)
    expect(stderr).toBe('')
    expect(status).toBe(0)
    expect(stdout).toContain('180 held-out rows in common')
    expect(stdout).toContain('less forest, paired:')
    expect(stdout).toMatch(/best_factor +-0\.\d{3} \[-0\.\d{3}, -?0\.\d{3}\] +(worse|tie)/)
    expect(stdout.trimEnd().split('\n').at(-1)).toMatch(/^open .*run.compare.compare\.html$/)
    expect(glasscore('compare', '--baselines', 'run')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('got "run". Runs stand before --baselines.'),
    })
  })

  it('prints JSON and nothing else where asked', () => {
    const result = glasscore('run', 'customers.yaml', '--out', 'run', '--json')
    expect(JSON.parse(result.stdout)).toMatchObject({
      name: 'customers',
      receipts: { models: { forest: { rowsFailing: 0 } } },
    })
    expect(JSON.parse(glasscore('factors', '--json').stdout)).toHaveLength(70)
    const failed = glasscore('run', 'no.yaml', '--json')
    expect(failed.status).toBe(2)
    expect(failed.stdout).toBe('')
    expect(JSON.parse(failed.stderr)).toMatchObject({ error: { kind: 'usage', file: 'no.yaml' } })
  })

  it('goes stage by stage', () => {
    const table = glasscore('ingest', '--mapping', 'customers.mapping.yaml', '--out', 'table')
    expect(table.status).toBe(0)
    expect(table.stdout).toContain('\nnext: glasscore train table --out MODELS ')
    expect(table.stdout).toContain('source: { kind: mapping, mapping: customers.mapping.yaml }: docs/pipelines.md')
    const trained = glasscore('train', 'table', '--out', 'models', '--models', 'logistic,tree', '--seed', '2')
    expect(trained).toMatchObject({ status: 0, stderr: '' })
    // What is said to come next does; --baselines is followed by a name here, to train one of them only.
    const next = [...trained.stdout.matchAll(/^next: glasscore (.*?) {3}#/gm)].map((m) => m[1]!.split(' '))
    expect(next.map(([command]) => command)).toEqual(['compare', 'explain'])
    for (const words of next) {
      const one = words.at(-1) === '--baselines' ? ['best_factor'] : []
      expect(glasscore(...words, ...one), words.join(' ')).toMatchObject({ status: 0, stderr: '' })
    }
    expect(glasscore('score', 'models', '--features', 'table', '--out', 'scores').status).toBe(0)
    const explained = glasscore('explain', 'models', '--features', 'table', '--out', 'receipts', '--person', 'c00001')
    expect(explained.stdout).toMatch(/receipt of c00001 on 2024-06-30, model logistic, background training_mean/)
    expect(explained.stdout).toMatch(/\nopen .*receipts-c00001.explanation\.html\n$/)
    const near = ['--background', 'near-cutoff=500', '--background', 'group=sex:f', '--background-rows', '90']
    const against = glasscore('explain', 'models', '--features', 'table', '--out', 'near', ...near)
    expect(against).toMatchObject({ status: 0, stderr: '' })
    expect(against.stdout).toMatch(/tree +interventional +near_cutoff_500_\d+_sample_90_\w+ +\d+ +600 +0 /)
    expect(against.stdout).toContain('applicants whose sex is f')
    expect(against.stdout).toContain('logistic: game and sum are equal by definition')
    const all = glasscore('train', 'table', '--out', 'all').stdout
    expect(all).toMatch(/^ ?logistic +0\./m)
    expect(all).not.toMatch(/^ ?declared +0\./m)
    expect(all).toContain('warning: declared: left out, because no factor is of a dimension with an advertised weight')
  })

  it('reports on a run', () => {
    const made = glasscore(
      'report',
      'run',
      '--person',
      'c00007',
      '--model',
      'logistic',
      '--cutoff',
      '600',
      '--out',
      'page',
    )
    expect(made).toMatchObject({ status: 0, stderr: '' })
    expect(made.stdout).toMatch(
      /^logistic, forest: 180 test rows, \d+ bad; cutoff 600\nreceipt of c00007 on 2024-06-30, /,
    )
    expect(made.stdout.trimEnd().split('\n').at(-1)).toBe(`open ${join(realpathSync(folder), 'page', 'report.html')}`)
    expect(readFileSync(join(folder, 'page/report.html'), 'utf8')).toMatch(/^<!doctype html>\n<html lang="en">/)
    const json = JSON.parse(glasscore('report', 'run', '--json').stdout)
    expect(json).toMatchObject({ skipped: true, summary: { cutoff: 650, person: { model: 'forest' } } })
  })

  it('proposes a mapping that works', () => {
    expect(glasscore('ingest', '--init', 'customers.csv', '--out', 'proposed.yaml').status).toBe(0)
    expect(glasscore('ingest', '--init', 'customers.csv', '--out', 'proposed.yaml').stderr).toMatch(
      /the mapping file is there already/,
    )
    const read = glasscore('ingest', '--mapping', 'proposed.yaml', '--out', 'proposed')
    expect(read).toMatchObject({ status: 0 })
    expect(readJson<{ protectedColumns: string[] }>(join(folder, 'proposed/features.json')).protectedColumns).toEqual([
      'sex',
    ])
  })

  it('prints the plan of a factor', () => {
    const { stdout } = glasscore('factors', 'flights_1y', '--sql')
    expect(stdout).toContain('international')
    expect(stdout).toMatch(/SELECT/)
  })
})

describe('errors', () => {
  const model = () => join(folder, 'run/train/models/forest')

  it.each([
    [2, ['run', 'no.yaml'], /error: file no\.yaml: the pipeline file cannot be read; expected a YAML file/],
    [2, ['fly'], /error: unknown command 'fly'/],
    [2, ['simulate'], /error: required option '--out <path>' not specified/],
    [2, ['simulate', '--out', 'x', '--people', 'many'], /people: expected a whole number from 1 to 10000000/],
    [2, ['simulate', '--out', 'x', '--as-of', '2024-02-30'], /expected a date as YYYY-MM-DD/],
    [2, ['simulate', '--out', 'x', '--threads', '0'], /threads: expected a whole number from 1 to 256/],
    [2, ['simulate', '--out', 'customers.csv'], /option out: the output is a file; expected a folder/],
    [2, ['factors', 'shoe_size'], /error: no such factor; expected a name from glasscore factors; got "shoe_size"/],
    [
      2,
      ['train', 'table', '--out', 'y', '--models', 'oracle'],
      /option models: unknown model; expected declared, logistic, tree, forest, boosting; got "oracle"/,
    ],
    [
      2,
      ['train', 'table', '--out', 'y', '--declared', '1/2'],
      /option declared: invalid weights; expected five numbers/,
    ],
    [2, ['train', 'table', '--out', 'y', '--test-share', '2'], /option split\.testShare/],
    [2, ['score', 'models', '--out', 'y'], /option features: whom to score is not clear/],
    [
      2,
      ['explain', 'models', '--features', 'table', '--out', 'y', '--background', 'everybody'],
      /option background: this is no background; expected own, all, near-cutoff, .*; got "everybody"/,
    ],
    [
      2,
      ['explain', 'models', '--features', 'table', '--out', 'y', '--background-rows', '10'],
      /option background-rows: the background of a model has no rows of its own/,
    ],
    [3, ['train', 'nowhere', '--out', 'y'], /error: file nowhere: no such file or folder/],
    [
      3,
      ['features', 'table', '--out', 'y'],
      /error: file table: this is not a dataset folder; expected a folder with dataset\.json in it/,
    ],
    [
      3,
      ['explain', 'models', '--features', 'table', '--out', 'receipts', '--person', 'nobody'],
      /column person_id: no such person; got "nobody"/,
    ],
    [2, ['report', 'run', '--cutoff', '351.5'], /cutoff: expected a whole number from 350 to 950/],
    [
      2,
      ['report', 'run', '--model', 'oracle'],
      /option model: the run has no such model; expected logistic, forest; got/,
    ],
    [3, ['report', 'run', '--person', 'nobody'], /column person_id: no such person; got "nobody"/],
    [3, ['report', 'table'], /error: file .*table: this is not a run; expected a folder that glasscore run wrote/],
    [4, ['score', 'table', '--features', 'table', '--out', 'y'], /error: file table: no model here/],
  ])('exits with %i for %j', (code, args, message) => {
    const { status, stderr, stdout } = glasscore(...args)
    expect(stderr).toMatch(message)
    expect(
      stderr
        .trim()
        .split('\n')
        .filter((line) => line.startsWith('error:')),
    ).toHaveLength(1)
    expect(status).toBe(code)
    expect(stdout).toBe('')
    expect(existsSync(join(folder, 'x'))).toBe(false)
    expect(existsSync(join(folder, 'y'))).toBe(false)
  })

  it('exits with 2 for an unknown key of a pipeline, naming it', () => {
    writeFileSync(join(folder, 'wrong.yaml'), PIPELINE.replace('replicates', 'replicats'))
    const { status, stderr } = glasscore('run', 'wrong.yaml')
    expect(status).toBe(2)
    expect(stderr).toMatch(/file wrong\.yaml, option train\.replicats/)
  })

  it('exits with 4 for a corrupted model', () => {
    const file = join(model(), 'model.bin')
    const bytes = readFileSync(file)
    writeFileSync(file, bytes.subarray(0, bytes.length - 8))
    const { status, stderr } = glasscore('score', model(), '--features', 'table', '--out', 'y')
    writeFileSync(file, bytes)
    expect(status).toBe(4)
    expect(stderr).toMatch(/model\.bin/)
  })
})

describe('a killed run', () => {
  const outputs = (out: string): Record<string, string> =>
    Object.assign(
      {},
      ...['scores', 'receipts'].map(
        (stage) => readJson<{ outputs: object }>(join(folder, out, stage, 'manifest.json')).outputs,
      ),
    )

  it('resumes to the same bytes, wherever it was killed, and leaves no leftovers', async () => {
    const random1 = random('kills')
    for (let kill = 0; kill < 5; kill++) {
      const child = spawn(process.execPath, [main, 'run', 'customers.yaml', '--out', 'killed', '--threads', '2'], {
        cwd: folder,
        stdio: 'ignore',
      })
      await wait(250 + random1.integer(900))
      child.kill('SIGKILL')
      await new Promise((resolve) =>
        child.exitCode === null && child.signalCode === null ? child.on('exit', resolve) : resolve(null),
      )
    }
    expect(glasscore('run', 'customers.yaml', '--out', 'killed')).toMatchObject({ status: 0 })
    expect(outputs('killed')).toEqual(outputs('run'))
    expect(readdirSync(join(folder, 'killed')).filter((name) => name.includes('.tmp-'))).toEqual([])
  })

  it('ends with 130 on Ctrl-C, without half an output', async () => {
    const child = spawn(process.execPath, [main, 'run', 'customers.yaml', '--out', 'stopped', '--threads', '1'], {
      cwd: folder,
    })
    let text = ''
    child.stderr.on('data', (data) => {
      text += data
    })
    // Once the folder is there, the program hears signals.
    while (!existsSync(join(folder, 'stopped', 'run.json'))) await wait(20)
    await wait(100)
    child.kill('SIGINT')
    const code = await new Promise((resolve) => child.on('exit', resolve))
    // On a very fast machine the run may have ended by itself.
    if (code !== 0) {
      expect(code).toBe(130)
      expect(text).toBe('error: stopped by the user; run the same command again: finished stages are kept\n')
    }
    if (existsSync(join(folder, 'stopped')))
      expect(readdirSync(join(folder, 'stopped')).filter((name) => name.includes('.tmp-'))).toEqual([])
  })
})
