/** How much a model owes to each column, or factor, on rows that it was not trained on. */
import { came, checkPool, checkRun, isList } from '../kernels/checkInput.ts'
import type { Pool } from '../kernels/pool.ts'
import type { Matrix } from '../matrix/matrix.ts'
import { auc } from '../metrics/auc.ts'
import { aucFalls } from '../metrics/delong.ts'
import { studentQuantile } from '../metrics/studentQuantile.ts'
import { thisThread } from '../threads/openPool.ts'
import { interruptedError, usageError } from '../util/errors.ts'
import type { WorkOptions } from '../util/progress.ts'
import type { Random } from '../util/random.ts'
import { checkRandom } from './checkFit.ts'
import { checkFactors, checkNames, checkNumber, checkValues, countBad } from './checkOptions.ts'
import { marginOn } from './margin.ts'
import type { Model } from './model.ts'

/** The fall of AUC when one column, or all columns of a factor, are shuffled. */
export interface PermutedColumn {
  name: string
  /** mean over shuffles; may be below 0 by chance */
  drop: number
  /**
   * 95 % interval of the fall that other rows and other shuffles would show, the model being fixed: paired over persons, with
   * Student's t; NaN where one person has all rows of an outcome
   */
  low: number
  high: number
  /** standard deviation over shuffles; 0 for one */
  spread: number
}

/** How much worse a model ranks when columns are shuffled. */
export interface PermutationImportance {
  /** AUC with all columns as they are */
  auc: number
  repeats: number
  /** in the order of the columns of the matrix, or of the factors that have one */
  columns: PermutedColumn[]
}

export interface PermutationOptions extends WorkOptions {
  /** shuffles of each column; by default 5 */
  repeats?: number
  /** factors of the encoding, in its order: columns of one factor are shuffled together, and factors are listed */
  factors?: readonly { readonly name: string }[]
  /** person of each row, for the interval; absent: every row is a person */
  persons?: ArrayLike<string | number>
  /** where margins are computed; absent: this thread */
  pool?: Pool
}

/**
 * Permutation importance (Breiman 2001, doi:10.1023/A:1010933404324; Fisher, Rudin & Dominici 2019, arXiv:1801.01489): the fall of AUC
 * when the values of one column are dealt anew among the rows. Columns that say the same thing stand in for each other, so both
 * may fall little. It is `permutation_importance` of scikit-learn with `scoring="roc_auc"`, and an interval.
 *
 * @param x rows that the model was not trained on, in its encoding
 * @param target 1 = bad, 0 = good; both must be there, else every AUC is NaN
 * @param random shuffle k of column (factor) j draws from `random.fork('column', j).fork('shuffle', k)`
 * @throws GlasscoreError('usage') for what does not fit the rows, ('data') for a target of other numbers, ('interrupted') when the signal is raised
 */
export const permutationImportance = async (
  model: Model,
  x: Matrix,
  target: Uint8Array,
  random: Random,
  options: PermutationOptions = {},
): Promise<PermutationImportance> => {
  checkNames<PermutationOptions>(options, OPTIONS)
  const repeats = checkNumber('repeats', options.repeats ?? 5, { min: 1, max: 1000, whole: true })
  const { factors, persons, pool = thisThread(), progress, signal } = options
  checkPool(pool)
  checkRun(options)
  checkRandom(random)
  checkValues(x)
  countBad(target, x.rows)
  if (factors !== undefined) checkFactorsOf(x, factors)
  if (persons !== undefined) checkPersons(persons, x.rows)
  const sets = columnSets(x, factors)
  const shuffled: Matrix = { ...x, values: x.values.slice() }
  const whole = await marginOn(model, x, pool, { signal })
  const columns: PermutedColumn[] = []
  for (const [done, { name, key, members }] of sets.entries()) {
    const others: Float64Array[] = []
    for (let k = 0; k < repeats; k++) {
      if (signal?.aborted) throw interruptedError()
      const order = random
        .fork('column', key)
        .fork('shuffle', k)
        .shuffle(Int32Array.from({ length: x.rows }, (_, i) => i))
      for (const j of members) {
        const offset = j * x.rows
        for (let i = 0; i < x.rows; i++) shuffled.values[offset + i] = x.values[offset + order[i]!]!
      }
      others.push(await marginOn(model, shuffled, pool, { signal }))
    }
    for (const j of members) shuffled.values.set(x.values.subarray(j * x.rows, (j + 1) * x.rows), j * x.rows)
    columns.push({ name, ...summaryOf(aucFalls(whole, others, target, persons)) })
    progress?.('columns', done + 1, sets.length)
  }
  return { auc: auc(whole, target), repeats, columns }
}

const OPTIONS = { repeats: true, factors: true, persons: true, pool: true, progress: true, signal: true } as const

const checkFactorsOf = (x: Matrix, factors: NonNullable<PermutationOptions['factors']>): void => {
  checkFactors(factors)
  const column = x.columns.find(({ factor }) => !(factor in factors))
  if (column)
    throw usageError('a column of a factor that there is not', {
      column: column.name,
      option: 'factors',
      expected: `${column.factor + 1} or more, in the order of the encoding`,
      got: factors.length,
    })
}

const checkPersons = (persons: ArrayLike<string | number>, rows: number): void => {
  if (!isList(persons) || persons.length !== rows)
    throw usageError('persons and rows differ in number', {
      option: 'persons',
      expected: `${rows} texts or numbers, one for each row`,
      got: isList(persons) ? persons.length : came(persons),
    })
  for (let row = 0; row < rows; row++) {
    const person: unknown = persons[row]
    if (typeof person !== 'string' && !(typeof person === 'number' && !Number.isNaN(person)))
      throw usageError('a person without a name', {
        option: 'persons',
        row,
        expected: 'a text or a number',
        got: came(person),
      })
  }
}

/** What is shuffled together. */
const columnSets = (
  x: Matrix,
  factors: PermutationOptions['factors'],
): { name: string; key: number; members: number[] }[] => {
  if (!factors) return x.columns.map(({ name }, j) => ({ name, key: j, members: [j] }))
  return factors.flatMap(({ name }, key) => {
    const members = x.columns.flatMap(({ factor }, j) => (factor === key ? [j] : []))
    return members.length > 0 ? [{ name, key, members }] : []
  })
}

/** Rows and shuffles are drawn apart: their variances add up. */
const summaryOf = ({ falls, error, fewest }: ReturnType<typeof aucFalls>): Omit<PermutedColumn, 'name'> => {
  const drop = falls.reduce((a, b) => a + b, 0) / falls.length
  const squares = falls.reduce((sum, d) => sum + (d - drop) ** 2, 0)
  const spread = falls.length > 1 ? Math.sqrt(squares / (falls.length - 1)) : 0
  const reach = Math.sqrt(error ** 2 + spread ** 2 / falls.length) * studentQuantile(0.975, Math.max(1, fewest - 1))
  return { drop, low: drop - reach, high: drop + reach, spread }
}
