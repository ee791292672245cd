// Simulation and feature engineering at growing numbers of people: seconds, processor seconds, peak memory, bytes, slopes.
// Usage: npm run build && npx tsx bench/scale/scale.ts --people 10000,100000,1000000 [--threads 2] [--keep FOLDER] [--json FILE]
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, open, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { readDataset } from '../../src/engines/folders.ts'
import { dayNumber } from '../../src/population/clock.ts'
import { DEFAULT_PATHS } from '../../src/population/defaultProbability.ts'
import type { Setup } from '../../src/population/simulateCommunity.ts'
import { defaultSwitches } from '../../src/population/switches.ts'
import { childNode } from '../childNode.ts'
import type { StageFigures, StageRun } from './stageNode.ts'

interface SizeFigures {
  people: number
  /** rows of all tables */
  events: number
  transactions: number
  datasetBytes: number
  featureBytes: number
  simulate: StageFigures
  features: StageFigures
  /** jobs that wanted a core when the stage began, one minute's mean: those of others among them */
  load: { simulate: number; features: number }
}

const { values: options } = parseArgs({
  options: {
    people: { type: 'string', default: '10000,100000' },
    threads: { type: 'string', default: '2' },
    keep: { type: 'string' },
    json: { type: 'string' },
  },
})
const threads = Number(options.threads)

const runStage = (run: StageRun): Promise<StageFigures> =>
  childNode(new URL('./stageNode.ts', import.meta.url), run, `${run.stage} of ${run.people} people`)

const bytesUnder = async (folder: string): Promise<number> => {
  let sum = 0
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) sum += (await stat(join(entry.parentPath, entry.name))).size
  return sum
}

const measureSize = async (people: number, folder: string): Promise<SizeFigures> => {
  const [data, factors] = [join(folder, `data-${people}`), join(folder, `factors-${people}`)]
  const load = { simulate: loadavg()[0]!, features: 0 }
  const simulate = await runStage({ stage: 'simulate', people, out: data, threads })
  load.features = loadavg()[0]!
  const features = await runStage({ stage: 'features', people, data, out: factors, threads })
  const { tables } = await readDataset(data)
  const events = Object.values(tables).reduce((sum, t) => sum + t.rows, 0)
  const [datasetBytes, featureBytes] = [await bytesUnder(data), await bytesUnder(factors)]
  return {
    people,
    events,
    transactions: tables.transactions!.rows,
    datasetBytes,
    featureBytes,
    simulate,
    features,
    load,
  }
}

/** The compiled form of what a thread of the simulation runs: that of the sources is slower. */
const compiled = async () => {
  const from = (name: string): Promise<unknown> =>
    import(new URL(`../../dist/population/${name}.js`, import.meta.url).href)
  const { blockMaker } = (await from('blockMaker')) as typeof import('../../src/population/blockMaker.ts')
  const { makeSimulator } = (await from(
    'simulateCommunity',
  )) as typeof import('../../src/population/simulateCommunity.ts')
  return { blockMaker, makeSimulator }
}

/** Processor seconds of the simulation alone, in one thread and without files, for one community of 512. */
const simulationAlone = async (truth: boolean): Promise<number> => {
  const { blockMaker, makeSimulator } = await compiled()
  const lastDay = dayNumber('2025-01-01', 'asOf')
  const setup: Setup = { people: 1e6, months: 24, lastDay, seed: 1, switches: defaultSwitches() }
  if (truth) setup.truth = { dates: [lastDay], paths: DEFAULT_PATHS }
  const make = blockMaker(makeSimulator(setup))
  make(0, 4)
  const before = process.cpuUsage()
  const communities = 20
  make(4, communities)
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e6 / communities
}

const GIB = 2 ** 30
/** Bytes a second: a file written and flushed to the disk, the same read from the cache of the system, memory copied. */
const bandwidth = async (folder: string): Promise<{ write: number; read: number; copy: number }> => {
  const piece = Buffer.alloc(2 ** 24, 7)
  const file = join(folder, 'bandwidth')
  let from = performance.now()
  const rate = (bytes: number): number => bytes / ((performance.now() - from) / 1000)
  const out = await open(file, 'w')
  for (let at = 0; at < GIB; at += piece.length) await out.write(piece)
  await out.sync()
  await out.close()
  const write = rate(GIB)
  from = performance.now()
  const input = await open(file)
  while ((await input.read(piece, 0, piece.length)).bytesRead > 0);
  await input.close()
  const read = rate(GIB)
  await rm(file)
  const [a, b] = [new Float64Array(2 ** 25), new Float64Array(2 ** 25).fill(1)]
  a.set(b)
  from = performance.now()
  for (let k = 0; k < 8; k++) a.set(b)
  return { write, read, copy: rate(8 * 2 * a.byteLength) }
}

