import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { usageError } from '../util/errors.ts'
import { type PeopleOptions, runOfModels } from './people.ts'

/**
 * The dataset folder with the events of the people: as said, or that which their factors are made from, or that of the run in which their
 * feature table lies.
 * @throws GlasscoreError('usage') where there is none
 */
export const eventsFolder = ({ data, features }: PeopleOptions, said?: string): string => {
  const run = features ? runOfModels([features]) : undefined
  const folder = said ?? data ?? (run && join(run, 'data'))
  if (folder && existsSync(join(folder, 'dataset.json'))) return folder
  throw usageError('a replay needs the events that the factors were made from', {
    option: 'data',
    expected: 'a dataset folder; without it the data of the run that the feature table lies in',
    ...(folder ? { file: folder } : {}),
  })
}
