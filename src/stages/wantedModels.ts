import { usageError } from '../util/errors.ts'

/**
 * The models of a run that were asked for, in the order of the run; all where none was named.
 * @throws GlasscoreError('usage') for one that the run does not have
 */
export const wantedModels = (names: readonly string[], wanted: readonly string[] | undefined): string[] => {
  for (const name of wanted ?? [])
    if (!names.includes(name))
      throw usageError('the run has no such model', {
        option: 'model',
        expected: `one of ${names.join(', ')}`,
        got: name,
      })
  return names.filter((name) => !wanted?.length || wanted.includes(name))
}
