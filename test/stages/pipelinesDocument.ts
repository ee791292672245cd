/** The tables of docs/pipelines.md, made from the schema of pipeline files. Used by tests only. */
import { readFileSync } from 'node:fs'
import { type OptionShape, shapeText } from '../../src/stages/optionShape.ts'

/** For `toMatchFileSnapshot` in a folder of test/. */
export const PIPELINES = '../../docs/pipelines.md'
/** From here on the document is made; what stands before is written by hand. */
const MADE = '## Every key\n'

export const readDocument = (): string => readFileSync(new URL('../../docs/pipelines.md', import.meta.url), 'utf8')

const hasKeys = (shape: OptionShape): boolean => shape.properties !== undefined || shape.oneOf !== undefined
const heading = (path: string): string => `${path.split('.').length > 1 ? '####' : '###'} ${path}`
const anchor = (path: string): string =>
  `#${path
    .replaceAll('.', '')
    .replaceAll(/[^a-z0-9]+/gi, '-')
    .toLowerCase()}`

export const defaultText = (shape: OptionShape, needed: boolean): string => {
  if (needed) return 'needed'
  // The defaults of keys within stand with these.
  if (shape.properties) return '–'
  if (shape.default === undefined) return shape.byDefault === undefined ? '–' : String(shape.byDefault)
  return `\`${JSON.stringify(shape.default).replaceAll('"', '').replaceAll(/[:,]/g, '$& ')}\``
}

const line = (path: string, key: string, shape: OptionShape, needed: boolean): string => {
  const at = path === '' ? key : `${path}.${key}`
  const type =
    shape.const !== undefined ? `\`${shape.const}\`` : hasKeys(shape) ? `[keys](${anchor(at)})` : shapeText(shape)
  if (shape.description === undefined) throw new Error(`${at} has no description`)
  return `| \`${key}\` | ${[type, defaultText(shape, needed), shape.description].join(' | ')} |`
}

const table = (path: string, { properties = {}, required = [] }: OptionShape): string[] => [
  '| key | value | default | meaning |',
  '|---|---|---|---|',
  ...Object.entries(properties).map(([key, shape]) => line(path, key, shape, required.includes(key))),
  '',
]

/** One table for each set of keys, those that hang on a choice (kind, by) one after the other. */
const tables = (path: string, shape: OptionShape): string[] => [
  ...(path === '' ? [] : [heading(path), '']),
  ...(shape.oneOf ?? [shape]).flatMap((branch) => table(path, branch)),
  ...(shape.oneOf ?? [shape]).flatMap(({ properties = {} }) =>
    Object.entries(properties)
      .filter(([, inner]) => hasKeys(inner))
      .flatMap(([key, inner]) => tables(path === '' ? key : `${path}.${key}`, inner)),
  ),
]

/** The document with its tables made anew. @throws when a key has no description */
export const pipelinesDocument = (shape: OptionShape): string => {
  const [written] = readDocument().split(MADE)
  const made = [
    'Made from the schema that the files are checked with, by `test/stages/config.test.ts`. A key without a default may be left out unless it is',
    'needed; a default that is not set like `this` is not written to manifests. What is said of a file with a fault: [bad inputs](bad-inputs.md#pipeline-files).',
    '',
    ...tables('', shape),
  ]
  return `${written!.trimEnd()}\n\n${MADE}\n${made.join('\n').trimEnd()}\n`
}
