/** What to do with what was just made: commands to copy, with its own paths in them. */
import type { FeatureTable } from '../index.ts'
import { printable } from '../util/errors.ts'
import { print } from './common.ts'

/** A path as a shell takes it. */
const quoted = (path: string): string =>
  /^[\w./:\\-]+$/.test(path) ? path : `'${printable(path).replaceAll("'", `'\\''`)}'`

const printNext = (commands: readonly (readonly [what: string, ...words: string[]])[]): void => {
  for (const [what, ...words] of commands) print(`next: glasscore ${words.join(' ')}   # ${what}`)
}

/** Whether rows of a feature table have outcomes to learn from. */
export const isLabeled = ({ waterfall }: Pick<FeatureTable, 'waterfall'>): boolean =>
  ['good', 'bad'].every((status) => waterfall.some(({ step, rows }) => step === status && rows > 0))

/** After canonical tables. */
export const nextAfterTables = (folder: string): void =>
  printNext([['the 70 factors', 'features', quoted(folder), '--out', 'FACTORS']])

/**
 * After a feature table.
 * @param labeled whether its rows have outcomes to learn from
 * @param mapping the mapping file that it was read by
 */
export const nextAfterFeatures = (folder: string, labeled: boolean, mapping?: string): void => {
  if (!labeled) {
    printNext([['models that are there', 'score', 'MODELS', '--features', quoted(folder), '--out', 'SCORES']])
    return
  }
  printNext([
    ['models and figures', 'train', quoted(folder), '--out', 'MODELS'],
    [
      mapping === undefined
        ? 'all at once, with a report; a pipeline file has few lines: docs/pipelines.md'
        : `all at once, with a report; a pipeline file has few lines, source: { kind: mapping, mapping: ${printable(mapping)} }: docs/pipelines.md`,
      'run',
      'PIPELINE.yaml',
    ],
  ])
}

/**
 * After a training that kept its models.
 * @param wide whether it was on a wide table, which is not compared
 */
export const nextAfterTraining = (folder: string, features: string, wide: boolean): void => {
  const explain = ['explain', quoted(folder), '--features', quoted(features), '--out'] as const
  if (wide) {
    printNext([['attributions of every row, by factor and dimension', ...explain, 'ATTRIBUTIONS']])
    return
  }
  printNext([
    ['which model is better', 'compare', quoted(folder), '--features', quoted(features), '--baselines'],
    ['a receipt for every score', ...explain, 'RECEIPTS'],
  ])
}
