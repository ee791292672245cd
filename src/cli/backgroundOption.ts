/** Options of backgrounds on the command line: --background TEXT, once for each, with their rows and where these come from. */
import type { Command } from 'commander'
import { type BackgroundChoice, type BackgroundOptions, parseBackground } from '../index.ts'
import { wholeNumber } from './common.ts'

export interface BackgroundFlags {
  background?: BackgroundChoice[]
  backgroundRows?: number
  backgroundFeatures?: string
}

const collect = (text: string, before: readonly BackgroundChoice[] = []): BackgroundChoice[] => [
  ...before,
  parseBackground(text),
]

/** Adds the options to a command. */
export const backgroundOptions = (command: Command): Command =>
  command
    .option(
      '--background <rows>',
      'what points are measured from: own (what the model brings, the default), all, near-cutoff or near-cutoff=600, group=COLUMN:LEVEL, period=2024-01-01..2024-06-30; may be given several times',
      collect,
    )
    .option(
      '--background-rows <n>',
      'rows drawn of each background, by the seed (default: all of them)',
      wholeNumber('background-rows', 1),
    )
    .option(
      '--background-features <folder>',
      'feature-table folder that the rows are taken from (default: the one that is explained)',
    )

/** As options of a stage. */
export const backgroundsOf = (flags: BackgroundFlags): BackgroundOptions => ({
  ...(flags.background ? { backgrounds: flags.background } : {}),
  ...(flags.backgroundRows !== undefined ? { backgroundRows: flags.backgroundRows } : {}),
  ...(flags.backgroundFeatures !== undefined ? { backgroundFeatures: flags.backgroundFeatures } : {}),
})
