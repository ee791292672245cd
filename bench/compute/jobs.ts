/** bench/peers.yaml, read and checked as far as the harness relies on it. */
import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import type { Settings } from './adapter.ts'

export interface DataChoice {
  set: 'synthetic' | 'taiwan' | 'german' | 'berka'
  rows?: number
  columns?: number
  test?: number
  missing?: number
  standardized?: boolean
  encoding?: 'tree' | 'linear'
}

export interface PeerEntry {
  module: string
  settings?: Settings
  trees?: number
  probe?: Record<string, number>
  data?: Partial<DataChoice>
  same?: Settings
  ours?: Settings
  model?: string
  target?: number
  /** in place of that of the list */
  equalValues?: number
}

export interface Job {
  work: string
  compares?: 'time' | 'auc' | 'information'
  data: DataChoice
  same: Settings
  /** what ours alone is told */
  ours?: Settings
  threads?: number
  peers: Record<string, PeerEntry>
}

/** How time grows: each job over each of the three. */
export interface Growth {
  jobs: Record<string, { work: string; same: Settings }>
  /** at this number of columns, over numbers of rows */
  rows: { columns: number; sizes: number[] }
  columns: { rows: number; sizes: number[] }
  threads: { rows: number; columns: number; sizes: number[] }
}

export interface JobList {
  repeats: number
  budget: number
  equalAuc: number
  equalValues: number
  threads: number
  models: Record<string, { module: string; rows: number; settings: Settings }>
  jobs: Record<string, Job>
  growth: Growth
}

export const JOBS_FILE = new URL('../peers.yaml', import.meta.url).pathname

export const readJobs = (): JobList => {
  const list = parse(readFileSync(JOBS_FILE, 'utf8'), { merge: true }) as JobList
  for (const [name, job] of Object.entries(list.jobs)) {
    for (const key of ['work', 'data', 'same', 'peers'] as const)
      if (!job[key]) throw new Error(`${JOBS_FILE}: job ${name} has no "${key}"`)
    for (const [peer, { module, model }] of Object.entries(job.peers)) {
      if (!module) throw new Error(`${JOBS_FILE}: peer ${peer} of job ${name} has no module`)
      if (model && !list.models[model]) throw new Error(`${JOBS_FILE}: job ${name} asks for an unknown model ${model}`)
    }
  }
  return list
}

/** Where a data set lies in the cache. */
export const dataName = (data: DataChoice): string =>
  data.set === 'synthetic'
    ? [
        `synthetic-${data.rows}x${data.columns}`,
        ...(data.standardized ? ['standardized'] : []),
        ...(data.missing ? [`missing${data.missing}`] : []),
        ...(data.test ? [`test${data.test}`] : []),
      ].join('-')
    : `${data.set}-${data.encoding ?? 'tree'}`

/**
 * What ours is run on to be compared with a peer. Peers that share it are compared with the same runs of ours; a peer that
 * is given less rows, other settings or its own trees has runs of ours to itself.
 */
export interface Variant {
  key: string
  data: DataChoice
  same: Settings
  model?: string
  against?: string
}

export const variantOf = (job: Job, peer?: string): Variant => {
  const entry = peer === undefined ? undefined : job.peers[peer]
  const data = { ...job.data, ...entry?.data }
  const same = { ...job.same, ...job.ours, ...entry?.same, ...entry?.ours }
  const model = entry?.model
  const against = job.work === 'shap' ? peer : undefined
  const key = [dataName(data), ...Object.entries(same).map(([k, v]) => `${k}=${v}`), ...(model ? [model] : [])].join(
    ' ',
  )
  return { key, data, same, ...(model ? { model } : {}), ...(against ? { against } : {}) }
}
