/** The options of the benchmark, checked before anything is measured. */
import { parseArgs } from 'node:util'
import { WrongOption } from '../compute/options.ts'
import { type By, jobsOf, MODELS, methodName, ROWS } from './jobs.ts'

export const USAGE = `npx tsx bench/attributions/run.ts

  --jobs a,b       only these models, ways (ours-path, woodelf-10000, ...) or both, as MODEL/WAY
  --peers x,y      only these peers beside ours: lightgbm, woodelf, shap; none for ours alone
  --repeats n      how often each is measured
  --limit s        seconds for one measurement
  --uncut x,y      these do all rows and trees, however long that takes: ours, lightgbm, woodelf, shap
  --rows n         a trial on fewer rows
  --tables         measure nothing: the tables of results.json`

export interface Options {
  jobs: ReturnType<typeof jobsOf>
  /** of the whole job */
  rows: number
  /** whether everything is measured, on all rows */
  whole: boolean
  repeats: number
  limit: number
  tables: boolean
}

const PEERS: readonly By[] = ['lightgbm', 'woodelf', 'shap']

const whole = (name: string, text: string, most: number): number => {
  const value = Number(text)
  if (!/^\d+$/.test(text) || value < 1 || value > most)
    throw new WrongOption(`--${name} takes a whole number from 1 to ${most}; got "${text}"`)
  return value
}

const checkNames = (names: readonly string[], known: readonly string[]): void => {
  for (const name of names)
    if (!known.includes(name)) throw new WrongOption(`there is no peer "${name}"; there are ${known.join(', ')}`)
}

/** @throws WrongOption */
export const readOptions = (args: readonly string[]): Options => {
  const options = {
    jobs: { type: 'string' },
    peers: { type: 'string' },
    repeats: { type: 'string', default: '1' },
    limit: { type: 'string', default: '600' },
    uncut: { type: 'string' },
    rows: { type: 'string', default: String(ROWS) },
    tables: { type: 'boolean', default: false },
  } as const
  let given: ReturnType<typeof parseArgs<{ args: string[]; options: typeof options }>>['values']
  try {
    given = parseArgs({ args: [...args], options }).values
  } catch (error) {
    throw new WrongOption((error as Error).message.split('. ')[0]!)
  }
  const rows = whole('rows', given.rows, ROWS)
  const uncut = given.uncut?.split(',') ?? []
  checkNames(uncut, ['ours', ...PEERS])
  const all = jobsOf(rows, uncut)
  const names = all.flatMap(({ model, name }) => [model, name, `${model}/${name}`])
  const asked = given.jobs?.split(',')
  for (const name of asked ?? [])
    if (!names.includes(name))
      throw new WrongOption(
        `there is no job "${name}"; there are the models ${MODELS.join(', ')} and the ways ${[...new Set(all.map((job) => methodName(job.method)))].join(', ')}`,
      )
  const peers = given.peers === 'none' ? [] : (given.peers?.split(',') ?? PEERS)
  checkNames(peers, PEERS)
  const jobs = all.filter(
    ({ model, name, method }) =>
      (!asked || [model, name, `${model}/${name}`].some((n) => asked.includes(n))) &&
      (method.by === 'ours' || peers.includes(method.by)),
  )
  if (jobs.length === 0) throw new WrongOption('--jobs and --peers leave nothing to measure')
  return {
    jobs,
    rows,
    whole: jobs.length === all.length && rows === ROWS,
    repeats: whole('repeats', given.repeats, 100),
    limit: whole('limit', given.limit, 86_400),
    tables: given.tables,
  }
}
