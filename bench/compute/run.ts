/**
 * The compute benchmark: ours alone, or ours beside the peers of bench/peers.yaml on the same files, in turn, each run in a fresh process.
 *
 *     tsx bench/compute/run.ts                   ours once, the jobs that need no peer
 *     tsx bench/compute/run.ts --with-peers      everything; makes the peers' environment first
 *
 * --jobs a,b      only these            --peers x,y     only these, and the jobs that have them
 * --repeats n     seeds 1..n            --budget s      seconds for one run of a peer
 * --threads n     of both sides         --rows n, --columns n   other synthetic data: for trials and for growth
 * --resume        keep what was measured and do the rest
 *
 * Measurements are appended to runs/bench/measurements.jsonl as they end. With peers, and without --rows, --columns and
 * --threads, bench/compute/results.json and the generated part of docs/performance.md are written from them.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, type as osType, release, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type DataChoice, dataName, JOBS_FILE, type Job, readJobs, type Variant, variantOf } from './jobs.ts'
import { makeReal } from './make-real.ts'
import { measureNode, measurePython, ROOT, step } from './measure.ts'
import { compareAll, fillPage, type Measurement, markdown, oursMarkdown } from './summary.ts'

const { values: given } = parseArgs({
  options: {
    'with-peers': { type: 'boolean', default: false },
    jobs: { type: 'string' },
    peers: { type: 'string' },
    repeats: { type: 'string' },
    budget: { type: 'string' },
    threads: { type: 'string' },
    rows: { type: 'string' },
    columns: { type: 'string' },
    resume: { type: 'boolean', default: false },
  },
})
const list = readJobs()
const withPeers = given['with-peers'] || given.peers !== undefined
const repeats = Number(given.repeats ?? (withPeers ? list.repeats : 1))
const budget = Number(given.budget ?? (withPeers ? list.budget : 60))
const trial = given.rows !== undefined || given.columns !== undefined || given.threads !== undefined
const chosen = <T>(all: Record<string, T>, names: string | undefined, what: string): string[] => {
  const asked = names?.split(',') ?? Object.keys(all)
  for (const name of asked) if (!(name in all)) throw new Error(`there is no ${what} ${name} in ${JOBS_FILE}`)
  return asked
}
const everyPeer = Object.fromEntries(Object.values(list.jobs).flatMap((job) => Object.entries(job.peers)))
const peersAsked = new Set(chosen(everyPeer, given.peers, 'peer'))
const jobs = chosen(list.jobs, given.jobs, 'job')

for (const name of jobs) {
  const { data } = list.jobs[name]!
  if (data.set !== 'synthetic') continue
  if (given.rows) data.rows = Number(given.rows)
  if (given.columns) data.columns = Number(given.columns)
}

const CACHE = join(ROOT, 'runs/bench-data')
const MODELS = join(CACHE, 'models')
const ENVIRONMENT = join(ROOT, 'runs/bench-env')
const OUT = join(ROOT, 'runs/bench')
const JOURNAL = join(OUT, withPeers ? 'measurements.jsonl' : 'ours.jsonl')
const RESULTS = join(ROOT, 'bench/compute/results.json')
const PAGE = join(ROOT, 'docs/performance.md')
const REQUIREMENTS = join(ROOT, 'bench/compute/requirements.txt')
const python = join(ENVIRONMENT, 'bin/python')

/** What pip resolved, on one line. */
const LISTING = `from importlib.metadata import distributions as d
print(*sorted({f"{p.metadata['Name']}=={p.version}" for p in d()}))`

const say = (text: string): void => {
  process.stderr.write(`${text}\n`)
}

/** The peers' environment, made anew when the pinned versions have changed. */
const environment = async (): Promise<void> => {
  const stamp = join(ENVIRONMENT, 'installed.txt')
  const wanted = readFileSync(REQUIREMENTS, 'utf8')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  say('installing the peers into runs/bench-env')
  await step('python3', ['-m', 'venv', ENVIRONMENT])
  await step(python, ['-m', 'pip', 'install', '--quiet', '--requirement', REQUIREMENTS])
  writeFileSync(stamp, wanted)
}

/** The folder of a data set, made when it is not in the cache. */
const dataFolder = async (data: DataChoice): Promise<string> => {
  const folder = join(CACHE, dataName(data))
  if (existsSync(join(folder, 'data.json'))) return folder
  say(`making ${dataName(data)}`)
  mkdirSync(CACHE, { recursive: true })
  if (data.set !== 'synthetic') await makeReal(data.set, data.encoding ?? 'tree', folder)
  else {
    // In a process of its own: what it leaves on the heap is not ours to measure.
    const args = ['--import', 'tsx', join(ROOT, 'bench/compute/make-data.ts'), '--folder', folder]
    args.push('--rows', String(data.rows), '--columns', String(data.columns))
    if (data.test) args.push('--test', String(data.test))
    if (data.missing) args.push('--missing', String(data.missing))
    if (data.standardized) args.push('--standardized')
    await step(process.execPath, args)
  }
  return folder
}

/** The folder of trees to explain or predict with; made by their peer when absent or made by other settings. */
const modelFolder = async (name: string): Promise<string | undefined> => {
  const folder = join(MODELS, name)
  const stamp = join(folder, 'made-by.json')
  const entry = list.models[name]!
  const wanted = JSON.stringify(entry)
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return folder
  if (!withPeers) return undefined
  say(`growing the trees of ${name}`)
  const data = await dataFolder({ set: 'synthetic', rows: entry.rows, columns: 70 })
  await step(python, [
    '-B',
    join(ROOT, 'bench/compute/peers.py'),
    '--make-model',
    name,
    '--data',
    data,
    '--models',
    MODELS,
  ])
  writeFileSync(stamp, wanted)
  return folder
}

