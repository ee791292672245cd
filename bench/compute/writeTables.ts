/** From the journal to results.json and the page. */
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { machine, OUT, PAGE, PYTHON, packages } from './folders.ts'
import { type JobList, variantOf } from './jobs.ts'
import { currentOf, type Line, runsOf, seedsOf } from './journal.ts'
import { ROOT } from './measure.ts'
import { fillPage, PEERS } from './pages.ts'
import { type PeersResult, peersMarkdown } from './peersPage.ts'
import { compareAll, type Measurement } from './summary.ts'

/** Where tables go: `results` and `page` are committed, `apart` is not. */
export interface Places {
  results: string
  page: string
  apart: string
}

export const placesOf = (trial: boolean): Places => ({
  results: join(ROOT, 'bench/compute/results.json'),
  page: PAGE,
  apart: join(OUT, trial ? 'trial.json' : 'results.json'),
})

/** This machine and what the peers' environment holds, where there is one. */
export const aboutHere = async (): Promise<Pick<PeersResult, 'machine' | 'packages'>> => {
  const withPeers = existsSync(PYTHON)
  return { machine: await machine(withPeers), packages: withPeers ? await packages() : [] }
}

/** What the journal says of these lines and seeds; the rest of it has no part in the tables. */
export const resultOf = (
  list: JobList,
  journal: readonly Measurement[],
  lines: readonly Line[],
  repeats: number,
  about: Pick<PeersResult, 'machine' | 'packages'>,
): PeersResult => {
  const measurements = currentOf(journal, runsOf(lines, repeats))
  return {
    ...about,
    settings: { repeats },
    seeds: seedsOf(lines, measurements, repeats),
    comparisons: compareAll(list, measurements, (job, peer) => variantOf(list.jobs[job]!, peer).key),
    measurements,
  }
}

/** The files that are written: the committed ones, or the one apart. */
export const writeTables = (result: PeersResult, committed: boolean, places: Places): string[] => {
  const file = committed ? places.results : places.apart
  writeFileSync(file, `${JSON.stringify(result, undefined, 1)}\n`)
  return [file, ...(committed && fillPage(places.page, PEERS, peersMarkdown(result)) ? [places.page] : [])]
}
