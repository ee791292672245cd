/** The jobs of peers.yaml in turn: ours alone, or ours beside its peers on the same files, each run in a fresh process. */
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { dataFolder, environment, MODELS, machine, modelFolder, OUT, PYTHON, packages, say } from './folders.ts'
import { type Job, type JobList, type Variant, variantOf } from './jobs.ts'
import { measureNode, measurePython, ROOT } from './measure.ts'
import type { Options } from './options.ts'
import { fillPage, PEERS } from './pages.ts'
import { oursMarkdown, type PeersResult, peersMarkdown } from './peersPage.ts'
import { compareAll, type Measurement } from './summary.ts'
import { time } from './tables.ts'

const readJournal = (file: string): Measurement[] =>
  existsSync(file)
    ? readFileSync(file, 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Measurement)
    : []

const lineOf = (m: Measurement): string => {
  const what = m.seconds
    ? `${time(m.seconds['total']!)} s${m.scaledFrom ? ' (scaled)' : ''}${m.auc === undefined ? '' : `, AUC ${m.auc.toFixed(4)}`}`
    : (m.notYet ?? `FAILED: ${m.failed}`)
  const contended = m.othersCpu > 0.05 ? `, others used ${(100 * m.othersCpu).toFixed(0)} % of the machine` : ''
  return `${m.job} ${m.by} ${m.version} seed ${m.seed}: ${what}${contended}`
}

/** Peers of a job by what ours is run on for them. */
const groupsOf = (job: Job, peers: readonly (string | undefined)[]): { variant: Variant; peers: string[] }[] => {
  const groups = new Map<string, { variant: Variant; peers: string[] }>()
  for (const peer of peers) {
    const variant = variantOf(job, peer)
    const group = groups.get(variant.key) ?? { variant, peers: [] }
    if (peer !== undefined) group.peers.push(peer)
    groups.set(variant.key, group)
  }
  return [...groups.values()]
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
  // What is about to be measured replaces what was measured of it; other jobs keep theirs.
  const replaced = (m: Measurement) => !options.resume && jobs.includes(m.job) && (m.by === 'ours' || asked.has(m.by))
  const measurements = trial && !options.resume ? [] : readJournal(journal).filter((m) => !replaced(m))
  writeFileSync(journal, measurements.map((m) => `${JSON.stringify(m)}\n`).join(''))

  const keep = (m: Measurement): void => {
    measurements.push(m)
    appendFileSync(journal, `${JSON.stringify(m)}\n`)
    say(lineOf(m))
  }
  const done = (job: string, by: string, variant: string, threads: number, seed: number): boolean =>
    measurements.some(
      (m) =>
        m.job === job && m.by === by && m.variant === variant && m.threads === threads && m.seed === seed && !m.failed,
    )

  const nodeRun = async (name: string, by: string, variant: Variant, threads: number, seed: number) => {
    if (done(name, by, variant.key, threads, seed)) return
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
    if (done(name, by, variant.key, threads, seed)) return
    const data = await dataFolder(variant.data)
    if (variant.model) await modelFolder(list, variant.model, withPeers)
    const request = { python: PYTHON, job: name, by, data, models: MODELS, threads, seed, budget }
    keep(await measurePython(request, variant.key, 2 * budget + 120))
  }

  if (withPeers) await environment()
  for (const name of jobs) {
    const job = list.jobs[name]!
    const threads = options.threads ?? job.threads ?? list.threads
    const peers = Object.keys(job.peers).filter((peer) => withPeers && asked.has(peer))
    if (withPeers && peers.length === 0) continue
    if (!withPeers && !options.jobsNamed && job.compares) continue
    const needed = withPeers
      ? peers
      : // Trees of one peer are enough for ours alone.
        job.work === 'shap' || job.work === 'predict'
        ? Object.keys(job.peers).slice(0, 1)
        : [undefined]
    const groups = groupsOf(job, needed)
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
    console.log(oursMarkdown(measurements.filter((m) => jobs.includes(m.job))))
    const file = join(OUT, `ours${trial ? '-trial' : ''}.json`)
    writeFileSync(file, `${JSON.stringify({ machine: await machine(false), measurements }, undefined, 1)}\n`)
    say(`written: ${file}`)
    return
  }
  const comparisons = compareAll(list, measurements, (job, peer) => variantOf(list.jobs[job]!, peer).key)
  const result: PeersResult = {
    machine: await machine(true),
    packages: await packages(),
    settings: { repeats },
    comparisons,
    measurements,
  }
  const generated = peersMarkdown(result)
  console.log(generated)
  const file = trial ? join(OUT, 'trial.json') : join(ROOT, 'bench/compute/results.json')
  writeFileSync(file, `${JSON.stringify(result, undefined, 1)}\n`)
  say(`written: ${file}`)
  if (!trial && fillPage(PEERS, generated)) say('written: docs/performance.md')
}