const readJournal = (): Measurement[] =>
  existsSync(JOURNAL)
    ? readFileSync(JOURNAL, 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Measurement)
    : []

mkdirSync(OUT, { recursive: true })
if (!given.resume) rmSync(JOURNAL, { force: true })
const measurements = readJournal()

const keep = (m: Measurement): void => {
  measurements.push(m)
  appendFileSync(JOURNAL, `${JSON.stringify(m)}\n`)
  const what = m.seconds
    ? `${m.seconds['total']!.toFixed(3)} s${m.scaledFrom ? ' (scaled)' : ''}${m.auc === undefined ? '' : `, AUC ${m.auc.toFixed(4)}`}`
    : (m.notYet ?? `FAILED: ${m.failed}`)
  const contended = m.othersCpu > 0.05 ? `, others used ${(100 * m.othersCpu).toFixed(0)} % of the machine` : ''
  say(`${m.job} ${m.by} ${m.version} seed ${m.seed}: ${what}${contended}`)
}

const done = (job: string, by: string, variant: string, threads: number, seed: number): boolean =>
  measurements.some(
    (m) =>
      m.job === job && m.by === by && m.variant === variant && m.threads === threads && m.seed === seed && !m.failed,
  )

const nodeRun = async (
  jobName: string,
  by: string,
  { work, peers }: Job,
  variant: Variant,
  threads: number,
  seed: number,
) => {
  if (done(jobName, by, variant.key, threads, seed)) return
  const data = await dataFolder(variant.data)
  const model = variant.model ? await modelFolder(variant.model) : undefined
  if (variant.model && !model) {
    say(`${jobName}: no trees of ${variant.model} in the cache; run it with peers once`)
    return
  }
  const settings = peers[by]?.settings ?? {}
  const { against, same } = variant
  const request = { job: jobName, by, work, data, threads, seed, same, settings }
  const models = { ...(model ? { model } : {}), ...(against ? { against } : {}) }
  keep(await measureNode({ ...request, ...models }, variant.key, 2 * budget + 120))
}

const pythonRun = async (jobName: string, by: string, variant: Variant, threads: number, seed: number) => {
  if (done(jobName, by, variant.key, threads, seed)) return
  const data = await dataFolder(variant.data)
  if (variant.model) await modelFolder(variant.model)
  const request = { python, job: jobName, by, data, models: MODELS, threads, seed, budget }
  keep(await measurePython(request, variant.key, 2 * budget + 120))
}

if (withPeers) await environment()
for (const name of jobs) {
  const job = list.jobs[name]!
  const threads = Number(given.threads ?? job.threads ?? list.threads)
  const peers = Object.keys(job.peers).filter((peer) => withPeers && peersAsked.has(peer))
  if (withPeers && peers.length === 0) continue
  if (!withPeers && !given.jobs && job.compares) continue
  /** Peers by what ours is run on for them. */
  const groups = new Map<string, { variant: Variant; peers: string[] }>()
  const needed = withPeers
    ? peers
    : job.work === 'shap' || job.work === 'predict'
      ? Object.keys(job.peers)
      : [undefined]
  for (const peer of needed) {
    const variant = variantOf(job, peer)
    const group = groups.get(variant.key) ?? { variant, peers: [] }
    if (withPeers && peer !== undefined) group.peers.push(peer)
    groups.set(variant.key, group)
  }
  for (let seed = 1; seed <= repeats; seed++)
    for (const { variant, peers } of groups.values()) {
      // Who begins alternates, so that a machine that warms up or throttles favors neither side. A check of SHAP values
      // needs the peer's first.
      const oursFirst = seed % 2 === 0
      if (oursFirst) await nodeRun(name, 'ours', job, variant, threads, seed)
      for (const peer of peers)
        if (job.peers[peer]!.module === 'npm') await nodeRun(name, peer, job, variant, threads, seed)
        else await pythonRun(name, peer, variant, threads, seed)
      if (!oursFirst) await nodeRun(name, 'ours', job, variant, threads, seed)
    }
}

if (!withPeers) console.log(oursMarkdown(measurements))
else {
  const comparisons = compareAll(list, measurements, (job, peer) => variantOf(list.jobs[job]!, peer).key)
  const generated = markdown(comparisons)
  console.log(generated)
  const result = {
    machine: {
      cpu: cpus()[0]!.model,
      cores: cpus().length,
      memoryGiB: Math.round(totalmem() / 2 ** 30),
      system: `${osType()} ${release()}`,
      node: process.version,
      python: await step(python, ['--version']),
    },
    packages: (await step(python, ['-c', LISTING])).split(' '),
    settings: { repeats, budget, equalAuc: list.equalAuc },
    comparisons,
    measurements,
  }
  const file = trial ? join(OUT, 'trial.json') : RESULTS
  writeFileSync(file, `${JSON.stringify(result, undefined, 1)}\n`)
  say(`written: ${file}`)
  if (!trial && existsSync(PAGE)) {
    const page = readFileSync(PAGE, 'utf8')
    const filled = fillPage(page, generated)
    if (filled !== page) {
      writeFileSync(PAGE, filled)
      say(`written: ${PAGE}`)
    }
  }
}
