// One measurement of ours in a process of its own: reads forest and rows, explains, prints one line of JSON.
import { readFileSync, writeFileSync } from 'node:fs'
import { timed } from '../compute/adapter.ts'
import { readFirst } from '../compute/data.ts'
import { readTrees } from '../compute/trees.ts'
import type { Measured } from './measured.ts'

/** The compiled form, which users run: that of the sources is slower. */
const from = (name: string): Promise<unknown> => import(new URL(`../../dist/${name}.js`, import.meta.url).href)
const { fromPlain } = (await from('attributions/plainTree')) as typeof import('../../src/attributions/plainTree.ts')
const { explainTreesOn, planTreeGame } = (await from(
  'kernels/shap/explainTrees',
)) as typeof import('../../src/kernels/shap/explainTrees.ts')
const { explainInterventionalOn, planInterventionalGame } = (await from(
  'kernels/shap/explainInterventional',
)) as typeof import('../../src/kernels/shap/explainInterventional.ts')
const { openPool } = (await from('threads/openPool')) as typeof import('../../src/threads/openPool.ts')

export interface OursAsked {
  /** folders */
  data: string
  model: string
  rows: number
  /** background rows; absent: path-dependent */
  background?: number
  /** the first trees; absent: all */
  trees?: number
  threads: number
  /** values of the first of the rows are written here, row-major */
  values: string
  checked: number
}

const asked = JSON.parse(process.argv[2]!) as OursAsked
const { rows, background, threads } = asked

const MEBI = 1024
/** MiB that the process holds now, or held at most since it was last asked to forget; undefined where the system does not say. */
const status = (field: 'VmRSS' | 'VmHWM'): number | undefined => {
  try {
    const line = readFileSync('/proc/self/status', 'utf8').match(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm'))
    return line ? Number(line[1]) / MEBI : undefined
  } catch {
    return undefined
  }
}
/** From here on the peak is that of the work, not of what was read. */
const forgetPeak = (): void => {
  globalThis.gc?.()
  try {
    writeFileSync('/proc/self/clear_refs', '5')
  } catch {
    // The peak then is that of the whole process.
  }
}

const read = readTrees(asked.model)
const divide = read.combine === 'mean' ? read.trees.length : 1
const trees = read.trees.slice(0, asked.trees).map(fromPlain)
read.trees = []
const source = readFirst(asked.data, rows)
const others = background === undefined ? undefined : background === rows ? source : readFirst(asked.data, background)
const { columns } = source
const playerOfColumn = Int32Array.from({ length: columns }, (_, j) => j)
const game = { trees, playerOfColumn, players: columns }
const range = { from: 0, to: rows }

forgetPeak()
const loaded = status('VmRSS') ?? process.resourceUsage().maxRSS / MEBI
const before = process.cpuUsage()
// Cold: the kernels are compiled within the time.
const pool = openPool(threads)
const plan = await timed(() => {
  if (!others) {
    const tree = planTreeGame({ ...game, rows })
    return () => explainTreesOn(tree, source, range, pool)
  }
  const own = planInterventionalGame(game)
  return () => explainInterventionalOn(own, others, source, range, pool)
})
const { user: u, system: s } = process.cpuUsage(before)
const done = await timed(plan.value)
const { user, system } = process.cpuUsage(before)
const peak = status('VmHWM') ?? process.resourceUsage().maxRSS / MEBI
await pool.close()

const checked = Math.min(asked.checked, rows)
const values = new Float64Array(checked * columns)
for (let i = 0; i < checked; i++)
  for (let j = 0; j < columns; j++) values[i * columns + j] = done.value[j * rows + i]! / divide
writeFileSync(asked.values, values)

console.log(
  JSON.stringify({
    rows,
    seconds: { prepare: plan.seconds, explain: done.seconds },
    processor: { prepare: (u + s) / 1e6, explain: (user + system - u - s) / 1e6 },
    memory: { loaded, peak },
    cpu: (process.cpuUsage().user + process.cpuUsage().system) / 1e6,
  } satisfies Measured),
)
