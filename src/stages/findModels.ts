import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { modelError } from '../util/errors.ts'

/**
 * The model folders behind a path: the path itself when it holds model.json, else those in its models/ or train/models/.
 * @throws when there is none
 */
export const findModels = async (path: string): Promise<string[]> => {
  if (existsSync(join(path, 'model.json'))) return [path]
  for (const inner of ['models', 'train/models']) {
    const folder = join(path, inner)
    if (!existsSync(folder)) continue
    const names = (await readdir(folder)).sort().filter((name) => existsSync(join(folder, name, 'model.json')))
    if (names.length) return names.map((name) => join(folder, name))
  }
  throw modelError('no model here', {
    file: path,
    expected: 'a folder with model.json, or a run or training folder that holds models',
  })
}
