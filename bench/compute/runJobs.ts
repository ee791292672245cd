/** The jobs of peers.yaml in turn: ours alone, or ours beside its peers on the same files, each run in a fresh process. */
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { dataFolder, environment, MODELS, machine, modelFolder, OUT, PYTHON, say } from './folders.ts'
import type { JobList, Variant } from './jobs.ts'
import { currentOf, isWhole, keyOf, linesOf, type Run, readJournal, seedsOf, without } from './journal.ts'
import { measureNode, measurePython } from './measure.ts'
import { type Options, WrongOption } from './options.ts'
import { machineText, oursMarkdown, peersMarkdown } from './peersPage.ts'
import { planOf, runsOfPlan } from './plan.ts'
import type { Measurement } from './summary.ts'
import { time } from './tables.ts'
import { aboutHere, placesOf, resultOf, writeTables } from './writeTables.ts'

const lineOf = (m: Measurement): string => {
  const what = m.seconds
    ? `${time(m.seconds['total']!)} s${m.scaledFrom ? ' (scaled)' : ''}${typeof m.auc !== 'number' ? '' : `, AUC ${m.auc.toFixed(4)}`}`
    : `FAILED: ${m.failed}`
  const contended = m.othersCpu > 0.05 ? `, others used ${(100 * m.othersCpu).toFixed(0)} % of the machine` : ''
  return `${m.job} ${m.by} ${m.version} seed ${m.seed}: ${what}${contended}`
}

/** The committed tables from the journal as it is; nothing is measured. */
export const tablesOnly = async (list: JobList): Promise<void> => {
  const journal = readJournal(join(OUT, 'measurements.jsonl'))
  const lines = linesOf(list)
  if (seedsOf(lines, journal, list.repeats).every(({ n }) => n === 0))
    throw new WrongOption('--tables: runs/bench/measurements.jsonl has no job of the list that both sides have done')
  const result = resultOf(list, journal, lines, list.repeats, await aboutHere())
  console.log(peersMarkdown(result))
  for (const file of writeTables(result, true, placesOf(false))) say(`written: ${file}`)
}

export const runJobs = async (list: JobList, options: Options): Promise<void> => {
  const { withPeers, jobs, peers: asked, repeats, budget } = options
  const trial = options.rows !== undefined || options.columns !== undefined || options.threads !== undefined
  const journal = join(OUT, `${withPeers ? 'measurements' : 'ours'}${trial ? '-trial' : ''}.jsonl`)
  for (const name of jobs) {
    const { data } = list.jobs[name]!
    if (data.set !== 'synthetic') continue
    if (options.rows) data.rows = options.rows
    if (options.columns) data.columns = options.columns
  }
  mkdirSync(OUT, { recursive: true })
  if (withPeers) await environment()
  const plan = planOf(list, options)
  const planned = runsOfPlan(plan, options)
  // What is about to be measured replaces what was measured of it; other jobs, peers and seeds keep theirs.
  const kept = trial && !options.resume ? [] : readJournal(journal)
  const on = machineText(await machine(withPeers))
  const measurements = options.resume ? kept : without(kept, planned, on)
  writeFileSync(journal, measurements.map((m) => `${JSON.stringify(m)}\n`).join(''))

  const keep = (measured: Measurement): void => {
    const m = { ...measured, on }
    measurements.push(m)
    appendFileSync(journal, `${JSON.stringify(m)}\n`)
    say(lineOf(m))
  }
  const done = (run: Run): boolean => measurements.some((m) => !m.failed && m.on === on && keyOf(m) === keyOf(run))

  const nodeRun = async (name: string, by: string, variant: Variant, threads: number, seed: number) => {
    if (done({ job: name, by, variant: variant.key, threads, seed })) return
    const { work, peers } = list.jobs[name]!
    const model = variant.model ? await modelFolder(list, variant.model, withPeers) : undefined
    if (variant.model && !model) {
      say(`${name}: no trees of ${variant.model} in the cache; run it with peers once`)
      return
    }
    const data = await dataFolder(variant.data)
    const settings = peers[by]?.settings ?? {}
    const { against, same } = variant
    const request = { job: name, by, work, data, threads, seed, same, settings, also: withPeers || options.jobsNamed }
    const models = { ...(model ? { model } : {}), ...(against ? { against } : {}) }
    keep(await measureNode({ ...request, ...models }, variant.key, 2 * budget + 120))
  }
  const pythonRun = async (name: string, by: string, variant: Variant, threads: number, seed: number) => {
    if (done({ job: name, by, variant: variant.key, threads, seed })) return
    const data = await dataFolder(variant.data)
    if (variant.model) await modelFolder(list, variant.model, withPeers)
    const request = { python: PYTHON, job: name, by, data, models: MODELS, threads, seed, budget }
    keep(await measurePython(request, variant.key, 2 * budget + 120))
  }

  for (const { name, threads, groups } of plan) {
    const job = list.jobs[name]!
    for (let seed = 1; seed <= repeats; seed++)
      for (const { variant, peers } of groups) {
        // Who begins alternates, so that a machine that warms up or throttles favors neither side. A check of SHAP values
        // needs the peer's first.
        const oursFirst = seed % 2 === 0
        if (oursFirst) await nodeRun(name, 'ours', variant, threads, seed)
        for (const peer of withPeers ? peers : [])
          if (job.peers[peer]!.module === 'npm') await nodeRun(name, peer, variant, threads, seed)
          else await pythonRun(name, peer, variant, threads, seed)
        if (!oursFirst) await nodeRun(name, 'ours', variant, threads, seed)
      }
  }

  if (!withPeers) {
    console.log(oursMarkdown(currentOf(measurements, planned)))
    const file = join(OUT, `ours${trial ? '-trial' : ''}.json`)
    writeFileSync(file, `${JSON.stringify({ machine: await machine(false), measurements }, undefined, 1)}\n`)
    say(`written: ${file}`)
    return
  }
  const all = linesOf(list, options.threads)
  const lines = trial ? all.filter(({ job, peer }) => jobs.includes(job) && asked.has(peer)) : all
  const wanted = trial ? repeats : list.repeats
  const result = resultOf(list, measurements, lines, wanted, await aboutHere())
  console.log(peersMarkdown(result))
  const committed = !trial && isWhole(result.seeds, wanted)
  for (const file of writeTables(result, committed, placesOf(trial))) say(`written: ${file}`)
  if (!trial && !committed) {
    const missing = result.seeds.reduce((sum, { n }) => sum + wanted - n, 0)
    say(
      `the committed tables stay as they are: ${missing} seeds of the list's lines have no result; --tables writes them even so`,
    )
  }
}
