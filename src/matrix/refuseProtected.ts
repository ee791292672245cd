import type { FactorSpec } from '../schema/factor.ts'
import { dataError } from '../util/errors.ts'

const plain = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]/g, '')

/**
 * A protected attribute is never an input of a score: a factor that bears the name of a protected column is refused,
 * whatever its letter case or punctuation.
 */
export const refuseProtected = (factors: readonly FactorSpec[], protectedColumns: readonly string[]): void => {
  const names = new Map(protectedColumns.map((name) => [plain(name), name]))
  for (const factor of factors) {
    const match = names.get(plain(factor.name))
    if (match !== undefined)
      throw dataError('a protected attribute cannot be an input of a score', {
        column: factor.name,
        expected: `"${match}" among the groups that audits read, not among the factors`,
      })
  }
}
