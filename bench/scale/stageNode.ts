// One stage as a process of its own, so that its memory and its processor time are its own. Prints one line of JSON.
// Usage: npx tsx bench/scale/stageNode.ts '{"stage":"simulate","people":10000,"out":"F","threads":2}'
import { readFileSync } from 'node:fs'
import { features } from '../../src/stages/features.ts'
import { simulate } from '../../src/stages/simulate.ts'

export interface StageRun {
  stage: 'simulate' | 'features'
  people: number
  out: string
  threads: number
  /** of `features`: the data set */
  data?: string
  memoryLimit?: string
}

export interface StageFigures {
  seconds: number
  /** of all threads of the process, user and system */
  cpuSeconds: number
  peakBytes: number
  /** bytes that the process asked to read and to write, from memory or disk; absent where the system does not tell */
  readBytes?: number
  writtenBytes?: number
  /** seconds by what the stage said that it was doing; `before` and `after` are the checks of inputs and outputs */
  phases: Record<string, number>
}

const DATE = '2025-01-01'

const run = JSON.parse(process.argv[2] ?? '{}') as StageRun
const phases: Record<string, number> = {}
const started = performance.now()
let phase = 'before'
let since = started
const turn = (to: string): void => {
  const now = performance.now()
  phases[phase] = (phases[phase] ?? 0) + (now - since) / 1000
  phase = to
  since = now
}
const common = {
  out: run.out,
  threads: run.threads,
  force: true,
  ...(run.memoryLimit ? { memoryLimit: run.memoryLimit } : {}),
  progress: (title: string, done: number, of: number) => {
    const name = done >= of ? 'after' : title.startsWith('factors') ? 'factors' : title
    if (name !== phase) turn(name)
  },
}
await (run.stage === 'simulate'
  ? simulate({ ...common, people: run.people, asOf: DATE })
  : features({ ...common, data: run.data!, dates: [DATE] }))
turn('end')
/** Lines such as "rchar: 123" of the kernel's account of this process. */
const counted = (name: string): number | undefined => {
  try {
    return Number(new RegExp(`^${name}: (\\d+)`, 'm').exec(readFileSync('/proc/self/io', 'utf8'))?.[1])
  } catch {
    return undefined
  }
}
const usage = process.resourceUsage()
const [readBytes, writtenBytes] = [counted('rchar'), counted('wchar')]
const figures: StageFigures = {
  seconds: (performance.now() - started) / 1000,
  cpuSeconds: (usage.userCPUTime + usage.systemCPUTime) / 1e6,
  peakBytes: usage.maxRSS * 1024,
  ...(readBytes ? { readBytes } : {}),
  ...(writtenBytes ? { writtenBytes } : {}),
  phases,
}
console.log(JSON.stringify(figures))
