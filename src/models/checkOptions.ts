/** What every learner asks of its options and its training rows. */
import { came, checkArray, checkOptionNames, checkRecord, checkWhole, isRecord } from '../kernels/checkInput.ts'
import type { Matrix } from '../matrix/matrix.ts'
import { dataError, usageError } from '../util/errors.ts'
import { nameHint } from '../util/nearestName.ts'

export interface NumberRule {
  min?: number
  /** the value must be greater than this */
  above?: number
  max?: number
  whole?: boolean
}

const describe = ({ min, above, max, whole }: NumberRule): string => {
  const bounds = [
    min !== undefined && `of ${min} or more`,
    above !== undefined && `above ${above}`,
    max !== undefined && `up to ${max}`,
  ].filter(Boolean)
  return [`a ${whole ? 'whole ' : ''}number`, ...bounds].join(' ')
}

/** @throws when the option is not a number within the rule; Infinity passes where no max is set */
export const checkNumber = (option: string, value: unknown, rule: NumberRule): number => {
  const { min = Number.NEGATIVE_INFINITY, above = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = rule
  const right = typeof value === 'number' && value >= min && (value > above || rule.above === undefined) && value <= max
  if (!right || (rule.whole && value !== Number.POSITIVE_INFINITY && !Number.isInteger(value)))
    throw usageError('invalid option of a learner', { option, expected: describe(rule), got: value })
  return value
}

/** @throws when the option is not one of the listed values */
export const checkChoice = <T extends string>(option: string, value: unknown, choices: readonly T[]): T => {
  const found = choices.find((choice) => choice === value)
  if (found === undefined)
    throw usageError('invalid option of a learner', { option, expected: `one of ${choices.join(', ')}`, got: value })
  return found
}

/** @throws when the option is neither true nor false */
export const checkFlag = (option: string, value: unknown): boolean => {
  if (typeof value !== 'boolean')
    throw usageError('invalid option of a learner', { option, expected: 'true or false', got: value })
  return value
}

/**
 * @param names every option there is
 * @param prefix of the names in a message
 * @throws for options that are no object, and for one that there is not: scripts without types would train something else than was
 *   asked for
 */
export const checkNames = <T extends object>(options: T, names: Record<keyof T, true>, prefix = ''): void =>
  checkOptionNames(options, names, nameHint, prefix)

/** @throws unless they are a list of factors, each with its name */
export const checkFactors = (factors: readonly { readonly name: string }[]): void => {
  if (
    !Array.isArray(factors) ||
    factors.some((factor: unknown) => !isRecord(factor) || typeof factor['name'] !== 'string')
  )
    throw usageError('these are no factors', {
      option: 'factors',
      expected: 'the factors, each with its name, in the order of the encoding',
      got: came(factors),
    })
}

/** @throws unless it has rows, columns and values, whatever their number */
export const checkMatrix = (x: Matrix): void => {
  checkRecord('x', x, 'a matrix: rows, columns and values')
  checkWhole('x.rows', x.rows)
  if (!Array.isArray(x.columns))
    throw usageError('the columns of the matrix are no list', {
      option: 'x.columns',
      expected: 'a list of columns, each with its name and role',
      got: came(x.columns),
    })
  checkArray('x.values', x.values, 'Float64Array')
}

/** @throws when values are not there: a matrix that has bins alone can be trained on by forest and boosting, and explained by its bins */
export const checkValues = (x: Matrix): void => {
  checkMatrix(x)
  if (x.values.length !== x.rows * x.columns.length)
    throw usageError('the matrix does not hold its values', {
      expected: `${x.rows} x ${x.columns.length} numbers`,
      got: x.values.length,
      hint: 'a matrix of bins alone is for forest and boosting, with the option bins',
    })
}

/**
 * Number of bad rows.
 * @throws unless there is 0 or 1 for each of the rows
 */
export const countBad = (target: Uint8Array, rows: number): number => {
  checkArray('target', target, 'Uint8Array')
  if (target.length !== rows)
    throw usageError('target and matrix differ in length', { expected: `${rows} rows`, got: target.length })
  let bad = 0
  for (let i = 0; i < target.length; i++) {
    if (target[i]! > 1)
      throw dataError('the target holds another number than 0 and 1', {
        row: i,
        expected: '1 = bad, 0 = good',
        got: target[i]!,
      })
    bad += target[i]!
  }
  return bad
}

/**
 * Number of bad rows.
 * @param binned whether bins stand for the values
 * @throws unless both outcomes are there, one a row of x
 */
export const checkTarget = (x: Matrix, target: Uint8Array, binned = false): number => {
  if (binned) checkMatrix(x)
  else checkValues(x)
  const bad = countBad(target, x.rows)
  if (bad === 0 || bad === x.rows)
    throw dataError('a model cannot be trained on one outcome alone', {
      expected: 'good and bad rows',
      got: `${x.rows - bad} good, ${bad} bad`,
    })
  return bad
}

/** @throws on a missing or infinite value: a linear encoding holds none */
export const checkFinite = (x: Matrix): void => {
  for (let k = 0; k < x.values.length; k++) {
    if (!Number.isFinite(x.values[k]!))
      throw dataError('a linear model reads finite numbers only', {
        row: k % x.rows,
        column: x.columns[Math.floor(k / x.rows)]!.name,
        expected: 'a finite number',
        got: x.values[k]!,
      })
  }
}
