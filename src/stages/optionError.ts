/** A fault that a schema finds in options, in the words of whoever wrote them. */
import type { z } from 'zod'
import { type GlasscoreError, usageError } from '../util/errors.ts'
import { nameHint } from '../util/nearestName.ts'
import { keysAt, optionShape, shapeAt, shapeText, valueIn } from './optionShape.ts'

/**
 * The error of one issue: the option by its path, what it may be, what came.
 * @param value what the schema was given
 * @param file the file that the options come from
 */
export const optionError = (
  schema: z.ZodType,
  issue: z.core.$ZodIssue,
  value: unknown,
  file?: string,
): GlasscoreError => {
  const shape = optionShape(schema)
  const { path } = issue
  const place = (keys: readonly PropertyKey[]) => ({
    ...(file ? { file } : {}),
    ...(keys.length > 0 ? { option: keys.map(String).join('.') } : {}),
  })
  if (issue.code === 'unrecognized_keys') {
    const [key] = issue.keys as [string]
    return usageError('there is no such option', {
      ...place([...path, key]),
      hint: nameHint(key, keysAt(shape, value, path)),
    })
  }
  const given = valueIn(value, path)
  const said = issue.code === 'custom' ? (issue.params?.['expected'] as string | undefined) : undefined
  const expected = said ?? shapeText(shapeAt(shape, value, path))
  if (given === undefined && path.length > 0) return usageError('not given', { ...place(path), expected })
  return usageError(path.length > 0 ? 'invalid value' : 'no keys', { ...place(path), expected, got: given })
}
