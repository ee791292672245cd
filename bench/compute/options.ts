/** The options of the benchmark, checked before anything is made or measured. */
import { parseArgs } from 'node:util'
import type { JobList } from './jobs.ts'

export const USAGE = `npm run bench                ours alone, in turn, at the sizes of the jobs
npm run bench:peers          ours beside the peers

  --jobs a,b       only these jobs          --peers x,y    only these peers, and the jobs that have them
  --repeats n      seeds 1..n               --budget s     seconds for one run of a peer
  --threads n      of both sides            --rows n, --columns n   other synthetic data
  --resume         keep what was measured and do the rest
  --tables         measure nothing: results.json and docs/performance.md from the journal, whole or not
  --growth         ours over rows, columns and threads in place of the jobs; --rows and --columns: the largest`

export interface Options {
  withPeers: boolean
  growth: boolean
  resume: boolean
  /** the committed tables from the journal, whole or not; nothing is measured */
  tables: boolean
  jobs: string[]
  /** whether jobs were asked for by name */
  jobsNamed: boolean
  peers: Set<string>
  repeats: number
  budget: number
  threads?: number
  rows?: number
  columns?: number
}

/** An option that cannot be meant: told in one line, without a trace. */
export class WrongOption extends Error {}

/** A positive whole number in ordinary digits. */
const whole = (name: string, text: string | undefined, most: number): number | undefined => {
  if (text === undefined) return undefined
  const value = Number(text)
  if (!/^\d+$/.test(text) || value < 1 || value > most)
    throw new WrongOption(`--${name} takes a whole number from 1 to ${most}; got "${text}"`)
  return value
}

const chosen = (known: readonly string[], names: string | undefined, what: string): string[] => {
  if (names === undefined) return [...known]
  const asked = names.split(',').map((name) => name.trim())
  for (const name of asked)
    if (!known.includes(name)) throw new WrongOption(`there is no ${what} "${name}"; there are ${known.join(', ')}`)
  return asked
}

/** @throws WrongOption */
export const readOptions = (args: readonly string[], list: JobList): Options => {
  const options = {
    'with-peers': { type: 'boolean', default: false },
    growth: { type: 'boolean', default: false },
    resume: { type: 'boolean', default: false },
    tables: { type: 'boolean', default: false },
    jobs: { type: 'string' },
    peers: { type: 'string' },
    repeats: { type: 'string' },
    budget: { type: 'string' },
    threads: { type: 'string' },
    rows: { type: 'string' },
    columns: { type: 'string' },
  } as const
  let given: ReturnType<typeof parseArgs<{ args: string[]; options: typeof options }>>['values']
  try {
    given = parseArgs({ args: [...args], options }).values
  } catch (error) {
    // Node adds a paragraph on positional arguments to the one line that matters.
    throw new WrongOption((error as Error).message.split('. ')[0]!)
  }
  const { growth } = given
  if (growth && (given.peers ?? given.threads ?? given.repeats ?? given.budget) !== undefined)
    throw new WrongOption(
      '--growth runs ours alone, with its own threads and repeats: it takes --jobs, --rows, --columns and --resume',
    )
  const others = Object.entries(given).filter(([name, value]) => !['tables', 'with-peers'].includes(name) && value)
  if (given.tables && others.length > 0)
    throw new WrongOption(`--tables measures nothing: it does not go with --${others[0]![0]}`)
  const withPeers = !growth && (given['with-peers'] || given.peers !== undefined)
  const known = growth ? Object.keys(list.growth.jobs) : Object.keys(list.jobs)
  const everyPeer = [...new Set(Object.values(list.jobs).flatMap((job) => Object.keys(job.peers)))]
  const jobs = chosen(known, given.jobs, growth ? 'job of --growth' : 'job')
  const peers = new Set(chosen(everyPeer, given.peers, 'peer'))
  if (withPeers && !jobs.some((job) => Object.keys(list.jobs[job]!.peers).some((peer) => peers.has(peer))))
    throw new WrongOption(`none of the jobs ${jobs.join(', ')} has a peer ${[...peers].join(', ')}`)
  const threads = whole('threads', given.threads, 64)
  const rows = whole('rows', given.rows, 100_000_000)
  const columns = whole('columns', given.columns, 65_536)
  return {
    withPeers,
    growth,
    resume: given.resume,
    tables: given.tables,
    jobs,
    jobsNamed: given.jobs !== undefined,
    peers,
    repeats: whole('repeats', given.repeats, 1000) ?? (withPeers ? list.repeats : 1),
    budget: whole('budget', given.budget, 86_400) ?? (withPeers ? list.budget : 60),
    ...(threads === undefined ? {} : { threads }),
    ...(rows === undefined ? {} : { rows }),
    ...(columns === undefined ? {} : { columns }),
  }
}
