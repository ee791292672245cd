/** What the options ask for: jobs, what ours is run on in each, and the peers that it is compared with there. */
import { type Job, type JobList, type Variant, variantOf } from './jobs.ts'
import type { Run } from './journal.ts'
import type { Options } from './options.ts'

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

/** A job of this run, with what ours is run on and for which peers. */
export interface Planned {
  name: string
  threads: number
  groups: { variant: Variant; peers: string[] }[]
}

export const planOf = (list: JobList, { withPeers, jobs, jobsNamed, peers: asked, threads }: Options): Planned[] =>
  jobs.flatMap((name) => {
    const job = list.jobs[name]!
    const all = Object.keys(job.peers)
    const peers = all.filter((peer) => asked.has(peer))
    if (withPeers ? peers.length === 0 : !jobsNamed && job.compares) return []
    // Trees of one peer are enough for ours alone.
    const alone = job.work === 'shap' || job.work === 'predict' ? all.slice(0, 1) : [undefined]
    return [{ name, threads: threads ?? job.threads ?? list.threads, groups: groupsOf(job, withPeers ? peers : alone) }]
  })

/** Every run of a plan: with each seed, ours once for each group and its peers. */
export const runsOfPlan = (plan: readonly Planned[], { withPeers, repeats }: Options): Run[] =>
  plan.flatMap(({ name: job, threads, groups }) =>
    groups.flatMap(({ variant, peers }) =>
      Array.from({ length: repeats }, (_, i) => i + 1).flatMap((seed) =>
        ['ours', ...(withPeers ? peers : [])].map((by) => ({ job, by, variant: variant.key, threads, seed })),
      ),
    ),
  )
