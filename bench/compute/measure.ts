/** Starts one measurement in a process of its own and waits for its line of JSON. */
import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import type { NodeRequest } from './runNode.ts'
import type { Measurement } from './summary.ts'

export const ROOT = new URL('../../', import.meta.url).pathname
const HERE = new URL('./', import.meta.url).pathname

/** Processor seconds that the whole machine has spent; undefined where /proc does not say. */
export const busySeconds = (): number | undefined => {
  try {
    const [user, nice, system, , , irq, softirq] = readFileSync('/proc/stat', 'utf8')
      .split('\n')[0]!
      .trim()
      .split(/\s+/)
      .slice(1)
      .map(Number)
    return (user! + nice! + system! + irq! + softirq!) / 100
  } catch {
    return undefined
  }
}

export interface Ended {
  code: number | null
  out: string
  err: string
  seconds: number
  late: boolean
}

/** The process that is being waited for. */
let running: ChildProcess | undefined

/** Ends it: a measurement must not outlive the benchmark. */
export const stopChild = (): void => {
  running?.kill('SIGKILL')
}

/** Runs a process to its end, or for so many seconds. */
export const runProcess = (command: string, args: readonly string[], seconds: number): Promise<Ended> =>
  new Promise((resolve, reject) => {
    const start = performance.now()
    const child = spawn(command, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] })
    running = child
    let out = ''
    let err = ''
    let late = false
    const timer = setTimeout(() => {
      late = true
      child.kill('SIGKILL')
    }, 1000 * seconds)
    child.stdout.on('data', (part) => {
      out += part
    })
    child.stderr.on('data', (part) => {
      err = (err + part).slice(-4000)
    })
    child.on('error', reject)
    child.on('close', (code) => {
      clearTimeout(timer)
      running = undefined
      resolve({ code, out, err, late, seconds: (performance.now() - start) / 1000 })
    })
  })

/** A step that is not measured: its last line of output, or an error with what it said. */
export const step = async (command: string, args: readonly string[]): Promise<string> => {
  const { code, out, err } = await runProcess(command, args, 3600)
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}\n${err}`)
  return out.trim().split('\n').at(-1) ?? ''
}

const about = async (
  head: Pick<Measurement, 'by' | 'job' | 'variant' | 'threads' | 'seed'>,
  command: string,
  args: readonly string[],
  limit: number,
): Promise<Measurement> => {
  const load = loadavg()[0]!
  const started = new Date().toISOString()
  const before = busySeconds()
  const ended = await runProcess(command, args, limit)
  const after = busySeconds()
  const base = { version: '', ...head, load, othersCpu: Number.NaN, started }
  // Without the folder of this machine: the reason is shown in docs/performance.md.
  const failed = (reason: string): Measurement => ({ ...base, othersCpu: 0, failed: reason.replaceAll(ROOT, '') })
  if (ended.late) return failed(`stopped after ${limit} s`)
  const line = ended.out.trim().split('\n').at(-1) ?? ''
  if (ended.code !== 0 || !line.startsWith('{'))
    return failed(ended.err.trim().split('\n').at(-1) || `exit ${ended.code}`)
  const result = JSON.parse(line) as Measurement
  const own = result.cpu ?? 0
  const othersCpu =
    before === undefined || after === undefined
      ? Number.NaN
      : Math.max(0, after - before - own) / (cpus().length * ended.seconds)
  return { ...base, ...result, ...head, othersCpu }
}

/** Ours, or a peer from npm. */
export const measureNode = (
  request: Omit<NodeRequest, 'spawned'>,
  variant: string,
  limit: number,
): Promise<Measurement> => {
  const { by, job, threads, seed } = request
  const text = JSON.stringify({ ...request, spawned: Date.now() }, (_, v) => (v === Infinity ? 'Infinity' : v))
  const args = ['--max-old-space-size=8192', '--import', 'tsx', `${HERE}runNode.ts`, text]
  return about({ by, job, variant, threads, seed }, process.execPath, args, limit)
}

export interface PythonRequest {
  python: string
  job: string
  by: string
  data: string
  models: string
  threads: number
  seed: number
  budget: number
}

export const measurePython = (request: PythonRequest, variant: string, limit: number): Promise<Measurement> => {
  const { python, job, by, data, models, threads, seed, budget } = request
  const args = ['-B', `${HERE}peers.py`, '--job', job, '--peer', by, '--data', data, '--models', models]
  args.push('--threads', String(threads), '--seed', String(seed), '--budget', String(budget))
  args.push('--spawned', String(Date.now() / 1000))
  return about({ by, job, variant, threads, seed }, python, args, limit)
}