/** How many times the quantity grows for ten times the events, as an exponent: 1 is in proportion. */
const slope = (from: SizeFigures, to: SizeFigures, of: (s: SizeFigures) => number): number =>
  Math.log(of(to) / of(from)) / Math.log(to.events / from.events)

const mb = (bytes: number | undefined): string => (bytes === undefined ? '-' : `${Math.round(bytes / 1e6)} MB`)

const show = (size: SizeFigures): void => {
  console.log(
    `${size.people} people: ${size.events} rows, ${size.transactions} of them transactions; data ${mb(size.datasetBytes)}, factors ${mb(size.featureBytes)}`,
  )
  for (const stage of ['simulate', 'features'] as const) {
    const f = size[stage]
    const figures = [
      `${f.seconds.toFixed(1)} s, ${f.cpuSeconds.toFixed(1)} processor s`,
      `${Math.round(size.events / f.seconds)} rows/s, peak ${mb(f.peakBytes)}`,
      `asked to read ${mb(f.readBytes)}, to write ${mb(f.writtenBytes)}`,
      `load at the start ${size.load[stage].toFixed(1)}`,
    ]
    const phases = Object.entries(f.phases).map(([name, seconds]) => `${name} ${seconds.toFixed(1)}`)
    console.log(`  ${stage}: ${figures.join('; ')}\n    ${phases.join(', ')}`)
  }
}

/** Of a result that is there already, the sizes that are not measured again. */
const earlier = async (file: string | undefined, again: readonly number[]): Promise<SizeFigures[]> => {
  if (!file || !existsSync(file)) return []
  const { sizes } = JSON.parse(await readFile(file, 'utf8')) as { sizes: SizeFigures[] }
  return sizes.filter((s) => !again.includes(s.people))
}

const main = async (): Promise<void> => {
  const folder = options.keep ?? (await mkdtemp(join(tmpdir(), 'glasscore-scale-')))
  await mkdir(folder, { recursive: true })
  const alone = { rows: await simulationAlone(false), rowsAndTruth: await simulationAlone(true) }
  const rates = await bandwidth(folder)
  console.log(`node ${process.version}, ${cpus()[0]?.model}, ${availableParallelism()} cores, ${threads} threads`)
  console.log(
    `file: write and flush ${mb(rates.write)}/s, read from the cache ${mb(rates.read)}/s; memory copy (read and write) ${mb(rates.copy)}/s`,
  )
  console.log(
    `simulation alone: ${alone.rows.toFixed(3)} processor seconds a community of 512, ${alone.rowsAndTruth.toFixed(3)} with the causal truth of one date`,
  )
  const wanted = options.people.split(',').map(Number)
  const sizes = await earlier(options.json, wanted)
  for (const people of wanted) {
    const size = await measureSize(people, folder)
    show(size)
    sizes.push(size)
    sizes.sort((a, b) => a.people - b.people)
    const slopes = sizes.slice(1).map((to, k) => ({
      from: sizes[k]!.people,
      to: to.people,
      simulateSeconds: slope(sizes[k]!, to, (s) => s.simulate.seconds),
      simulateProcessor: slope(sizes[k]!, to, (s) => s.simulate.cpuSeconds),
      featuresSeconds: slope(sizes[k]!, to, (s) => s.features.seconds),
      featuresProcessor: slope(sizes[k]!, to, (s) => s.features.cpuSeconds),
    }))
    const result = { node: process.version, cpu: cpus()[0]?.model, threads, alone, bandwidth: rates, sizes, slopes }
    if (options.json) await writeFile(options.json, `${JSON.stringify(result, null, 2)}\n`)
    if (people === wanted.at(-1))
      for (const s of slopes)
        console.log(
          `slope ${s.from} to ${s.to}: simulate ${s.simulateSeconds.toFixed(2)} (processor ${s.simulateProcessor.toFixed(2)}), features ${s.featuresSeconds.toFixed(2)} (processor ${s.featuresProcessor.toFixed(2)})`,
        )
  }
  if (!options.keep) await rm(folder, { recursive: true, force: true })
}

await main()
