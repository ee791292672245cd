/** Where the benchmark keeps what it makes, and the making: data, the peers' environment, trees to explain. All of it is made once and found again. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, release, totalmem, type as typeOfSystem } from 'node:os'
import { join } from 'node:path'
import { type DataChoice, dataName, type JobList } from './jobs.ts'
import { makeReal } from './make-real.ts'
import { ROOT, step } from './measure.ts'

const CACHE = join(ROOT, 'runs/bench-data')
export const MODELS = join(CACHE, 'models')
const ENVIRONMENT = join(ROOT, 'runs/bench-env')
const REQUIREMENTS = join(ROOT, 'bench/compute/requirements.txt')
export const OUT = join(ROOT, 'runs/bench')
export const PAGE = join(ROOT, 'docs/performance.md')
export const PYTHON = join(ENVIRONMENT, 'bin/python')

export const say = (text: string): void => {
  process.stderr.write(`${text}\n`)
}

/** The peers' environment, made anew when the pinned versions have changed. */
export const environment = async (): Promise<void> => {
  const stamp = join(ENVIRONMENT, 'installed.txt')
  const wanted = readFileSync(REQUIREMENTS, 'utf8')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  say('installing the peers into runs/bench-env')
  await step('python3', ['-m', 'venv', ENVIRONMENT])
  await step(PYTHON, ['-m', 'pip', 'install', '--quiet', '--requirement', REQUIREMENTS])
  writeFileSync(stamp, wanted)
}

/** The folder of a data set, made when it is not in the cache. */
export const dataFolder = async (data: DataChoice): Promise<string> => {
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

/** The folder of trees to explain or predict with; made by their peer, where `withPeers`, when absent or made by other settings. */
export const modelFolder = async (list: JobList, name: string, withPeers: boolean): Promise<string | undefined> => {
  const folder = join(MODELS, name)
  const stamp = join(folder, 'made-by.json')
  const entry = list.models[name]!
  const wanted = JSON.stringify(entry)
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return folder
  if (!withPeers) return undefined
  say(`growing the trees of ${name}`)
  const data = await dataFolder({ set: 'synthetic', rows: entry.rows, columns: 70 })
  const script = join(ROOT, 'bench/compute/peers.py')
  await step(PYTHON, ['-B', script, '--make-model', name, '--data', data, '--models', MODELS])
  writeFileSync(stamp, wanted)
  return folder
}

export interface Machine {
  cpu: string
  cores: number
  memoryGiB: number
  system: string
  node: string
  glasscore: string
  python?: string
}

export const machine = async (withPeers: boolean): Promise<Machine> => ({
  cpu: cpus()[0]!.model,
  cores: cpus().length,
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  system: `${typeOfSystem()} ${release()}`,
  node: process.version,
  glasscore: (JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string }).version,
  ...(withPeers ? { python: await step(PYTHON, ['--version']) } : {}),
})

/** What pip resolved. */
export const packages = async (): Promise<string[]> => {
  const listing = `from importlib.metadata import distributions as d
print(*sorted({f"{p.metadata['Name']}=={p.version}" for p in d()}))`
  return (await step(PYTHON, ['-c', listing])).split(' ')
}
