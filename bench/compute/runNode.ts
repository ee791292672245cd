/**
 * Runs one job with one adapter in this process and prints one line of JSON, as peers.py does for the peers in Python.
 * Started by run.ts: `node --import tsx runNode.ts REQUEST`, the request being JSON.
 */
import { createRequire } from 'node:module'
import { type Adapter, numberOf, type Settings, type Task } from './adapter.ts'
import { readData, splitsOf } from './data.ts'
import { logisticGradient } from './gradient.ts'
import { rankAuc } from './rankAuc.ts'

export interface NodeRequest {
  job: string
  /** ours, or the name of an npm package */
  by: string
  work: string
  data: string
  threads: number
  seed: number
  same: Settings
  settings: Settings
  model?: string
  against?: string
  /** whether what is measured for information is measured as well */
  also?: boolean
  /** when this process was asked for: milliseconds since 1970 */
  spawned: number
}

/** JSON has no infinity, which is a depth here. */
const request = JSON.parse(process.argv[2]!, (_, value) => (value === 'Infinity' ? Infinity : value)) as NodeRequest
const { job, by, work, threads, seed, same, settings, spawned } = request

/** The package beside this folder, or the npm package of that name. */
const versionOf = (name: string): string => {
  const require = createRequire(import.meta.url)
  const file = name === 'ours' ? '../../package.json' : `../../node_modules/${name}/package.json`
  return (require(file) as { version: string }).version
}

const mebibytes = (): number => process.resourceUsage().maxRSS / 1024

const head = { by, version: versionOf(by), job, threads, seed }
const adapter = (await import(by === 'ours' ? `./ours/${work}.ts` : `./npm/${by}.ts`)) as Adapter
const startUp = (Date.now() - spawned) / 1000
const data = readData(request.data)
const loaded = mebibytes()
const seconds: Record<string, number> = { startUp }
const aucs: number[] = []
let figures: Record<string, number> = {}
let scaledFrom: Record<string, number> | undefined
let also: Record<string, number> | undefined
let peak = 0
const task = { threads, seed, same, settings }
const models = {
  ...(request.model ? { model: request.model } : {}),
  ...(request.against ? { against: request.against } : {}),
}
for (const { train, test } of splitsOf(request.data, data, seed)) {
  const done = await adapter.run({ train, test, ...task, ...models } satisfies Task)
  for (const [name, value] of Object.entries(done.seconds)) seconds[name] = (seconds[name] ?? 0) + value
  figures = { ...done.figures }
  scaledFrom = done.scaledFrom
  if (done.linear) Object.assign(figures, logisticGradient(train, done.linear, numberOf(same, 'l2')))
  if (work === 'predict' && done.scores) figures['aucOnTheseRows'] = rankAuc(done.scores, train.target)
  else if (done.scores) {
    // An adapter too slow for all rows leaves the rest NaN.
    const scored = done.scores.findIndex(Number.isNaN)
    const n = scored < 0 ? done.scores.length : scored
    aucs.push(rankAuc(done.scores.subarray(0, n), test.target.subarray(0, n)))
  }
  peak = mebibytes()
  // Of one split only: what is measured over folds is not timed.
  if (request.also && done.also && !data.shape.folds) also = await done.also()
  await done.close?.()
}
seconds['total'] = Object.entries(seconds)
  .filter(([name]) => name !== 'startUp' && name !== 'predict')
  .reduce((sum, [, value]) => sum + value, 0)
const rows = work === 'shap' ? numberOf(same, 'rows') : data.train.rows
const { userCPUTime, systemCPUTime } = process.resourceUsage()
console.log(
  JSON.stringify({
    ...head,
    rows,
    columns: data.train.columns,
    seconds,
    ...(aucs.length ? { auc: aucs.reduce((a, b) => a + b, 0) / aucs.length } : {}),
    figures,
    ...(scaledFrom ? { scaledFrom } : {}),
    ...(also ? { also } : {}),
    memory: { loaded, peak },
    cpu: (userCPUTime + systemCPUTime) / 1e6,
  }),
)
