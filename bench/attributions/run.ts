/**
 * Attributions of ours beside shap, LightGBM and woodelf on the same forests and rows, each measurement a process of its own on one thread. Options: see options.ts, or give one
 * that is not there. results.json beside this file is written by a run of everything; other runs write runs/bench/attributions.json.
 */
import { closeSync, mkdirSync, openSync, readFileSync, readSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { join } from 'node:path'
import { dataFolder, environment, machine, modelFolder, OUT, PYTHON, packages, say } from '../compute/folders.ts'
import { readJobs } from '../compute/jobs.ts'
import { busySeconds, ROOT, runProcess, stopChild } from '../compute/measure.ts'
import { WrongOption } from '../compute/options.ts'
import { time } from '../compute/tables.ts'
import { COLUMNS, type Job, ROWS } from './jobs.ts'
import type { Measured } from './measured.ts'
import { type Options, readOptions, USAGE } from './options.ts'
import { type Forest, type Gap, type Measurement, type Result, textOf } from './results.ts'

const HERE = join(ROOT, 'bench/attributions')
const KEPT = join(HERE, 'results.json')
const VALUES = join(OUT, 'attribution-values')
const THREADS = 1
/** Rows whose values are compared. */
const CHECKED = 500

const valuesFile = ({ model, name }: Job): string => join(VALUES, `${model}-${name}.f64`)

const commandOf = (job: Job, data: string, model: string): [string, string[]] => {
  const { rows, trees, method } = job
  const asked = { data, model, rows, trees, ...method, threads: THREADS, values: valuesFile(job), checked: CHECKED }
  const text = JSON.stringify(asked)
  if (method.by !== 'ours') return [PYTHON, ['-B', join(HERE, 'peers.py'), text]]
  const node = ['--expose-gc', '--max-old-space-size=12288', '--import', 'tsx', join(HERE, 'oursNode.ts'), text]
  return [process.execPath, node]
}

const measure = async (job: Job, repeat: number, limit: number, folders: readonly [string, string]) => {
  const load = loadavg()[0]!
  const before = busySeconds()
  const { out, err, code, late, seconds } = await runProcess(...commandOf(job, ...folders), limit)
  const after = busySeconds()
  const head = { ...job, repeat, load, othersCpu: 0 }
  const line = out.trim().split('\n').at(-1) ?? ''
  if (late) return { ...head, failed: `stopped after ${limit} s` }
  if (code !== 0 || !line.startsWith('{'))
    return { ...head, failed: (err.trim().split('\n').at(-1) || `ended with ${code}`).replaceAll(ROOT, '') }
  const measured = JSON.parse(line) as Measured
  const spare = before === undefined || after === undefined ? 0 : Math.max(0, after - before - measured.cpu)
  return { ...head, othersCpu: spare / (cpus().length * seconds), measured }
}

const valuesOf = (job: Job): Float64Array | undefined => {
  try {
    const bytes = readFileSync(valuesFile(job))
    return new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length))
  } catch {
    return undefined
  }
}

/** Ours of the same trees and background on the first rows, where ours that was timed has done other trees: not timed. */
const twinOf = (job: Job): Job => ({
  ...job,
  name: `ours-for-${job.name}`,
  method: { ...job.method, by: 'ours' },
  rows: Math.min(job.rows, CHECKED),
})

/** Of each peer's values from ours with the same background. */
const gapsOf = async (
  jobs: readonly Job[],
  limit: number,
  foldersOf: (job: Job) => [string, string],
): Promise<Gap[]> => {
  const gaps: Gap[] = []
  for (const job of jobs) {
    const theirs = job.method.by === 'ours' ? undefined : valuesOf(job)
    if (!theirs) continue
    let twin = jobs.find(
      ({ model, method }) => model === job.model && method.by === 'ours' && method.background === job.method.background,
    )
    if (!twin || twin.trees !== job.trees) {
      twin = twinOf(job)
      await runProcess(...commandOf(twin, ...foldersOf(job)), limit)
    }
    const own = valuesOf(twin)
    if (!own) continue
    const size = Math.min(own.length, theirs.length)
    let [largest, largestValue] = [0, 0]
    for (let k = 0; k < size; k++) {
      largest = Math.max(largest, Math.abs(own[k]! - theirs[k]!))
      largestValue = Math.max(largestValue, Math.abs(own[k]!))
    }
    gaps.push({ model: job.model, name: job.name, rows: size / COLUMNS, largest, largestValue })
  }
  return gaps
}

/** What the first line of the exported trees says of the forest. */
const forestOf = (folder: string, model: string): Forest => {
  const file = openSync(join(folder, 'trees.json'), 'r')
  const bytes = Buffer.alloc(4096)
  readSync(file, bytes)
  closeSync(file)
  const head = bytes
    .toString('utf8')
    .split('\n')[0]!
    .replace(/,\s*"trees": \[$/, '}')
  const { nodes, entry } = JSON.parse(head) as { nodes: number; entry: { trees: number } }
  return { model, trees: entry.trees, leaves: (nodes + entry.trees) / 2 }
}

const run = async ({ jobs, rows, whole, repeats, limit }: Options): Promise<Result> => {
  await environment()
  const data = await dataFolder({ set: 'synthetic', rows: ROWS, columns: COLUMNS })
  const list = readJobs()
  const folders = new Map<string, string>()
  for (const { model } of jobs) if (!folders.has(model)) folders.set(model, (await modelFolder(list, model, true))!)
  const foldersOf = ({ model }: Job): [string, string] => [data, folders.get(model)!]
  rmSync(VALUES, { recursive: true, force: true })
  mkdirSync(VALUES, { recursive: true })
  const measurements: Measurement[] = []
  for (let repeat = 1; repeat <= repeats; repeat++)
    // Who begins alternates.
    for (const job of repeat % 2 === 1 ? jobs : jobs.toReversed()) {
      const found: Measurement = await measure(job, repeat, limit, foldersOf(job))
      measurements.push(found)
      const { measured, failed, othersCpu } = found
      const took = measured
        ? `${time(measured.seconds.prepare + measured.seconds.explain)} s, ${time(measured.processor.prepare + measured.processor.explain)} of the processor, ${measured.memory.peak.toFixed(0)} MiB`
        : `FAILED: ${failed}`
      say(`${job.model} ${job.name}, ${job.rows} rows: ${took}; others used ${(100 * othersCpu).toFixed(0)} %`)
    }
  const result: Result = {
    machine: await machine(true),
    packages: (await packages()).filter((name) => /^(numpy|scipy|pandas|lightgbm|shap|woodelf)/i.test(name)),
    threads: THREADS,
    repeats,
    rows,
    forests: [...folders].map(([model, folder]) => forestOf(folder, model)),
    measurements,
    gaps: await gapsOf(jobs, limit, foldersOf),
  }
  const file = whole ? KEPT : join(OUT, 'attributions.json')
  writeFileSync(file, `${JSON.stringify(result, undefined, 1)}\n`)
  say(`written: ${file.replace(ROOT, '')}`)
  return result
}

const stop = (): void => {
  stopChild()
  process.exit(130)
}
process.on('SIGINT', stop)
process.on('SIGTERM', stop)

try {
  const options = readOptions(process.argv.slice(2))
  console.log(textOf(options.tables ? (JSON.parse(readFileSync(KEPT, 'utf8')) as Result) : await run(options)))
} catch (error) {
  if (!(error instanceof WrongOption)) throw error
  process.stderr.write(`${error.message}\n\n${USAGE}\n`)
  process.exitCode = 2
}
