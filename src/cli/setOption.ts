/** Options of models on the command line: --set MODEL.OPTION=VALUE, the value as YAML. */
import { InvalidArgumentError } from 'commander'
import { parseDocument } from 'yaml'
import { GlasscoreError, type ModelName } from '../index.ts'

/** One --set as it was given. */
export interface ModelSetting {
  model: string
  /** names of an option and of keys within it */
  path: string[]
  value: unknown
}

const readSetting = (text: string): ModelSetting => {
  const [, names = '', given = ''] = /^([^=]+)=(.*)$/s.exec(text) ?? []
  const [model = '', ...path] = names.split('.').map((name) => name.trim())
  const document = parseDocument(given)
  const sound = path.length > 0 && [model, ...path].every((name) => name !== '' && name !== '__proto__')
  if (!sound || given.trim() === '' || document.errors.length > 0)
    throw new InvalidArgumentError('expected MODEL.OPTION=VALUE, for example boosting.learningRate=0.1.')
  return { model, path, value: document.toJS() as unknown }
}

/** For an option that may be given many times. */
export const collectSettings = (text: string, before: readonly ModelSetting[] = []): ModelSetting[] => [
  ...before,
  readSetting(text),
]

/**
 * Options by model; later ones take the place of earlier ones. Names and values are checked with the rest of the options.
 * @throws GlasscoreError('usage') for a model that is not trained
 */
export const settingsOf = (
  settings: readonly ModelSetting[],
  names: readonly ModelName[],
): Partial<Record<ModelName, Record<string, unknown>>> => {
  const out: Partial<Record<ModelName, Record<string, unknown>>> = {}
  for (const { model, path, value } of settings) {
    const name = names.find((n) => n === model)
    if (!name)
      throw new GlasscoreError('usage', 'this model is not trained', {
        option: `set ${[model, ...path].join('.')}`,
        expected: `an option of ${names.join(', ')}`,
        got: model,
        hint: 'name it in --models',
      })
    out[name] ??= {}
    let at = out[name]
    for (const key of path.slice(0, -1)) {
      const inner = Object.hasOwn(at, key) ? at[key] : undefined
      const next: Record<string, unknown> = inner !== null && typeof inner === 'object' ? { ...inner } : {}
      at[key] = next
      at = next
    }
    at[path.at(-1)!] = value
  }
  return out
}
